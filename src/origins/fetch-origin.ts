import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exhaustive } from '#base';
import { makeTemporaryFolder } from '#files';
import { fetchToFile, type FetchOptions } from '#remote';
import type { Origin } from '#snapshot';
import { fetchDatabase } from './fetch-database.ts';
import { fetchDvc } from './fetch-dvc.ts';
import { fetchGit } from './fetch-git.ts';
import { fetchHub } from './fetch-hub.ts';
import { fetchLfs } from './fetch-lfs.ts';
import { asFinding, downloadOptions, type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { fetchS3 } from './fetch-s3.ts';
import { lastPartOf } from './safe-path.ts';

/**
 * Brings data back from where it came, below a target folder. What comes from there is checked by what was recorded of it by
 * other tools; whether it is the data of the snapshot is for the caller to see, by its SHA-256. The origin is hostile: it may come
 * from a record of somebody else. Throws only for faults of this machine (TL0002, TL0003) and what the signal says.
 */
export const fetchOrigin = async (origin: Origin, targetFolder: string, options: FetchOriginOptions = {}): Promise<OriginFetch> => {
  await mkdir(targetFolder, { recursive: true });
  const { path: scratch, remove } = await makeTemporaryFolder(targetFolder, '.trainlock-fetch-');
  try {
    return await fetchByKind(origin, targetFolder, { ...options, scratch });
  } catch (error) {
    options.signal?.throwIfAborted();
    return asFinding(error);
  } finally {
    await remove();
  }
};

const fetchByKind = async (origin: Origin, target: string, options: FetchOriginOptions & { readonly scratch: string }): Promise<OriginFetch> => {
  switch (origin.kind) {
    case 'local':
      return notFetched('not-recorded', 'the data was only on the machine that recorded it', 'push its bytes from there, and pull them here');
    case 'git':
      return fetchGit(origin, target, options);
    case 'git-lfs':
      return fetchLfs(origin, target, options);
    case 'dvc':
      return fetchDvc(origin, target, options);
    case 'hub':
      return fetchHub(origin, target, options);
    case 'http':
      return fetchHttp(origin, target, options);
    case 's3':
      return fetchS3(origin, target, options);
    case 'database':
      return fetchDatabase(origin, target, options);
    default:
      return exhaustive(origin.kind);
  }
};

const fetchHttp = async (origin: Origin, target: string, options: FetchOriginOptions): Promise<OriginFetch> => {
  if (origin.uri === undefined) return notFetched('not-recorded', 'no address is recorded');
  const path = join(target, lastPartOf(URL.canParse(origin.uri) ? decoded(new URL(origin.uri).pathname) : ''));
  const hosts: Pick<FetchOptions, 'allowedHosts'> = options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts };
  const { etag, sizeBytes } = await fetchToFile(origin.uri, path, { ...downloadOptions(options), ...hosts });
  const revision = origin.revision === undefined || etag === undefined ? 'unknown' : etag === origin.revision ? 'same' : 'other';
  return { kind: 'fetched', path, fileCount: 1, totalBytes: sizeBytes, revision, checkedCount: 0, left: [] };
};

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};
