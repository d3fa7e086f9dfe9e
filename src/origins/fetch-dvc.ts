import { statSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError } from '#base';
import { readBounded } from '#files';
import { type DataPlace, openDataPlace } from '#remote';
import type { Origin } from '#snapshot';
import { atOnce } from './at-once.ts';
import { hasDigest } from './digest-of-file.ts';
import { readDvcListing } from './dvc-listing.ts';
import { dvcObjectNames, findDvcProject } from './dvc-project.ts';
import { downloadOptions, type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { FETCHED_AT_ONCE, LARGEST_LISTING } from './limits.ts';
import { lastPartOf, relativeTo } from './safe-path.ts';
import { makeFoldersFor } from './write-tree.ts';

type Fetching = { readonly places: readonly DataPlace[]; readonly algorithm: string; readonly options: FetchOriginOptions };

const KNOWN = /^[0-9a-f]{32}(?:\.dir)?$/;

/** Brings data that DVC tracks, from the cache of a project on this machine or from its remote if that is a folder or S3. Every MD5 is checked. */
export const fetchDvc = async (origin: Origin, target: string, options: FetchOriginOptions & { readonly scratch: string }): Promise<OriginFetch> => {
  const [tracked] = origin.imported ?? [];
  if (tracked === undefined || origin.path === undefined || !KNOWN.test(tracked.digest)) return notFetched('not-recorded', 'no digest of DVC is recorded');
  const places = await placesOf(origin, options);
  if (places.length === 0) return notFetched('not-recorded', 'no remote of DVC is recorded that is a folder or S3', 'name the DVC project, or fetch the data with dvc pull');
  const fetching = { places, algorithm: tracked.algorithm, options };
  const name = lastPartOf(origin.path);
  try {
    if (!tracked.digest.endsWith('.dir')) {
      const totalBytes = await fetchObject(tracked.digest, join(target, name), fetching);
      return { kind: 'fetched', path: join(target, name), fileCount: 1, totalBytes, revision: 'same', checkedCount: 1, left: [] };
    }
    const inner = relativeTo(tracked.path ?? origin.path, origin.path);
    return inner === undefined
      ? notFetched('not-recorded', 'the recorded path lies outside the folder that DVC tracks')
      : await fetchFolder({ digest: tracked.digest, inner, root: join(target, name) }, options.scratch, fetching);
  } finally {
    for (const place of places) place.close();
  }
};

/** The cache first: it costs nothing. */
const placesOf = async (origin: Origin, options: FetchOriginOptions): Promise<readonly DataPlace[]> => {
  const project = options.repository === undefined ? undefined : await findDvcProject(options.repository);
  const remote = origin.uri ?? project?.remote();
  const addresses = [project?.cache, remote !== undefined && /^(?:\/|file:|s3:)/.test(remote) ? remote : undefined];
  const { retry, idleTimeoutMs } = downloadOptions(options);
  const settings = { ...(retry === undefined ? {} : { retry }), ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }) };
  return Promise.all(addresses.filter((address) => address !== undefined).map((address) => openDataPlace(address, settings)));
};

type Folder = { readonly digest: string; readonly inner: string; readonly root: string };

const fetchFolder = async ({ digest, inner, root }: Folder, scratch: string, fetching: Fetching): Promise<OriginFetch> => {
  const listing = join(scratch, 'listing.dir');
  await fetchObject(digest, listing, fetching);
  const files = readDvcListing(await readBounded(listing, LARGEST_LISTING), digest);
  if (files === undefined) return notFetched('changed', 'the listing of the folder is not the recorded one, or names files outside of it');
  const wanted = files.flatMap((file) => {
    const path = relativeTo(inner, file.path);
    return path === undefined ? [] : [{ ...file, path }];
  });
  if (wanted.length === 0) return notFetched('gone', 'the listing of the folder does not have the recorded path');
  const sizes = await atOnce(wanted, FETCHED_AT_ONCE, async (file) => {
    // An empty path is the recorded file itself.
    if (file.path !== '' && !(await makeFoldersFor(root, file.path)))
      throw new TrainlockError('TL0003', 'something else stands in the place of a file', { where: join(root, file.path) });
    return fetchObject(file.digest, join(root, file.path), fetching);
  });
  return { kind: 'fetched', path: root, fileCount: wanted.length, totalBytes: sizes.reduce((sum, size) => sum + size, 0), revision: 'same', checkedCount: wanted.length, left: [] };
};

/** Brings one object, from the first place that has it; what is there already and right is kept. Gives its size. */
const fetchObject = async (digest: string, path: string, { places, algorithm, options }: Fetching): Promise<number> => {
  const plain = digest.replace(/\.dir$/, '');
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isFile() === true && (await hasDigest(path, algorithm, plain)) === true) return facts.size;
  let last: unknown;
  for (const place of places) {
    for (const name of dvcObjectNames(algorithm, digest)) {
      try {
        // The older digest is not that of the bytes, and is compared afterwards.
        const expect = algorithm === 'md5' || digest !== plain ? { expect: { md5: plain } } : {};
        const { sizeBytes } = await place.fetch(name, path, { ...downloadOptions(options), ...expect });
        if ((await hasDigest(path, algorithm, plain)) === true || digest !== plain) return sizeBytes;
        await unlink(path);
        last = new TrainlockError('TL0804', `the object ${digest} of DVC has other content than its name says`, { where: name });
      } catch (error) {
        if (!(error instanceof TrainlockError) || !/^TL080[1-4]$/.test(error.code)) throw error;
        // What a later place says weighs more than that an earlier one does not have it.
        if (last === undefined || error.code !== 'TL0803') last = error;
      }
    }
  }
  throw last;
};
