import { canonicalJson, toHex } from '#base';
import { nodeCrypto } from '#files';
import type { Erasure } from '#snapshot';
import type { SnapshotRecord } from '#store';

/** Name of an object at a remote. */
export const objectName = (sha256: string): string => `objects/sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}`;

/** Folder of the documents of snapshots at a remote. */
export const DOCUMENTS = 'snapshots/';

/** Name of the document of a snapshot at a remote: it says what the bytes are, so that it can be fetched and checked. */
export const documentName = ({ sha256, snapshot }: Pick<SnapshotRecord, 'sha256' | 'snapshot'>): string =>
  `${DOCUMENTS}${snapshot.takenAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${sha256}.json`;

/** The statement of an erasure as a document at a remote: beside those of the snapshots, told apart by its ending. */
export const erasureDocument = (erasure: Erasure): { readonly name: string; readonly sha256: string; readonly bytes: Uint8Array } => {
  const bytes = canonicalJson(erasure);
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  return { name: `${DOCUMENTS}${erasure.erasedAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${sha256}.erasure.json`, sha256, bytes };
};

/** The digest in the name of such a statement; undefined if it is something else. */
export const digestOfErasure = (name: string): string | undefined => /^snapshots\/\d{8}T\d{6}Z-([0-9a-f]{64})\.erasure\.json$/.exec(name)?.[1];

/** The digest in the name of the document of a snapshot; undefined if it is something else. */
export const digestInName = (name: string): string | undefined => /^snapshots\/\d{8}T\d{6}Z-([0-9a-f]{64})\.json$/.exec(name)?.[1];
