import { utf8 } from '#base';

/** Bytes of the longest name that readers of cosignatures accept. Source: C2SP tlog-cosignature, cosigner_name<1..2^8-1>. */
const MOST_BYTES = 255;

/**
 * Whether text may name a key in a signed note: not empty, no Unicode spaces, no plus, no control characters, at most 255 bytes of UTF-8.
 * Source: C2SP signed-note v1, "Format".
 */
export const isKeyName = (text: string): boolean => text !== '' && text.isWellFormed() && !/[\p{White_Space}+\u0000-\u001f]/u.test(text) && utf8(text).length <= MOST_BYTES;
