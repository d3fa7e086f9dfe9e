import { createPublicKey, verify } from 'node:crypto';
import type { VerifySignature } from '#base';

/** The signatures of Node: OpenSSL. */
export const nodeVerifySignature: VerifySignature = (spki, message, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', message, key, signature);
  } catch {
    return false;
  }
};
