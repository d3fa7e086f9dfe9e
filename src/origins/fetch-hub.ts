import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8, readJson, TrainlockError } from '#base';
import { readBoundedIfThere, walkFolder } from '#files';
import { fetchBytes, fetchToFile, openDataPlace } from '#remote';
import type { ImportedDigest, Origin } from '#snapshot';
import { atOnce } from './at-once.ts';
import { hasDigest } from './digest-of-file.ts';
import { downloadOptions, type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { hubCache, hubHome, type HubPlace, readHubUri } from './hub-layout.ts';
import { FETCHED_AT_ONCE, LARGEST_LISTING } from './limits.ts';
import { isSafePath, lastPartOf, relativeTo } from './safe-path.ts';
import { makeFoldersFor } from './write-tree.ts';

type Hub = Pick<HubPlace, 'type' | 'repository' | 'revision'> & {
  readonly endpoint: string;
  /** Sent to the endpoint only. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The snapshot in the cache of this machine; undefined if it is not there. */
  readonly cached: string | undefined;
  readonly digests: ReadonlyMap<string, ImportedDigest>;
  readonly options: FetchOriginOptions;
};

/**
 * Brings files of a repository of the Hugging Face hub at the recorded commit: from the cache of this machine, else over HTTP.
 * Digests that were recorded are checked. The token is read where huggingface_hub keeps it and sent to the endpoint only.
 */
export const fetchHub = async (origin: Origin, target: string, options: FetchOriginOptions): Promise<OriginFetch> => {
  const place = readHubUri(origin.uri ?? '');
  if (place === undefined || origin.revision === undefined || !/^[0-9a-f]{40}$/.test(origin.revision))
    return notFetched('not-recorded', 'no repository of the hub and commit are recorded');
  const hub = await openHub({ ...place, revision: origin.revision }, origin, options);
  const path = origin.path === undefined || origin.path === '.' ? '' : origin.path;
  const files = await filesOf(hub, path);
  if (files.length === 0) return notFetched('gone', 'the repository has nothing at the recorded path');
  const isFile = files.length === 1 && files[0] === path;
  const root = join(target, lastPartOf(path === '' ? place.repository : path));
  const sizes = await atOnce(files, FETCHED_AT_ONCE, async (file) => {
    const inner = relativeTo(path, file);
    if (inner === undefined || (!isFile && !(await makeFoldersFor(root, inner))))
      throw new TrainlockError('TL0804', 'the repository names a file that leads out of its folder', { where: file });
    return fetchFile(hub, file, isFile ? root : join(root, inner));
  });
  const checkedCount = files.filter((file) => hub.digests.has(file)).length;
  return { kind: 'fetched', path: root, fileCount: files.length, totalBytes: sizes.reduce((sum, size) => sum + size, 0), revision: 'same', checkedCount, left: [] };
};

const openHub = async (place: Pick<HubPlace, 'type' | 'repository' | 'revision'>, origin: Origin, options: FetchOriginOptions): Promise<Hub> => {
  const { env } = process;
  const file = await readBoundedIfThere(env['HF_TOKEN_PATH'] ?? join(hubHome(env), 'token'), 4096).catch(() => undefined);
  const token = (env['HF_TOKEN'] ?? (file === undefined ? '' : fromUtf8(file)) ?? '').trim();
  const snapshot = join(options.hubCache ?? hubCache(env), `${place.type}--${place.repository.replace('/', '--')}`, 'snapshots', place.revision);
  return {
    ...place,
    endpoint: (options.hubEndpoint ?? env['HF_ENDPOINT'] ?? 'https://huggingface.co').replace(/\/+$/, ''),
    credentials: /^[\x21-\x7e]{1,512}$/.test(token) ? { authorization: `Bearer ${token}` } : {},
    cached: existsSync(snapshot) ? snapshot : undefined,
    digests: new Map((origin.imported ?? []).flatMap((digest) => (digest.path === undefined ? [] : [[digest.path, digest] as const]))),
    options,
  };
};

/** The files below a path: those that were recorded; else those of the cache; else what the hub lists. */
const filesOf = async (hub: Hub, path: string): Promise<readonly string[]> => {
  const recorded = [...hub.digests.keys()].filter((file) => relativeTo(path, file) !== undefined);
  if (recorded.length > 0) return recorded.filter(isSafePath);
  const local = hub.cached === undefined ? undefined : join(hub.cached, path);
  if (local !== undefined && statSync(local, { throwIfNoEntry: false })?.isFile() === true) return [path];
  if (local !== undefined && existsSync(local)) return (await walkFolder(local)).files.map((file) => [path, file.path].filter((part) => part !== '').join('/'));
  const bytes = await fetchBytes(`${hub.endpoint}/api/${hub.type}/${hub.repository}/revision/${hub.revision}`, { ...http(hub), maxBytes: LARGEST_LISTING });
  return listedFiles(bytes).filter((file) => relativeTo(path, file) !== undefined);
};

/** The answer is hostile: paths in it become paths here. */
const listedFiles = (bytes: Uint8Array): readonly string[] => {
  const reading = readJson(bytes, { maxBytes: LARGEST_LISTING, maxDepth: 32, maxKeys: 20_000_000 });
  const siblings = reading.kind === 'accepted' ? (reading.value as { readonly siblings?: unknown } | null)?.siblings : undefined;
  if (!Array.isArray(siblings)) throw new TrainlockError('TL0801', 'the hub gave no list of files', { fix: 'look at HF_ENDPOINT' });
  return (siblings as readonly unknown[]).flatMap((sibling) => {
    const name = (sibling as { readonly rfilename?: unknown } | null)?.rfilename;
    return typeof name === 'string' && isSafePath(name) ? [name] : [];
  });
};

const http = ({ credentials, options }: Hub): Pick<FetchOriginOptions, 'allowedHosts' | 'signal' | 'retry'> & { readonly credentials: Readonly<Record<string, string>> } => ({
  credentials,
  ...(options.allowedHosts === undefined ? {} : { allowedHosts: options.allowedHosts }),
  ...(options.signal === undefined ? {} : { signal: options.signal }),
  ...(options.retry === undefined ? {} : { retry: options.retry }),
});

/** Brings one file, checked by its recorded digest if there is one. Gives its size. */
const fetchFile = async (hub: Hub, file: string, path: string): Promise<number> => {
  const digest = hub.digests.get(file);
  const expect = digest?.algorithm === 'sha256' ? { expect: { sha256: digest.digest } } : {};
  const options = { ...downloadOptions(hub.options), ...expect };
  const local = hub.cached === undefined ? undefined : join(hub.cached, file);
  if (local !== undefined && statSync(local, { throwIfNoEntry: false })?.isFile() === true) {
    try {
      const { sizeBytes } = await (await openDataPlace(hub.cached!)).fetch(file, path, options);
      if (await isRight(path, digest)) return sizeBytes;
    } catch (error) {
      // A damaged cache is no reason not to ask the hub.
      if (!(error instanceof TrainlockError) || error.code !== 'TL0804') throw error;
    }
  }
  const prefix = hub.type === 'models' ? '' : `${hub.type}/`;
  const url = `${hub.endpoint}/${prefix}${hub.repository}/resolve/${hub.revision}/${file.split('/').map(encodeURIComponent).join('/')}`;
  const { sizeBytes } = await fetchToFile(url, path, { ...http(hub), ...options });
  if (!(await isRight(path, digest))) throw new TrainlockError('TL0804', 'the hub gave other content than was recorded', { where: url });
  return sizeBytes;
};

const isRight = async (path: string, digest: ImportedDigest | undefined): Promise<boolean> =>
  digest === undefined || (await hasDigest(path, digest.algorithm, digest.digest)) !== false;
