import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, utf8 } from '#base';
import { makeFolder, nodeCrypto, readBoundedIfThere, writeAtomic } from '#files';
import { type Note, readCheckpoint, readNote, readTlogProof, writeNote } from '#tlog';

/** Most logs of which a project keeps a checkpoint. */
const MOST_LOGS = 256;
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * The newest checkpoints that a project has seen, one for each log. They lie in the store, so that a state folder that was restored from a
 * backup is noticed by every project that knows better. They are hostile until a key has checked them; what cannot be read is passed over.
 */
export const seenCheckpoints = async (storeRoot: string): Promise<readonly Note[]> => {
  const folder = checkpointsFolder(storeRoot);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.checkpoint')).toSorted();
  const notes = await Promise.all(names.slice(0, MOST_LOGS).map((name) => checkpointIn(join(folder, name)).catch(() => undefined)));
  return notes.filter((note) => note !== undefined);
};

/** Keeps a checkpoint if it is newer than what is kept of its log. Throws TL0003. */
export const keepCheckpoint = async (storeRoot: string, note: Note): Promise<void> => {
  const read = readCheckpoint(note.body);
  if (read.kind === 'rejected') return;
  const path = join(checkpointsFolder(storeRoot), `${toHex(nodeCrypto.sha256(utf8(read.value.origin))).slice(0, 16)}.checkpoint`);
  const kept = await checkpointIn(path).catch(() => undefined);
  const before = kept === undefined ? undefined : readCheckpoint(kept.body);
  if (before?.kind === 'accepted' && before.value.size > read.value.size) return;
  await makeFolder(checkpointsFolder(storeRoot), 0o700);
  await writeAtomic(path, writeNote(note));
};

const checkpointsFolder = (storeRoot: string): string => join(storeRoot, 'checkpoints');

/** The checkpoint in a file: by itself, or in a proof. Undefined if the file holds none. The file is hostile. Throws TL0002. */
export const checkpointIn = async (path: string): Promise<Note | undefined> => {
  const bytes = await readBoundedIfThere(path, MOST_BYTES);
  if (bytes === undefined) return undefined;
  const proof = readTlogProof(bytes);
  if (proof.kind === 'accepted') return proof.value.checkpoint;
  const note = readNote(bytes);
  return note.kind === 'accepted' ? note.value : undefined;
};
