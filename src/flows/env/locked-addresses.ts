import { join } from 'node:path';
import { toHex } from '#base';
import { LOCK_FORMATS } from '#capture';
import type { ProvenArchive } from '#environment';
import { nodeCrypto, readBoundedIfThere } from '#files';
import type { Manifest } from '#manifest';
import type { RunRecord, Store } from '#store';
import { rootsNow } from '../data/data-set.ts';
import { pathOfName } from '#assembly';

/** Largest lock file that is read. Unit: byte. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Addresses and file names of the archives whose hashes the record took from its lock file, by name of the distribution. They are read
 * from the very bytes that were recorded: from the project if they still lie there, else from the store.
 */
export const lockedAddresses = async (
  manifest: Manifest,
  { store, run, projectRoot }: { readonly store: Store; readonly run: RunRecord; readonly projectRoot: string },
): Promise<ReadonlyMap<string, ProvenArchive>> => {
  const { lock, distributions } = manifest.dependencies;
  if (lock?.sha256 === undefined || lock.agrees !== 'yes') return new Map();
  const roots = await rootsNow(run, manifest, { projectRoot, orHere: true });
  const bytes =
    (await bytesAt(pathOfName(lock.path, roots) ?? join(projectRoot, 'no-lock-file'), lock.sha256)) ?? (await store.readObject(lock.sha256, MOST_BYTES).catch(() => undefined));
  const packages = bytes === undefined ? undefined : LOCK_FORMATS.find(({ kind }) => kind === lock.kind)?.read(Buffer.from(bytes).toString('utf8'));
  const archives = new Map((packages ?? []).flatMap((one) => one.archives.map((archive) => [`${one.name} ${archive.sha256}`, archive] as const)));
  return new Map(
    distributions.flatMap(({ name, wheelSha256 }) => {
      const archive = wheelSha256 === undefined ? undefined : archives.get(`${name} ${wheelSha256}`);
      return archive?.url === undefined || archive.file === '' ? [] : [[name, { sha256: archive.sha256, provenBy: 'lock-file' as const, file: archive.file, url: archive.url }]];
    }),
  );
};

const bytesAt = async (path: string, sha256: string): Promise<Uint8Array | undefined> => {
  const bytes = await readBoundedIfThere(path, MOST_BYTES).catch(() => undefined);
  return bytes !== undefined && toHex(nodeCrypto.sha256(bytes)) === sha256 ? bytes : undefined;
};
