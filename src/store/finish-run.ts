import { join } from 'node:path';
import { compareBytes, TrainlockError, utf8 } from '#base';
import { readBounded, writeAtomic, writeOnce } from '#files';
import { RUN_FILES, type RunFolder } from './store-layout.ts';

/** Largest statement that is read. Unit: byte. */
export const MAX_STATEMENT = 16 * 1024 * 1024;

/** A statement in its exact bytes, and its predicate, from which the readable view is made. */
export type FinishedRecord = { readonly statement: Uint8Array; readonly predicate: unknown };

/**
 * Saves the finished record: the readable view first, then the statement, whose appearance is what makes a run finished. A
 * finished record is never replaced: TL0305, unless the bytes are the same. Throws TL0003 if it cannot be written; then the run is
 * as unfinished as before.
 */
export const finishRun = async (folder: RunFolder, record: FinishedRecord): Promise<void> => {
  if (record.statement.length > MAX_STATEMENT) {
    throw new TrainlockError('TL0304', `the statement has ${record.statement.length} bytes; at most ${MAX_STATEMENT} can be read again`, {
      where: folder.path,
      fix: 'declare data folders in trainlock.yaml, so that their files are listed outside the manifest',
    });
  }
  const path = join(folder.path, RUN_FILES.statement);
  const finished = await readBounded(path, MAX_STATEMENT).catch(() => undefined);
  if (finished === undefined) {
    await writeAtomic(join(folder.path, RUN_FILES.manifest), utf8(`${JSON.stringify(record.predicate, null, 2)}\n`), 0o600);
    if (await writeOnce(path, record.statement, 0o600)) return;
  }
  const other = finished ?? (await readBounded(path, MAX_STATEMENT));
  if (compareBytes(other, record.statement) === 0) return;
  throw new TrainlockError('TL0305', `the run ${folder.name} has a finished record already; records are never changed`, { where: path, fix: 'trainlock show last' });
};

/** Saves a piece of evidence beside the record, for its owner alone. The name must be a plain file name. Throws TL0003. */
export const writeEvidence = async (folder: RunFolder, name: string, bytes: Uint8Array): Promise<void> => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) throw new TypeError(`not a plain file name: ${name}`);
  await writeAtomic(join(folder.path, 'evidence', name), bytes, 0o600);
};
