import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { walkFolder } from '#files';
import type { ImportedDigest, Origin } from '#snapshot';
import { hubUri, readHubPath } from './hub-layout.ts';
import { MOST_IMPORTED } from './limits.ts';

/**
 * The repository and revision of data in the cache of huggingface_hub. The names of its blobs are digests: SHA-256 of large files,
 * the blob id of git of others. undefined if the path does not lie in such a cache.
 */
export const findHubOrigin = async (path: string): Promise<Origin | undefined> => {
  const place = readHubPath(path);
  if (place === undefined) return undefined;
  const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = isFolder ? (await walkFolder(path)).files.filter(({ raw }) => raw === undefined).map((file) => file.path) : [''];
  const inRepository = (file: string): string => [place.path, file].filter((part) => part !== '').join('/');
  const imported = files.length > MOST_IMPORTED ? [] : files.flatMap((file) => digestOf(join(path, file), { folder: place.folder, name: inRepository(file) }));
  return { kind: 'hub', uri: hubUri(place), revision: place.revision, path: place.path === '' ? '.' : place.path, ...(imported.length === 0 ? {} : { imported }) };
};

/** The digest in the name of the blob that a file of the cache links to. On systems without links the cache holds files, and tells none. */
const digestOf = (path: string, { folder, name }: { readonly folder: string; readonly name: string }): readonly ImportedDigest[] => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return [];
  const blob = resolve(dirname(path), readlinkSync(path));
  if (dirname(blob) !== join(folder, 'blobs')) return [];
  const digest = blob.slice(blob.lastIndexOf('/') + 1);
  if (/^[0-9a-f]{64}$/.test(digest)) return [{ algorithm: 'sha256', digest, path: name }];
  return /^[0-9a-f]{40}$/.test(digest) ? [{ algorithm: 'git-blob', digest, path: name }] : [];
};
