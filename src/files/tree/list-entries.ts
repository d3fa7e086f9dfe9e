import { readdirSync, readlinkSync, statSync, type Dirent } from 'node:fs';
import { compareBytes, concatBytes, isSecretFile } from '#base';
import { bytesOfName, type FileName, nameBelow, nameInside, nameKey, nameOfBytes } from '#digest';
import type { FilePath } from '../file-facts.ts';
import { failureFacts, realName, systemPath } from '../look-at-file.ts';
import type { FolderEntry, TreeFinding, TreeRules } from './tree-task.ts';
import { IGNORED_FOLDERS, isIgnored } from './tree-rules.ts';

/** What a folder holds, in the order of a file list, and what in it is no line of a list. */
export type Listing = {
  readonly entries: readonly FolderEntry[];
  readonly findings: readonly TreeFinding[];
  /** What can be told again from the names alone: folders that are left out, links to folders. */
  readonly notes: readonly TreeFinding[];
  /** Real paths of the folders that links lead to, by nameKey of the link's own name. */
  readonly linked: ReadonlyMap<string, string>;
};

/** Text that has one reading only: such a name needs no look at its bytes. */
const PLAIN = /^[\x20-\x7e]*$/;

const REPLACEMENT = '\ufffd';

/** A path below a folder of the tree; text as long as nothing in it needs its bytes. */
export const pathBelow = (folder: FileName | undefined, own: FileName): FileName => {
  if (folder === undefined) return own;
  return folder.raw === undefined && own.raw === undefined ? { path: `${folder.path}/${own.path}` } : nameInside(folder, own);
};

export const pathIn = (folder: FilePath, own: FileName): FilePath =>
  folder.raw === undefined && own.raw === undefined ? { path: folder.path.endsWith('/') ? `${folder.path}${own.path}` : `${folder.path}/${own.path}` } : nameInside(folder, own);

/**
 * Lists one folder. Links are resolved and stated; what they lead to is an entry under the name of the link, unless the link
 * leads back to a folder that it lies in. Devices, pipes and sockets are never opened.
 */
export const listEntries = (path: FilePath, below: FileName | undefined, rules: TreeRules): Listing => {
  const entries: FolderEntry[] = [];
  const findings: TreeFinding[] = [];
  const notes: TreeFinding[] = [];
  const linked = new Map<string, string>();
  let listed: readonly Dirent<string | Buffer>[];
  try {
    listed = namesIn(path);
  } catch (error) {
    return { entries, linked, notes, findings: [unlisted(error, below)] };
  }
  const isSecretFolder = isSecretFile(`${rules.realRoot}/${below === undefined ? '' : `${below.path}/`}x`);
  for (const item of listed) {
    const name = nameOf(item.name);
    const isFolder = item.isDirectory();
    if (isFolder && IGNORED_FOLDERS.has(name.path)) {
      notes.push({ ...pathBelow(below, name), kind: 'left-out', reason: 'folders of version control and of trainlock are no data' });
      continue;
    }
    if (isIgnored(name, below, rules)) continue;
    if (item.isFile()) addFile({ name, kind: 'file' }, { entries, findings }, { below, isSecretFolder });
    else if (isFolder) entries.push({ name, kind: 'folder' });
    else resolve({ name, path, below, isSecretFolder, rules }, { entries, findings, notes, linked });
  }
  return { entries: inListOrder(entries), findings, notes, linked };
};

const namesIn = (path: FilePath): readonly Dirent<string | Buffer>[] => {
  const listed = readdirSync(systemPath(path), { withFileTypes: true });
  // Bytes that are no text come back as a replacement letter: then the bytes themselves are asked for.
  return listed.some((item) => item.name.includes(REPLACEMENT)) ? readdirSync(systemPath(path), { withFileTypes: true, encoding: 'buffer' }) : listed;
};

const nameOf = (name: string | Buffer): FileName => (typeof name === 'string' && PLAIN.test(name) ? { path: name } : nameOfBytes(Buffer.from(name as string)));

const unlisted = (error: unknown, below: FileName | undefined): TreeFinding => {
  const { kind, reason } = failureFacts(error);
  const name = below ?? { path: '.' };
  return kind === 'absent'
    ? { ...name, kind: 'vanished', reason: 'it was removed while it was being read' }
    : { ...name, kind: 'unreadable', ...(reason === undefined ? {} : { reason }) };
};

const addFile = (entry: FolderEntry, found: Pick<Found, 'entries' | 'findings'>, { below, isSecretFolder }: Pick<Place, 'below' | 'isSecretFolder'>): void => {
  const isSecret = isSecretFolder || isSecretFile(entry.name.path) || (entry.link !== undefined && isSecretFile(entry.link));
  if (isSecret) found.findings.push({ ...pathBelow(below, entry.name), kind: 'secret-file', reason: 'key files are never stored nor hashed' });
  else found.entries.push(entry);
};

type Place = {
  readonly name: FileName;
  readonly path: FilePath;
  readonly below: FileName | undefined;
  /** Whether every file in this folder is a secret. */
  readonly isSecretFolder: boolean;
  readonly rules: TreeRules;
};
type Found = { readonly entries: FolderEntry[]; readonly findings: TreeFinding[]; readonly notes: TreeFinding[]; readonly linked: Map<string, string> };

/** A link, a special file, or an entry whose type the file system does not tell. */
const resolve = (place: Place, found: Found): void => {
  const path = systemPath(pathIn(place.path, place.name));
  const named = pathBelow(place.below, place.name);
  try {
    const link = linkOf(path);
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined) found.findings.push({ ...named, kind: link === undefined ? 'vanished' : 'dangling', reason: `the link leads to ${link ?? 'nothing'}` });
    else if (!target.isFile() && !target.isDirectory()) found.findings.push({ ...named, kind: 'special', reason: 'a device, pipe or socket' });
    else if (link === undefined && target.isFile()) addFile({ name: place.name, kind: 'file' }, found, place);
    else if (link === undefined) found.entries.push({ name: place.name, kind: 'folder' });
    else addLinked(place, { link, isFile: target.isFile() }, found);
  } catch (error) {
    found.findings.push({ ...named, kind: 'unreadable', reason: failureFacts(error).reason ?? 'it is not there' });
  }
};

const linkOf = (path: string | Buffer): string | undefined => {
  try {
    return nameOfBytes(readlinkSync(path, { encoding: 'buffer' })).path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return undefined;
    throw error;
  }
};

const addLinked = (place: Place, target: { readonly link: string; readonly isFile: boolean }, found: Found): void => {
  const named = pathBelow(place.below, place.name);
  const real = realName(pathIn(place.path, place.name));
  if (!isWithin(real, { path: place.rules.realRoot })) found.findings.push({ ...named, kind: 'outside', reason: real.path });
  if (target.isFile) return addFile({ name: place.name, kind: 'file', link: target.link }, found, place);
  if (isWithin(realName(place.path), real)) {
    found.findings.push({ ...named, kind: 'loop', reason: `the link leads to ${target.link}, a folder that it lies in` });
    return;
  }
  found.notes.push({ ...named, kind: 'linked-folder', reason: `a link to ${target.link}` });
  found.entries.push({ name: place.name, kind: 'folder', link: target.link });
  found.linked.set(nameKey(place.name), real.path);
};

const isWithin = (path: FileName, folder: FileName): boolean => nameKey(path) === nameKey(folder) || nameBelow(path, folder) !== undefined;

/** Files and folders in the order that their paths, and those of everything below them, have in a list. */
const inListOrder = (entries: readonly FolderEntry[]): readonly FolderEntry[] => {
  const keys = entries.map((entry) => (entry.kind === 'folder' ? `${entry.name.path}/` : entry.name.path));
  const order = Array.from(keys, (_, index) => index);
  // Bytes and letters have the same order only where every letter is one byte.
  if (keys.every((key) => PLAIN.test(key))) order.sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  else {
    const bytes = entries.map((entry) => (entry.kind === 'folder' ? concatBytes(bytesOfName(entry.name), SLASH) : bytesOfName(entry.name)));
    order.sort((a, b) => compareBytes(bytes[a]!, bytes[b]!));
  }
  return order.map((index) => entries[index]!);
};

const SLASH = Uint8Array.of(0x2f);
