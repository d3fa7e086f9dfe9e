import { type Crypto } from '#base';
import { DER } from '../der.ts';
import { derOf } from '../x509/der-values.ts';

/** AlgorithmIdentifier of SHA-256 with NULL parameters. Source: RFC 5754 §2.2. */
const SHA256 = Uint8Array.of(0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00);
const TRUE = Uint8Array.of(0xff);
const VERSION = Uint8Array.of(1);

/**
 * DER of a request for a time over the raw bytes of a signature: their SHA-256, the nonce, and the wish to have the authority's
 * certificate in the answer. The nonce is not negative, and fresh for every request: it shows that the answer is no older one.
 * Source: RFC 3161 §2.4.1.
 */
export const timestampRequest = (signature: Uint8Array, nonce: bigint, crypto: Crypto): Uint8Array =>
  derOf(
    DER.sequence,
    derOf(DER.integer, VERSION),
    derOf(DER.sequence, SHA256, derOf(DER.octetString, crypto.sha256(signature))),
    derOf(DER.integer, integerBytes(nonce)),
    derOf(0x01, TRUE),
  );

/** Content of an INTEGER that is not negative, in its shortest form. Source: X.690 §8.3. */
const integerBytes = (number: bigint): Uint8Array => {
  const digits = number.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  const bytes = (even.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return Uint8Array.from(bytes[0]! >= 0x80 ? [0, ...bytes] : bytes);
};
