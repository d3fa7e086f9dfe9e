import { hash } from 'node:crypto';
import { readJson } from '#base';
import { LARGEST_LISTING } from './limits.ts';
import { isSafePath } from './safe-path.ts';

/** A file of a folder that DVC tracks. */
export type DvcListed = { readonly path: string; readonly digest: string };

/**
 * The files of a folder, from the object with the digest of the folder. undefined if the bytes are not those of the digest, or
 * are no listing: they are hostile, and no path in them leads out of the folder.
 */
export const readDvcListing = (bytes: Uint8Array, digest: string): readonly DvcListed[] | undefined => {
  if (hash('md5', bytes, 'hex') !== digest.replace(/\.dir$/, '')) return undefined;
  const reading = readJson(bytes, { maxBytes: LARGEST_LISTING, maxDepth: 4, maxKeys: 20_000_000 });
  if (reading.kind === 'rejected' || !Array.isArray(reading.value)) return undefined;
  const seen = new Set<string>();
  const files: DvcListed[] = [];
  for (const entry of reading.value as readonly unknown[]) {
    const { md5, relpath } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/.test(md5) || typeof relpath !== 'string' || !isSafePath(relpath) || seen.has(relpath)) return undefined;
    seen.add(relpath);
    files.push({ path: relpath, digest: md5 });
  }
  return files;
};
