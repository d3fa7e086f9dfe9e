import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { VerifyWith } from '#seal';

const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Unit: bit. Older roots have 2048. */
const RSA_BITS = { least: 2048, most: 8192 };

/** Signatures of certificates and tokens, by Node: OpenSSL. */
export const nodeVerifyWith: VerifyWith = (spki, algorithm, message, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const [kind, digest] = algorithm.split('-') as [string, string | undefined];
    return kind === kindOf(key) && verify(digest ?? null, message, key, signature);
  } catch {
    return false;
  }
};

/** The first half of the name of the algorithms that a key is for; undefined for a key that counts for none. */
const kindOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined => {
  const { namedCurve, modulusLength = 0 } = asymmetricKeyDetails ?? {};
  switch (asymmetricKeyType) {
    case 'ec':
      return CURVES.includes(namedCurve) ? 'ecdsa' : undefined;
    case 'rsa':
      return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most ? 'rsa' : undefined;
    case 'ed25519':
      return 'ed25519';
    default:
      return undefined;
  }
};
