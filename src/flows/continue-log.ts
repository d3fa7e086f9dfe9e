/** Opens a new log of this machine that begins with the old one. */
import { TrainlockError } from '#base';
import { nodeVerifySignature } from '#keys';
import { openLogbook } from '#logbook';
import { writeVerifierKey } from '#tlog';

export type ContinueRequest = { readonly env: Readonly<Record<string, string | undefined>>; /** Words of a person; they go into the log. */ readonly reason?: string };

export type ContinuedLog = {
  readonly before: { readonly origin: string; readonly size: number };
  readonly origin: string;
  readonly vkey: string;
  readonly folder: string;
};

/** Throws TL1401 if there is no log to go on from, or another process writes. */
export const continueMachineLog = async ({ env, reason }: ContinueRequest): Promise<ContinuedLog> => {
  const logbook = openLogbook({ env, verify: nodeVerifySignature });
  const continued = await logbook.continueLog(reason);
  if (continued.kind === 'busy') throw new TrainlockError('TL1401', `the log is busy: ${continued.because}`, { where: logbook.places.lock, fix: 'trainlock log continue' });
  const { before, head, folder } = continued;
  return { before: { origin: before.checkpoint.origin, size: before.checkpoint.size }, origin: head.checkpoint.origin, vkey: writeVerifierKey(head.key), folder };
};
