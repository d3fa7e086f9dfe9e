import { join } from 'node:path';
import { TrainlockError } from '#base';
import type { Settings } from '#config';
import { RUN_FILES } from '#store';
import { openStatementKey, signRecord, type SignedRecord } from './sign-record.ts';

/** What became of the signature of a finished record. */
export type Sealed =
  | ({ readonly kind: 'signed'; /** The key was made for this. */ readonly madeKey: boolean } & SignedRecord)
  /** The record is whole and has no signature; `fix` completes it. */
  | { readonly kind: 'unsigned'; readonly because: string; readonly fix: string }
  | { readonly kind: 'off' };

export type SealRequest = {
  /** Folder of the run. */
  readonly folder: string;
  readonly runId: string;
  readonly settings: Pick<Settings, 'signing' | 'key' | 'timeAuthorities' | 'alsoSign' | 'log'>;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * Signs a record that has just been finished. Never throws and never asks: whatever stands in the way is told, and the record stays
 * as it is, to be completed by `trainlock sign`.
 */
export const sealRecord = async ({ folder, runId, settings, env }: SealRequest): Promise<Sealed> => {
  if (settings.signing.value === 'off') return { kind: 'off' };
  try {
    const { signer, made } = await openStatementKey({ key: settings.key.value, env, mayAsk: false });
    const signed = await signRecord({
      statementPath: join(folder, RUN_FILES.statement),
      signer,
      timeAuthorities: settings.timeAuthorities.value,
      also: settings.alsoSign.value,
      log: settings.log.value === 'auto',
      now: new Date().toISOString(),
    });
    return { kind: 'signed', madeKey: made, ...signed };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const fix = error instanceof TrainlockError && error.fix !== undefined ? `${error.fix}   # then: trainlock sign ${runId.slice(0, 8)}` : `trainlock sign ${runId.slice(0, 8)}`;
    return { kind: 'unsigned', because, fix };
  }
};
