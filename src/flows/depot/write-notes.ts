import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareBytes, TrainlockError } from '#base';
import { makeFolder, notWritable, readBoundedIfThere, writeAtomic, writeOnce } from '#files';
import { type DeliveredRecord, MAX_DELIVERY, readDelivery, writeDelivery } from '#manifest';
import { modelMarks, modelNote, recordNote } from './depot-layout.ts';

/**
 * Notes of which bytes a record consists; false if that was noted already. What others brought for it stays: another machine may have a proof
 * that this one lacks. Throws TL0804 for a note that cannot be read, TL0003.
 */
export const noteRecord = async (folder: string, { manifestSha256, files }: DeliveredRecord): Promise<boolean> => {
  const path = join(folder, recordNote(manifestSha256));
  const names = new Set(files.map(({ name }) => name));
  const before = (await noteAt(path))?.find((one) => one.manifestSha256 === manifestSha256)?.files ?? [];
  const all = [...before.filter(({ name }) => !names.has(name)), ...files].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return write(path, [{ manifestSha256, files: all }]);
};

/** Others may add to the same note all the time. */
const TRIES = 100;

/**
 * Notes that a record wrote a file with these bytes; false if that was noted already. Each adds a mark of its own first and looks at the marks
 * again when it has written: whoever writes last has seen those of all. Throws as noteRecord.
 */
export const noteModel = async (folder: string, model: string, manifestSha256: string): Promise<boolean> => {
  const path = join(folder, modelNote(model));
  const marks = join(folder, modelMarks(model));
  await madeFolder(marks);
  await writeOnce(join(marks, manifestSha256), new Uint8Array(0));
  let isNew = false;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const marked = (await readdir(marks)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const notes = await Promise.all(marked.map((sha256) => noteAt(join(folder, recordNote(sha256)))));
    if (
      !(await write(
        path,
        notes.flat().filter((one) => one !== undefined),
      ))
    )
      return isNew;
    isNew = true;
  }
  throw new TrainlockError('TL0003', 'the note of a model is being written by others all the time', { where: path, fix: 'run the same command again' });
};

const noteAt = async (path: string): Promise<readonly DeliveredRecord[] | undefined> => {
  const bytes = await readBoundedIfThere(path, MAX_DELIVERY);
  if (bytes === undefined) return undefined;
  const reading = readDelivery(bytes);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL0804', 'the note that is there cannot be read', { where: path, fix: 'remove it, and keep that record again' });
};

/** False if these bytes were there. */
const write = async (path: string, records: readonly DeliveredRecord[]): Promise<boolean> => {
  const bytes = writeDelivery(records);
  const there = await readBoundedIfThere(path, MAX_DELIVERY);
  if (there !== undefined && compareBytes(there, bytes) === 0) return false;
  if (bytes.length > MAX_DELIVERY)
    throw new TrainlockError('TL0003', 'more records wrote these bytes than a note can name', { where: path, fix: 'keep fewer of them in this depot' });
  await madeFolder(dirname(path));
  await writeAtomic(path, bytes);
  return true;
};

const madeFolder = (path: string): Promise<void> =>
  makeFolder(path).catch((error: unknown) => {
    throw notWritable(path, error);
  });
