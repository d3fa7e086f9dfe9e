import type { Crypto } from '#base';
import { sha384, sha512 } from '@noble/hashes/sha2.js';
import type { DigestAlgorithm } from '../x509/signature-algorithm.ts';

/** Digest of bytes with the algorithm that a token names. Source: FIPS 180-4. */
export const digestOf = (algorithm: DigestAlgorithm, bytes: Uint8Array, crypto: Crypto): Uint8Array => {
  switch (algorithm) {
    case 'sha256':
      return crypto.sha256(bytes);
    case 'sha384':
      return sha384(bytes);
    case 'sha512':
      return sha512(bytes);
  }
};
