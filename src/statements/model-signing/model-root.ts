import { type Crypto } from '#base';

/**
 * SHA-256 over the digests of the files, one after the other in the order of the list. Names are not in it: after a rename the root is
 * the same. So it is written and checked because the format wants it, and never used as the identity of anything; it does not leave
 * this room. Source: OpenSSF Model Signing v1.0.
 */
export const modelRoot = (files: readonly { readonly sha256: string }[], crypto: Crypto): Uint8Array => {
  const digests = new Uint8Array(files.length * DIGEST_BYTES);
  for (const [at, { sha256 }] of files.entries()) {
    for (let i = 0; i < DIGEST_BYTES; i += 1) digests[at * DIGEST_BYTES + i] = Number.parseInt(sha256.slice(2 * i, 2 * i + 2), 16);
  }
  return crypto.sha256(digests);
};

const DIGEST_BYTES = 32;
