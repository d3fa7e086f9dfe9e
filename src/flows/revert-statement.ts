/** A person takes an amendment, a deprecation or a deployment back: a further statement; what is taken back stays. */
import { escapeControl, TrainlockError } from '#base';
import type { HistoryDocument } from '#history';
import { type FiledHistory, historyHere, type HistoryHere } from './life/filed-history.ts';
import { openSpeaker, say, type Said, type SayOptions } from './life/say.ts';

export type RevertOptions = SayOptions & {
  /** First letters of the digest of the statement, 6 or more. */
  readonly digest: string;
  readonly reason: string;
};

export type Reverted = Said & { readonly of: { readonly kind: 'amendment' | 'deprecation' | 'deployment'; readonly sha256: string; readonly person: string } };

/** Throws TL0001 where nothing that counts has the digest, or it was taken back already; TL1501 where the word would not count; TL1101 to TL1106, TL0003. */
export const revertStatement = async (options: RevertOptions): Promise<Reverted> => {
  const here = await historyHere(options);
  const of = oneOf(here.filed, options.digest);
  refuseSecond(here, of.sha256);
  const speaker = await openSpeaker(options);
  const reversion: HistoryDocument = {
    kind: 'reversion',
    reversion: { of: { kind: of.kind, sha256: of.sha256 }, person: speaker.person, reason: options.reason, revertedAt: new Date().toISOString() },
  };
  return { ...(await say(reversion, speaker, options)), of };
};

const notFound = (message: string, fix = 'trainlock history'): TrainlockError => new TrainlockError('TL0001', message, { fix });

/** The one document that a person means. */
const oneOf = (filed: readonly FiledHistory[], digest: string): Reverted['of'] => {
  const shown = escapeControl(digest.slice(0, 80));
  const letters = /^[0-9a-f]{6,64}$/.test(digest) ? digest : undefined;
  const [one, ...more] = filed.filter(({ judged }) => letters !== undefined && judged.sha256?.startsWith(letters) === true);
  if (one === undefined) throw notFound(`there is no amendment, deprecation or deployment ${shown}`);
  if (more.length > 0) throw notFound(`more than one statement begins with ${shown}`);
  const { judged } = one;
  if (judged.kind !== 'signed') throw notFound(`${shown} does not count, so there is nothing to take back: ${judged.because}`);
  switch (judged.document.kind) {
    case 'amendment':
    case 'deprecation':
    case 'deployment':
      return { kind: judged.document.kind, sha256: judged.sha256, person: judged.by.person };
    case 'promotion':
      throw notFound(
        `${shown} is a promotion: a run is brought back by a new one`,
        `trainlock promote --back --to ${escapeControl(judged.document.promotion.environment)} --reason "…"`,
      );
    case 'remediation':
      throw notFound(`${shown} says what was mended, and what was done stays done`);
    case 'reversion':
      throw notFound(`${shown} takes something back already; say that anew which was taken back`);
  }
};

const refuseSecond = ({ counted }: HistoryHere, sha256: string): void => {
  const there = counted.reversions.find(({ reversion }) => reversion.of.sha256 === sha256);
  if (there !== undefined) throw notFound(`it was taken back already, by ${escapeControl(there.person)}: ${escapeControl(there.reversion.reason)}`);
};
