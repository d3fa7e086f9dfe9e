/** The distributions of a run as a lock that installers read, with hashes where they are proven. */
import { dirname, relative, resolve } from 'node:path';
import { utf8 } from '#base';
import { type EnvironmentLock, lockAsPip, lockAsPylock, type LockFile, type LockFormat, lockOf, type ProvenArchive } from '#environment';
import { writeAtomic } from '#files';
import { openStore } from '#store';
import { type ArchivePlaces, findArchives } from './env/find-archives.ts';
import { lockedAddresses } from './env/locked-addresses.ts';

export type LockEnvironmentOptions = ArchivePlaces & {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly reference: string;
  readonly format: LockFormat;
  readonly neededOnly: boolean;
  /** The file to be written; none: only the text is made. */
  readonly out?: string;
};

export type LockedEnvironment = LockFile & {
  readonly lock: EnvironmentLock;
  /** The file that was written, absolute. */
  readonly path?: string;
};

/** Throws as the store does, TL0002 for a folder of wheels that cannot be read, TL0003 for a file that cannot be written. */
export const lockEnvironment = async (options: LockEnvironmentOptions): Promise<LockedEnvironment> => {
  const { projectRoot, storeFolder, workingDirectory, format, neededOnly, out } = options;
  const store = await openStore({ projectRoot, storeFolder });
  const run = await store.find(options.reference, workingDirectory);
  const manifest = await run.manifest();
  const [found, addresses] = [await findArchives(manifest, options), await lockedAddresses(manifest, { store, run, projectRoot })];
  const path = out === undefined ? undefined : resolve(workingDirectory, out);
  const beside = path === undefined ? workingDirectory : dirname(path);
  const archives = new Map([...addresses, ...found].map(([name, archive]) => [name, withAddress(archive, addresses.get(name), beside)]));
  const lock = lockOf(manifest, { archives, neededOnly, ...(run.manifestSha256 === undefined ? {} : { manifestSha256: run.manifestSha256 }) });
  const file = format === 'pip' ? lockAsPip(lock) : lockAsPylock(lock);
  if (path !== undefined) await writeAtomic(path, utf8(`${file.text}\n`));
  return { ...file, lock, ...(path === undefined ? {} : { path }) };
};

/** What lies here is named from the folder of the lock, in the way of POSIX; where the lock file knows an address of the same bytes, everybody can have it. */
const withAddress = (archive: ProvenArchive, locked: ProvenArchive | undefined, beside: string): ProvenArchive => {
  if (locked !== undefined && locked.sha256 === archive.sha256 && locked !== archive) {
    const { path: _, ...others } = archive;
    return { ...locked, ...others, ...(locked.url === undefined ? {} : { url: locked.url }) };
  }
  return archive.path === undefined ? archive : { ...archive, path: relative(beside, archive.path) };
};
