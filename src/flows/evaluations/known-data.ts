import { toHex, utf8 } from '#base';
import type { KnownData } from '#evidence';
import { nodeCrypto } from '#files';
import type { DataSet, Manifest } from '#manifest';
import { listDigestOf } from '../data/data-set.ts';

/** Which bytes the data sets of a record had: one common digest is enough to be the same. What changed while it was read is not known. */
export const knownData = (manifest: Pick<Manifest, 'data' | 'run'>): readonly KnownData[] =>
  manifest.data.map((set) => ({ name: set.name, role: set.role, digests: set.stability === 'changed' || set.complete === false ? [] : digestsOf(set, manifest) }));

const digestsOf = (set: DataSet, manifest: Pick<Manifest, 'run'>): readonly string[] => {
  const { contentSha256, list, files = [] } = set;
  const bytes = files.flatMap(({ sha256 }) => sha256 ?? []).toSorted();
  const isWhole = files.length > 0 && bytes.length === files.length;
  return [
    ...(contentSha256 === undefined ? [] : [contentSha256]),
    ...(list !== undefined || isWhole ? [listDigestOf(set, manifest)] : []),
    // The same files under other names.
    ...(isWhole ? [toHex(nodeCrypto.sha256(utf8(`files\n${bytes.join('\n')}`)))] : []),
  ];
};

/** Digests of which at least one stands in every record that names the same bytes. */
export const namedDigests = ({ contentSha256, list, files = [] }: DataSet): readonly string[] =>
  [contentSha256, list?.sha256, ...files.map(({ sha256 }) => sha256)].filter((one) => one !== undefined);
