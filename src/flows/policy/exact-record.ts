import { toHex, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { readStatement } from '#manifest';
import { type RunRecord, sealsOf, type Store } from '#store';
import type { ComparedRecord } from './decide-change.ts';

/** A record by its bytes: read once, so that everything that is said of it is said of the same bytes. */
export type ExactRecord = ComparedRecord & {
  readonly run: RunRecord;
  /** Of these bytes; whatever an index or a name says. */
  readonly sha256: string;
};

/** Throws TL0202, TL0303 or TL0304 for a record that cannot be read. */
export const exactRecord = async (run: RunRecord): Promise<ExactRecord> => {
  const statement = await run.statement();
  const reading = readStatement(statement);
  // The run says best what is wrong with it.
  if (reading.kind !== 'accepted') throw await run.manifest().then(changedMeanwhile(run), (error: unknown) => error);
  return { run, statement, manifest: reading.value.manifest, sha256: toHex(nodeCrypto.sha256(statement)), bundles: (await sealsOf(run.statementPath)).map(({ bytes }) => bytes) };
};

const changedMeanwhile =
  ({ statementPath }: RunRecord) =>
  (): TrainlockError =>
    new TrainlockError('TL0304', 'the record changed while it was being read', { where: statementPath });

/** The record with exactly this digest: no name, and nothing that an index says, leads to another one. Throws TL0301, and like exactRecord. */
export const recordWithDigest = async (store: Store, sha256: string): Promise<ExactRecord> => {
  for (const run of (await store.runs()).filter(({ manifestSha256 }) => manifestSha256 === sha256)) {
    const record = await exactRecord(run);
    if (record.sha256 === sha256) return record;
  }
  throw new TrainlockError('TL0301', `the record with the digest ${sha256.slice(0, 12)}… is not here`, {
    fix: 'bring it back: git keeps records under .trainlock/kept (trainlock keep)',
  });
};
