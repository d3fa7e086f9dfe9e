import { type Crypto, toHex } from '#base';
import { linesOfList, isWhole } from './list-lines.ts';
import { merkleRoot } from './merkle-root.ts';

/** Digest of a whole tree of files: RFC 9162 root in hexadecimal, and the number of files, without which a root says little. */
export type TreeRoot = { readonly root: string; readonly size: number };

/**
 * The tree digest of a file list: the Merkle root over its lines without line feeds. Throws TypeError if the last line has no
 * line feed; whether the lines are a valid list is for readFileList to say.
 */
export const treeRootOf = (listBytes: Uint8Array, crypto: Crypto): TreeRoot => {
  if (!isWhole(listBytes)) throw new TypeError('the last line of the file list does not end with a line feed');
  let size = 0;
  const counted = function* (): Generator<Uint8Array> {
    for (const line of linesOfList(listBytes)) {
      size += 1;
      yield line;
    }
  };
  const root = toHex(merkleRoot(counted(), crypto));
  return { root, size };
};
