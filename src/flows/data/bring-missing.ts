import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf, escapeControl } from '#base';
import { type FileName, readFileList } from '#digest';
import { makeTemporaryFolder } from '#files';
import type { DataSet, Manifest } from '#manifest';
import { fetchOrigin } from '#origins';
import type { Origin } from '#snapshot';
import type { Store } from '#store';
import { rootOf } from './entries-of.ts';
import { entriesOfSet } from './data-set.ts';

type Missing = FileName & { readonly sha256: string };

const FETCHABLE: ReadonlySet<DataSet['origin']['kind']> = new Set(['git', 'git-lfs', 'dvc', 'hub', 'http', 's3', 'database']);

/**
 * Fetches the files of data sets that the store does not keep from the origins that a record states, and puts those into the store
 * that have the recorded bytes: anything else is not what the run read. What was done is told in lines. The origin is hostile.
 */
export const bringMissing = async (store: Store, manifest: Manifest, place: { readonly repository: string; readonly signal?: AbortSignal }): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const set of manifest.data) {
    const { kind } = set.origin;
    if (!FETCHABLE.has(kind)) continue;
    const missing = await missingOf(store, set, manifest);
    if (missing.length === 0) continue;
    const { path: folder, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-origin-');
    try {
      const fetched = await fetchOrigin(originOf(set), folder, place);
      if (fetched.kind === 'not-fetched') lines.push(`${escapeControl(set.name)} was not fetched from its origin (${fetched.because}): ${escapeControl(fetched.reason)}`);
      else
        lines.push(
          `${escapeControl(set.name)}: ${await keepProven(store, rootOf(fetched.path), missing)} of ${countOf(missing.length, 'file')} fetched from its origin (${kind}) and proven`,
        );
    } finally {
      await remove();
    }
  }
  return lines;
};

const originOf = ({ origin }: DataSet): Origin => {
  const { kind, uri, revision, path, query } = origin;
  return {
    kind: kind as Origin['kind'],
    ...(uri === undefined ? {} : { uri }),
    ...(revision === undefined ? {} : { revision }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
  };
};

/** Files of a set whose bytes the store does not keep, by their paths below its root. */
const missingOf = async (store: Store, set: DataSet, manifest: Manifest): Promise<readonly Missing[]> => {
  const files = set.list === undefined ? entriesOfSet(set, manifest) : await listedFiles(store, set.list.sha256);
  const missing: Missing[] = [];
  for (const file of files) if (!(await store.hasObject(file.sha256))) missing.push(file);
  return missing;
};

const listedFiles = async (store: Store, sha256: string): Promise<readonly Missing[]> => {
  const reading = readFileList(await store.readObject(sha256).catch(() => new Uint8Array()));
  return reading.kind === 'accepted' ? reading.value : [];
};

const keepProven = async (store: Store, root: string, missing: readonly Missing[]): Promise<number> => {
  let kept = 0;
  for (const { path, raw, sha256 } of missing) {
    const file = join(root, path);
    if (raw === undefined && existsSync(file) && (await store.putObjectFile({ path: file }, { expected: sha256 })).kind === 'kept') kept += 1;
  }
  return kept;
};
