import { fromBase64 } from '#base';
import { HASH_BYTES } from '#digest';

/** The hash in a line of standard base64; undefined for anything that is not exactly one hash. */
export const readHashLine = (line: string): Uint8Array | undefined => {
  const bytes = line.length === 44 ? fromBase64(line) : undefined;
  return bytes?.length === HASH_BYTES ? bytes : undefined;
};
