import { opendir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { TrainlockError } from '#base';
import type { ProvenArchive } from '#environment';
import type { Manifest } from '#manifest';
import { readHeadOf } from './read-head-of.ts';

export type ArchivePlaces = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Folders with wheels that a person named. */
  readonly findLinks: readonly string[];
  /** Whether the cache of pip is looked into. */
  readonly cache: boolean;
};

/** Most files that are looked at in all. */
const MOST_FILES = 50_000;

/** Wheels here whose files are those of a recorded RECORD, by name of the distribution. Throws TL0002 for a named folder that cannot be read. */
export const findArchives = async (manifest: Manifest, places: ArchivePlaces): Promise<ReadonlyMap<string, ProvenArchive>> => {
  const wanted = new Map(manifest.dependencies.distributions.flatMap(({ name, recordSha256 }) => (recordSha256 === undefined ? [] : [[recordSha256, name]])));
  const found = new Map<string, ProvenArchive>();
  if (wanted.size === 0) return found;
  const budget = { left: MOST_FILES };
  const look = async (path: string, isNamed: boolean): Promise<void> => {
    const { proveWheel } = await import('./read-wheel.ts');
    const wheel = await proveWheel(path, (recordSha256) => !found.has(wanted.get(recordSha256) ?? '') && wanted.has(recordSha256));
    if (wheel === undefined) return;
    const { sha256, sizeBytes, file, recordSha256 } = wheel;
    if (wheel.name !== wanted.get(recordSha256)) return;
    // A file of the cache has no name that says what it is, and no place that others have.
    found.set(wanted.get(recordSha256)!, { sha256, provenBy: 'wheel', ...(isNamed ? { file, path, sizeBytes } : {}) });
  };
  for (const folder of places.findLinks)
    for await (const path of filesBelow(resolve(places.workingDirectory, folder), budget, true)) if (path.endsWith('.whl')) await look(path, true);
  if (places.cache && found.size < wanted.size) for await (const path of filesBelow(cacheFolder(places.env), budget, false)) if (await isCachedWheel(path)) await look(path, false);
  return found;
};

/** Where pip keeps what it downloaded. What it built itself lies elsewhere: no index has that again. Source: pip documentation, "Caching". */
const cacheFolder = (env: ArchivePlaces['env']): string => join(env['PIP_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'pip'), 'http-v2');

/** Bodies of answers have a head of their own beside them since pip 23.3; that of a wheel is the wheel. */
const isCachedWheel = async (path: string): Promise<boolean> => path.endsWith('.body') && (await readHeadOf(path, 4)).equals(Buffer.from('PK\u0003\u0004'));

async function* filesBelow(folder: string, budget: { left: number }, isNamed: boolean): AsyncGenerator<string> {
  const entries = await opendir(folder, { recursive: true }).catch((error: unknown) => {
    if (!isNamed) return undefined;
    throw new TrainlockError('TL0002', `the folder of wheels cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { where: folder, cause: error });
  });
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (budget.left <= 0) return;
    budget.left -= 1;
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
  }
}
