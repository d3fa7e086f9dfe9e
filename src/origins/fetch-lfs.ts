import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrainlockError } from '#base';
import { fetchToFile, openDataPlace } from '#remote';
import type { Origin } from '#snapshot';
import { atOnce } from './at-once.ts';
import { type WantedLfs, writeTree, type WrittenTree } from './fetch-git.ts';
import { downloadOptions, type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { type GitHolder, GIT_PROTOCOLS, holderOf } from './git-objects.ts';
import { type LfsAction, lfsActions } from './lfs-batch.ts';
import { FETCHED_AT_ONCE } from './limits.ts';
import { gitText, runGit } from './run-git.ts';

type Fetching = { readonly origin: Origin; readonly holder: GitHolder; readonly written: WrittenTree; readonly folder: string; readonly options: FetchOriginOptions };

/**
 * Brings files of Git LFS: the tree from git, the content from the objects of a clone on this machine, from those beside a remote
 * that is a folder, from the server of an http(s) remote, or through the program git-lfs. Each is checked by the SHA-256 of its pointer.
 */
export const fetchLfs = async (origin: Origin, target: string, options: FetchOriginOptions & { readonly scratch: string }): Promise<OriginFetch> => {
  const holder = await holderOf(origin, options.scratch, options);
  if (holder.kind !== 'found') return holder;
  const written = await writeTree(holder, target, { withLfs: true, ...(options.signal === undefined ? {} : { signal: options.signal }) });
  if (written === undefined) return notFetched('gone', 'the commit has nothing at the recorded path');
  const isFile = statSync(written.root, { throwIfNoEntry: false })?.isDirectory() !== true;
  const fetching = { origin, holder, written, folder: isFile ? target : written.root, options };
  let missing: readonly WantedLfs[] = written.lfs;
  for (const bring of [fromFolders, fromServer, throughProgram]) if (missing.length > 0) missing = await bring(fetching, missing);
  if (missing.length > 0)
    return notFetched(
      'tool-missing',
      `${missing.length} of ${written.lfs.length} files of Git LFS are neither in a clone here nor at a server that can be asked`,
      'install git-lfs, or name a clone that has them',
    );
  const { root, fileCount, totalBytes, checkedCount, left, lfs } = written;
  const lfsBytes = lfs.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { kind: 'fetched', path: root, fileCount: fileCount + lfs.length, totalBytes: totalBytes + lfsBytes, revision: 'same', checkedCount: checkedCount + lfs.length, left };
};

/** Objects that lie in folders. Gives the files that are still missing. */
const fromFolders = async (fetching: Fetching, wanted: readonly WantedLfs[]): Promise<readonly WantedLfs[]> => {
  const stores = await localStores(fetching);
  const missing: WantedLfs[] = [];
  await atOnce(wanted, FETCHED_AT_ONCE, async (file) => {
    if (!(await fromOneOf(stores, file, fetching))) missing.push(file);
  });
  return missing;
};

/** Where Git LFS keeps objects: in the clone, and in a remote that is a folder. Source: git-lfs, docs/man/git-lfs-config(5), lfs.storage. */
const localStores = async ({ origin, holder, options }: Fetching): Promise<readonly string[]> => {
  const stores: string[] = [];
  for (const folder of [options.repository, holder.folder]) {
    const home = folder === undefined ? undefined : (await gitText(folder, ['rev-parse', '--git-common-dir']))?.trim();
    if (home !== undefined) stores.push(join(resolve(folder!, home), 'lfs', 'objects'));
  }
  const remote = folderOfRemote(origin.uri);
  return remote === undefined ? stores : [...stores, join(remote, 'lfs', 'objects'), join(remote, '.git', 'lfs', 'objects')];
};

const folderOfRemote = (uri: string | undefined): string | undefined => {
  if (uri === undefined) return undefined;
  if (isAbsolute(uri)) return uri;
  try {
    return uri.startsWith('file://') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
};

const fromOneOf = async (stores: readonly string[], file: WantedLfs, { folder, options }: Fetching): Promise<boolean> => {
  const name = `${file.oid.slice(0, 2)}/${file.oid.slice(2, 4)}/${file.oid}`;
  for (const store of stores) {
    if (statSync(join(store, name), { throwIfNoEntry: false })?.isFile() !== true) continue;
    const place = await openDataPlace(store);
    try {
      await place.fetch(name, join(folder, file.path), { ...downloadOptions(options), expect: { sha256: file.oid, sizeBytes: file.sizeBytes }, mode: file.mode });
      return true;
    } catch (error) {
      // A damaged object in one place may be whole in the next.
      if (!(error instanceof TrainlockError) || error.code !== 'TL0804') throw error;
    }
  }
  return false;
};

/** Objects of a server, asked through its batch interface. */
const fromServer = async ({ origin, folder, options }: Fetching, wanted: readonly WantedLfs[]): Promise<readonly WantedLfs[]> => {
  if (origin.uri === undefined || !/^https?:\/\//i.test(origin.uri)) return wanted;
  const actions = await lfsActions(origin.uri, wanted, options);
  const missing: WantedLfs[] = [];
  await atOnce(wanted, FETCHED_AT_ONCE, async (file) => {
    const action: LfsAction | undefined = actions.get(file.oid);
    if (action === undefined) return void missing.push(file);
    const path = join(folder, file.path);
    await fetchToFile(action.href, path, {
      ...downloadOptions(options),
      ...(options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts }),
      namedBy: origin.uri!,
      credentials: action.header,
      expect: { sha256: file.oid, sizeBytes: file.sizeBytes },
      mode: file.mode,
    });
    return undefined;
  });
  return missing;
};

/** Everything else, above all ssh, is the business of git-lfs itself. It fetches into the scratch repository, never into a clone of the user. */
const throughProgram = async (fetching: Fetching, wanted: readonly WantedLfs[]): Promise<readonly WantedLfs[]> => {
  const { origin, holder, options } = fetching;
  if (origin.uri === undefined || dirname(holder.folder) === holder.folder || holder.folder === options.repository) return wanted;
  if ((await gitText(holder.folder, ['lfs', 'version'])) === undefined) return wanted;
  const settings = ['-c', `remote.origin.url=${origin.uri}`, '-c', 'remote.origin.fetch=+refs/heads/*:refs/remotes/origin/*'];
  const fetched = await runGit(holder.folder, [...settings, 'lfs', 'fetch', 'origin', holder.commit], {
    protocols: GIT_PROTOCOLS,
    timeoutMs: 6 * 60 * 60 * 1000,
    signal: options.signal,
  });
  if (fetched.kind !== 'ended' || fetched.code !== 0) return wanted;
  return fromFolders(fetching, wanted);
};
