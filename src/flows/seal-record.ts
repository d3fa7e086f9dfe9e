import { join } from 'node:path';
import { TrainlockError } from '#base';
import type { Settings } from '#config';
import { RUN_FILES } from '#store';
import type { EnteredLeaves } from './enter-leaves.ts';
import { chosenKey, openStatementKey, signRecord, type SignedRecord } from './sign-record.ts';

/** What became of the signature of a finished record. */
export type Sealed =
  | ({
      readonly kind: 'signed';
      /** The key was made for this. */ readonly madeKey: boolean;
      /** What became of its leaf; absent if no log is kept. */ readonly logged?: EnteredLeaves;
    } & SignedRecord)
  /** The record is whole and has no signature; `fix` completes it. */
  | { readonly kind: 'unsigned'; readonly because: string; readonly fix: string }
  | { readonly kind: 'off' };

/** A log that another process holds longer is left for later: nobody waits for it at the end of a run. Unit: ms. */
const LOG_WAIT_MS = 1000;

export type SealRequest = {
  /** Folder of the run. */
  readonly folder: string;
  readonly runId: string;
  /** Folder of the store. */
  readonly storeRoot: string;
  readonly settings: Pick<Settings, 'signing' | 'key' | 'timeAuthorities' | 'alsoSign' | 'log'>;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Signs a record that has just been finished. Never throws and never asks: whatever stands in the way is told, and the record stays
 * as it is, to be completed by `trainlock sign`.
 */
export const sealRecord = async ({ folder, runId, storeRoot, settings, env }: SealRequest): Promise<Sealed> => {
  if (settings.signing.value === 'off') return { kind: 'off' };
  try {
    const { signer, made } = await openStatementKey({ ...chosenKey(settings.key), env, mayAsk: false });
    const statementPath = join(folder, RUN_FILES.statement);
    const signed = await signRecord({
      statementPath,
      signer,
      timeAuthorities: settings.timeAuthorities.value,
      also: settings.alsoSign.value,
      log: settings.log.value === 'auto',
      now: new Date().toISOString(),
    });
    if (settings.log.value === 'off') return { kind: 'signed', madeKey: made, ...signed };
    const { enterLeaves } = await import('./enter-leaves.ts');
    return { kind: 'signed', madeKey: made, ...signed, logged: await enterLeaves({ statementPaths: [statementPath], storeRoot, env, waitMs: LOG_WAIT_MS }) };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const fix = error instanceof TrainlockError && error.fix !== undefined ? `${error.fix}   # then: trainlock sign ${runId.slice(0, 8)}` : `trainlock sign ${runId.slice(0, 8)}`;
    return { kind: 'unsigned', because, fix };
  }
};
