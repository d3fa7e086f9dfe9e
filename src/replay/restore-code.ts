import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { toHex, TrainlockError } from '#base';
import { bytesOfName, type FileEntry, readFileList } from '#digest';
import { nodeCrypto } from '#files';
import type { Manifest } from '#manifest';

/** Gives the bytes of an object of the store; undefined if it is not there. */
export type ReadObject = (sha256: string) => Promise<Uint8Array | undefined>;

export type RestoredCode = {
  /** Paths relative to the project, to the digest of what lies there now. */
  readonly files: ReadonlyMap<string, string>;
};

/**
 * Writes the source snapshot of a run into an empty folder. The list and the objects are hostile: paths that leave the folder are
 * refused by the reader of lists, every object is hashed again, links are made last so that nothing is written through them, and a
 * link that points outside becomes the file it stood for. Throws TL0501 if the list or an object is missing or damaged.
 */
export const restoreCode = async (manifest: Pick<Manifest, 'code' | 'run'>, readObject: ReadObject, folder: string): Promise<RestoredCode> => {
  const { snapshot } = manifest.code;
  if (snapshot === undefined) return { files: new Map() };
  const entries = await readList(snapshot.sha256, readObject);
  const files = new Map<string, string>();
  const links: FileEntry[] = [];
  for (const entry of entries) {
    if (entry.link !== undefined && staysInside(entry.path, entry.link)) links.push(entry);
    else await restoreFile(entry, readObject, folder);
    files.set(entry.path, entry.sha256);
  }
  for (const entry of links) await restoreLink(entry, folder);
  return { files };
};

const readList = async (sha256: string, readObject: ReadObject): Promise<readonly FileEntry[]> => {
  const bytes = await checkedObject(sha256, readObject, 'the list of the source snapshot');
  const list = readFileList(bytes);
  if (list.kind === 'rejected')
    throw new TrainlockError('TL0501', 'the list of the source snapshot is not valid', { where: sha256, notes: list.problems.slice(0, 5).map((problem) => problem.message) });
  return list.value;
};

/** The bytes of an object, hashed again. */
export const checkedObject = async (sha256: string, readObject: ReadObject, what: string): Promise<Uint8Array> => {
  const bytes = await readObject(sha256);
  if (bytes === undefined)
    throw new TrainlockError('TL0501', `${what} is not in the store`, { where: sha256, fix: 'copy the objects folder of the store on which the run was recorded' });
  if (toHex(nodeCrypto.sha256(bytes)) !== sha256) throw new TrainlockError('TL0501', `${what} is damaged in the store`, { where: sha256 });
  return bytes;
};

const restoreFile = async (entry: FileEntry, readObject: ReadObject, folder: string): Promise<void> => {
  const path = placeOf(entry, folder);
  const bytes = await checkedObject(entry.sha256, readObject, `the source file ${entry.path}`);
  await mkdir(dirname(path.toString()), { recursive: true });
  await writeFile(path, bytes, { mode: entry.mode === 'x' ? 0o755 : 0o644, flag: 'wx' });
};

const restoreLink = async (entry: FileEntry, folder: string): Promise<void> => {
  const path = placeOf(entry, folder);
  await mkdir(dirname(path.toString()), { recursive: true });
  await symlink(entry.link!, path);
};

const placeOf = (entry: FileEntry, folder: string): string | Buffer =>
  entry.raw === undefined ? join(folder, entry.path) : Buffer.concat([Buffer.from(`${folder}/`), bytesOfName(entry)]);

const staysInside = (path: string, target: string): boolean => {
  if (target.startsWith('/')) return false;
  const resolved = normalize(join(dirname(path), target));
  return resolved !== '..' && !resolved.startsWith('../');
};
