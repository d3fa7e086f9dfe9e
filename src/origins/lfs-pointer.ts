import { fromUtf8 } from '#base';

/** Where the bytes of a file in Git LFS are: their SHA-256 and size. */
export type LfsPointer = { readonly oid: string; readonly sizeBytes: number };

/** Longer files are no pointers. Unit: byte. Source: git-lfs, docs/spec.md, "The Pointer". */
export const LONGEST_POINTER = 1024;

/** Reads a pointer of Git LFS; undefined if the bytes are none. They are hostile. */
export const readLfsPointer = (bytes: Uint8Array): LfsPointer | undefined => {
  if (bytes.length > LONGEST_POINTER) return undefined;
  const text = fromUtf8(bytes);
  if (text === undefined || !/^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\n/.test(text)) return undefined;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size ([0-9]{1,15})$/m.exec(text)?.[1];
  return oid === undefined || size === undefined ? undefined : { oid, sizeBytes: Number(size) };
};
