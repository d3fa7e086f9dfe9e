import { type KeyObject, sign } from 'node:crypto';
import { TrainlockError } from '#base';
import type { PublicKey } from '#seal';
import type { Signer } from '../signer.ts';

/**
 * A signer over a private key in memory: ECDSA P-256 over SHA-256 with a DER signature, pure Ed25519, or RSA PKCS #1 v1.5 over
 * SHA-256, as VerifySignature checks them. The key itself cannot be reached through the signer.
 */
export const signWithKey = (key: KeyObject, publicKey: PublicKey, place: string): Signer => ({
  publicKey,
  place,
  sign: (message) =>
    new Promise((resolve, reject) => {
      const hash = publicKey.algorithm === 'ed25519' ? null : 'sha256';
      sign(hash, message, { key, dsaEncoding: 'der' }, (error, signature) => {
        if (error === null || error === undefined) resolve(new Uint8Array(signature));
        else reject(new TrainlockError('TL1104', `${place} did not sign`, { notes: [error.message], fix: 'trainlock keys list', cause: error }));
      });
    }),
});
