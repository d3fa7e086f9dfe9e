/** Signs a verification summary and writes it as a bare envelope. */
import { TrainlockError } from '#base';
import type { Settings } from '#config';
import { nodeCrypto, writeAtomic } from '#files';
import { signStatement } from '#keys';
import { writeEnvelope } from '#seal';
import { type VerificationSummary, verificationSummary } from '#statements';
import { chosenKey, openStatementKey } from './sign-record.ts';

export type SummaryPlace = {
  /** Absolute path of the file to write. */
  readonly path: string;
  readonly settings: Pick<Settings, 'key'>;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Throws TL0701 for what a summary cannot say, TL1101 to TL1106 for the key, TL0003. */
export const writeSummary = async (summary: VerificationSummary, { path, settings, env }: SummaryPlace): Promise<void> => {
  const built = verificationSummary(summary, nodeCrypto);
  if (built.kind === 'rejected') throw noSummary(built.problems[0]?.message ?? 'it cannot be said');
  const { signer } = await openStatementKey({ ...chosenKey(settings.key), env, mayAsk: true });
  await writeAtomic(path, writeEnvelope(await signStatement(signer, built.value, nodeCrypto)));
};

/** An undecided answer has no summary: SLSA knows no third result. */
export const noSummary = (because: string): TrainlockError =>
  new TrainlockError('TL0701', `no verification summary is written: ${because}`, { fix: 'ask a question that can be answered here: trainlock verify --help' });
