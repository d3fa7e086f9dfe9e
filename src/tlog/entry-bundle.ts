import { accepted, concatBytes, type Reading, rejected } from '#base';
import { TILE_WIDTH } from './tile-path.ts';

/** Bytes of the longest leaf: its length is written in two bytes. Source: C2SP tlog-tiles v0.1, "Log entries". */
export const MOST_LEAF_BYTES = 65_535;

/**
 * Reads a bundle of leaves from untrusted bytes: each leaf after its length, 1 to 256 leaves of 1 to 65535 bytes and not one byte more.
 * The leaves are views of the bytes. Never throws.
 * Source: C2SP tlog-tiles v0.1, "Log entries".
 */
export const readEntryBundle = (bytes: Uint8Array): Reading<readonly Uint8Array[]> => {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (leaves.length === TILE_WIDTH) return wrong(`the bundle has more than ${TILE_WIDTH} leaves`);
    if (at + 2 > bytes.length) return wrong(`the length of leaf ${leaves.length} is cut off`);
    const length = bytes[at]! * 256 + bytes[at + 1]!;
    if (length === 0) return wrong(`leaf ${leaves.length} is empty`);
    if (at + 2 + length > bytes.length) return wrong(`leaf ${leaves.length} is cut off: it has ${bytes.length - at - 2} of ${length} bytes`);
    leaves.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves.length === 0 ? wrong('the bundle has no leaf') : accepted(leaves);
};

/** The bytes of a bundle. Throws RangeError for leaves that `readEntryBundle` would not read back. */
export const writeEntryBundle = (leaves: readonly Uint8Array[]): Uint8Array => {
  if (leaves.length === 0 || leaves.length > TILE_WIDTH) throw new RangeError(`a bundle has 1 to ${TILE_WIDTH} leaves, not ${leaves.length}`);
  return concatBytes(
    ...leaves.flatMap((leaf) => {
      if (leaf.length === 0 || leaf.length > MOST_LEAF_BYTES) throw new RangeError(`a leaf has 1 to ${MOST_LEAF_BYTES} bytes, not ${leaf.length}`);
      return [Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf];
    }),
  );
};

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
