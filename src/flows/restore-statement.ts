import { toHex, TrainlockError, valueAt } from '#base';
import { nodeCrypto } from '#files';
import { checkDocument } from '#manifest';
import { readBundle } from '#seal';
import { predicateOf, RUN_FILES, type RunRecord, sealsOf, shortId, type Store, type StoredSeal } from '#store';
import type { CompletedRecord } from './complete-record.ts';

/**
 * Brings a lost statement back from the bundle that signs it: a run that was signed had a finished record, and must not get another one.
 * Undefined only if nothing signed lies beside the run. Throws TL0304 if what lies there gives no record of this run; TL0202 for a record of
 * a later schema, whose bytes are brought back first where they name this run; TL0002 and TL0003.
 */
export const restoreStatement = async (store: Store, run: RunRecord): Promise<CompletedRecord | undefined> => {
  const seals = await sealsOf(run.statementPath);
  if (seals.length === 0) return undefined;
  const { path, payload } = signedRecord(run, seals);
  const checked = checkDocument(payload);
  const predicate = predicateOf(payload);
  if (checked.kind === 'invalid' || checked.form !== 'statement') throw notRestored(run, path, 'what it signs is not the record of a run');
  const id = checked.kind === 'valid' ? checked.manifest.run.id : valueAt(predicate, '/run/id');
  if (checked.kind === 'valid' && id !== run.id) throw notRestored(run, path, 'what it signs is the record of another run');
  if (id === run.id) await store.finishRun(run.folder, { statement: payload, predicate });
  if (checked.kind === 'valid') return { manifest: checked.manifest, sha256: toHex(nodeCrypto.sha256(payload)) };
  throw new TrainlockError('TL0202', `the record of the run ${shortId(run.id)} has schema version ${checked.schemaVersion}`, {
    where: path,
    notes: [
      id === run.id ? `${RUN_FILES.statement} was brought back from its signature as it was` : 'the run has no other record, and gets none beside it',
      ...checked.problems.map(({ message }) => message),
    ],
    fix: 'use a newer trainlock',
  });
};

/** The signature in its place, else the first further one over a record of a run. */
const signedRecord = (run: RunRecord, seals: readonly StoredSeal[]): { readonly path: string; readonly payload: Uint8Array } => {
  const read = seals.map(({ path, bytes, isFurther }) => ({ path, isFurther, payload: payloadOf(bytes) }));
  const chosen = read.find(({ isFurther, payload }) => !isFurther || (payload !== undefined && checkDocument(payload).kind !== 'invalid')) ?? read[0]!;
  if (chosen.payload === undefined) throw notRestored(run, chosen.path, 'it cannot be read as a signature over a statement');
  return { path: chosen.path, payload: chosen.payload };
};

const payloadOf = (bundle: Uint8Array): Uint8Array | undefined => {
  const read = readBundle(bundle);
  return read.kind === 'accepted' && read.value.content.kind === 'dsse' ? read.value.content.payload : undefined;
};

const notRestored = (run: RunRecord, path: string, because: string): TrainlockError =>
  new TrainlockError('TL0304', `the run ${shortId(run.id)} was signed, and its record cannot be brought back from the signature: ${because}`, {
    where: path,
    notes: ['a run that was signed had a finished record; it gets no second one'],
    fix: `restore ${RUN_FILES.statement} from a copy`,
  });
