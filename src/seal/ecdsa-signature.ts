import { concatBytes } from '#base';
import { DER } from './der.ts';
import { signatureProblem } from './public-key.ts';

/** Bytes of one number of P-256. Source: SEC 2 §2.4.2. */
const NUMBER_BYTES = 32;

/**
 * The DER form of an ECDSA P-256 signature that hardware gives as r and s, 32 bytes each. The bytes are hostile: undefined for another
 * length and for numbers outside 1 to the order less 1. Source: PKCS #11 3.0 §2.3.1, RFC 3279 §2.2.3.
 */
export const derOfRawSignature = (raw: Uint8Array): Uint8Array | undefined =>
  raw.length === 2 * NUMBER_BYTES ? derOfNumbers(raw.subarray(0, NUMBER_BYTES), raw.subarray(NUMBER_BYTES)) : undefined;

/** The DER form of r and s in big-endian bytes; undefined for numbers outside 1 to the order of P-256 less 1. */
export const derOfNumbers = (r: Uint8Array, s: Uint8Array): Uint8Array | undefined => {
  // Above one byte more than a number has, the short form of lengths would no longer do.
  if (r.length > NUMBER_BYTES + 1 || s.length > NUMBER_BYTES + 1) return undefined;
  const content = concatBytes(integer(r), integer(s));
  const signature = concatBytes(Uint8Array.of(DER.sequence, content.length), content);
  return signatureProblem('ecdsa-p256', signature) === undefined ? signature : undefined;
};

const integer = (bytes: Uint8Array): Uint8Array => {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Uint8Array.of(0) : bytes.subarray(start);
  // A first bit of one would make the number negative. Source: X.690 §8.3.
  const content = digits[0]! >= 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits;
  return concatBytes(Uint8Array.of(DER.integer, content.length), content);
};
