/** Writes the files of a snapshot into a folder, from the store or from where the data came from, and proves that they are the same. */
import { constants, existsSync, lstatSync, realpathSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, symlink, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { countOf, escapeControl, TrainlockError } from '#base';
import { type FileEntry, type FileName, nameInside, nameOf, partsOf } from '#digest';
import { hashFiles, makeTemporaryFolder, markTemporary, notWritable, realName, systemPath, type OnProgress, temporaryName } from '#files';
import { fetchOrigin } from '#origins';
import { askStore, type Store } from '#store';
import { erasedText, erasureNote, lastErasure } from './data/erasure-notes.ts';
import { type DataPlace, findData, type FoundData } from './data/find-data.ts';
import { entriesOf, rootOf } from './data/entries-of.ts';
import { bytesOf, copyKept } from './data/view-files.ts';

export type RestoreRequest = DataPlace & {
  readonly storeFolder: string;
  readonly now: string;
  readonly reference: string;
  /** Absolute folder; made if it is not there. */
  readonly into: string;
  /** Fetch from the recorded origin what is not at hand; this may use the network. */
  readonly fromOrigin: boolean;
  readonly signal?: AbortSignal;
};

export type Restored = {
  readonly title: string;
  readonly into: string;
  /** Files that are there now with the recorded bytes. */
  readonly restored: number;
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
  readonly notes: readonly string[];
  readonly complete: boolean;
};

/**
 * Files that are there already with the right bytes are left as they are; one with other bytes is never replaced. Links come back
 * as links where they lead to a file of the same bytes inside the folder, else as files. Throws TL0811, TL0003.
 */
export const restoreData = (request: RestoreRequest): Promise<Restored> => askStore(request, (store) => restoreFrom(store, request));

const restoreFrom = async (store: Store, request: RestoreRequest): Promise<Restored> => {
  const data = await findData(store, request.reference, request);
  const entries = await entriesOf(store, data.snapshot.list);
  await mkdir(request.into, { recursive: true }).catch((error: unknown) => {
    throw notWritable(request.into, error);
  });
  const fetched = request.fromOrigin ? await fetchAside(data, request) : undefined;
  const target: Target = { unlinked: [], store, data, into: realpathSync(request.into), fetched: fetched?.root };
  try {
    const failures = await writeAll(target, entries, request.onProgress);
    const erasure = await lastErasure(store, data.snapshot.list);
    return {
      title: data.title,
      into: request.into,
      restored: entries.length - failures.length,
      failures,
      notes: [
        ...(data.snapshot.complete ? [] : ['the snapshot itself lacks files that could not be read when it was taken']),
        ...(target.unlinked.length === 0
          ? []
          : [
              `${countOf(target.unlinked.length, 'link')} written as ${target.unlinked.length === 1 ? 'a file' : 'files'}, because ${target.unlinked.length === 1 ? 'it leads' : 'they lead'} out of the folder or to other bytes: ${target.unlinked
                .slice(0, 3)
                .map((path) => escapeControl(path))
                .join(', ')}`,
            ]),
        ...(erasure === undefined ? [] : [failures.length === 0 ? erasureNote(erasure) : erasedText(erasure)]),
        ...(fetched?.notes ?? []),
      ],
      complete: failures.length === 0 && data.snapshot.complete,
    };
  } finally {
    await fetched?.remove();
  }
};

/** What the origin gives, in a folder of its own beside the target: only files with the recorded bytes are taken from it. */
const fetchAside = async (data: FoundData, request: RestoreRequest) => {
  const { path: folder, remove } = await makeTemporaryFolder(request.into, '.trainlock-fetched-');
  try {
    const result = await fetchOrigin(data.snapshot.origin, folder, {
      repository: request.projectRoot,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    if (result.kind === 'not-fetched')
      return { root: undefined, remove, notes: [`not fetched from its origin (${result.because}): ${result.reason}${result.fix === undefined ? '' : `; ${result.fix}`}`] };
    const notes = [...(result.revision === 'other' ? ['the origin has another version now'] : []), ...result.left.map(({ path, reason }) => `${escapeControl(path)}: ${reason}`)];
    return { root: rootOf(result.path), remove, notes };
  } catch (error) {
    await remove();
    throw error;
  }
};

type Target = {
  /** Links that could not be made again. */ readonly unlinked: string[];
  readonly store: Store;
  readonly data: FoundData;
  readonly into: string;
  readonly fetched: string | undefined;
};

const writeAll = async (target: Target, entries: readonly FileEntry[], onProgress: OnProgress | undefined): Promise<Restored['failures']> => {
  const totalBytes = entries.reduce((sum, { size }) => sum + size, 0);
  const failures: { path: string; reason: string }[] = [];
  let [files, bytes] = [0, 0];
  // Links last: what they lead to must be there.
  for (const entry of [...entries.filter(({ link }) => link === undefined), ...entries.filter(({ link }) => link !== undefined)]) {
    const reason = await writeOne(target, entry).catch((error: unknown) => {
      if (error instanceof TrainlockError && error.code === 'TL0003') throw error;
      return `the system said ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
    });
    if (reason !== undefined) failures.push({ path: entry.path, reason });
    files += 1;
    bytes += entry.size;
    onProgress?.({ files, totalFiles: entries.length, bytes, totalBytes });
  }
  return failures;
};

/** A reason if the file is not there in the end with the recorded bytes. */
const writeOne = async (target: Target, entry: FileEntry): Promise<string | undefined> => {
  const below = nameOf(entry);
  const place = nameInside({ path: target.into }, below);
  const there = lstatSync(systemPath(place), { throwIfNoEntry: false });
  if (there !== undefined) {
    const [facts] = there.isFile() ? await hashFiles([place], { jobs: 1 }) : [];
    return facts?.sha256 === entry.sha256 ? undefined : 'something else has that name';
  }
  const folder = await makeInside(target.into, below);
  if (folder === undefined) return 'a link or a file stands in its path';
  if (entry.link !== undefined && (await linkAgain(target, { folder, place }, { link: entry.link, sha256: entry.sha256 }))) return undefined;
  if (entry.link !== undefined) target.unlinked.push(entry.path);
  return writeChecked(target, { place, folder, below }, entry);
};

/**
 * Makes the folders above a file below another folder, part by part: the path comes from a record, and a link that lies in the way must
 * not lead out. The last one; undefined if something else stands in its place.
 */
const makeInside = async (into: string, below: FileName): Promise<FileName | undefined> => {
  let at: FileName = { path: into };
  for (const part of partsOf(below).slice(0, -1)) {
    at = nameInside(at, part);
    const path = systemPath(at);
    const facts = lstatSync(path, { throwIfNoEntry: false });
    if (facts === undefined) await mkdir(path);
    else if (!facts.isDirectory() && !(facts.isSymbolicLink() && isWithin(realName(at).path, into))) return undefined;
  }
  return at;
};

/** A file that is to be written: below the root, with its folder, and the whole path. */
type Place = { readonly below: FileName; readonly folder: FileName; readonly place: FileName };

/** Makes the link if it stays inside the folder and leads to the recorded bytes; nothing is left of it otherwise. */
const linkAgain = async (
  target: Target,
  { folder, place }: Pick<Place, 'folder' | 'place'>,
  { link, sha256 }: { readonly link: string; readonly sha256: string },
): Promise<boolean> => {
  const leads = link.startsWith('/') ? { path: link } : folder.raw === undefined ? { path: resolve(folder.path, link) } : nameInside(folder, { path: link });
  const path = systemPath(leads);
  if (!existsSync(path) || !isWithin(realName(leads).path, target.into)) return false;
  const [facts] = await hashFiles([leads], { jobs: 1 });
  if (facts?.sha256 !== sha256) return false;
  await symlink(link, systemPath(place));
  return true;
};

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const writeChecked = async (target: Target, { place, folder, below }: Place, entry: FileEntry): Promise<string | undefined> => {
  // A name that no text can spell is given to the finished file alone.
  const temporary = join(folder.raw === undefined ? folder.path : target.into, temporaryName());
  const forget = markTemporary(temporary);
  try {
    if (!(await writeBytes(target, temporary, { entry, below }))) return 'its bytes are not at hand';
    const [facts] = await hashFiles([{ path: temporary }], { jobs: 1 });
    if (facts?.sha256 !== entry.sha256) return 'what is there has other bytes than were recorded';
    await chmod(temporary, entry.mode === 'x' ? 0o755 : 0o644);
    await rename(temporary, systemPath(place));
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'its bytes are not at hand';
    throw error instanceof TrainlockError ? error : notWritable(place.path, error);
  } finally {
    await unlink(temporary).catch(() => undefined);
    forget();
  }
};

/** Writes the bytes of an entry from where they are at hand, the nearest first; false if they are nowhere. They are proven afterwards. */
const writeBytes = async ({ store, data, fetched }: Target, path: string, { entry, below }: { readonly entry: FileEntry; readonly below: FileName }): Promise<boolean> => {
  const near = (await bytesOf(store, data.place, entry)) ?? (await liveRaw(data.place, below, entry));
  if (near === undefined && (await copyKept(store, entry, path))) return true;
  const source = near ?? (fetched === undefined || entry.raw !== undefined ? undefined : join(fetched, entry.path));
  if (source !== undefined) await copyFile(source, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return source !== undefined;
};

/** Where a file whose name is no text lay, if it is still the same: only a regular file with the recorded bytes is opened to be copied. */
const liveRaw = async (place: string | undefined, below: FileName, { sha256 }: FileEntry): Promise<Buffer | undefined> => {
  if (place === undefined || below.raw === undefined) return undefined;
  const file = nameInside({ path: rootOf(place) }, below);
  const [facts] = await hashFiles([file], { jobs: 1 });
  return facts?.sha256 === sha256 && facts.changed !== true && file.raw !== undefined ? Buffer.from(file.raw, 'base64') : undefined;
};
