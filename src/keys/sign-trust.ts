import { type Crypto, TrainlockError } from '#base';
import { readTrust, type Trust, trustBytesToSign, type TrustEnvelope, type TrustSignature } from '#trust';
import { nodeVerifySignature } from './node-signatures.ts';
import type { Signer } from './signer.ts';

/**
 * A root's signature over a trust file. Only a trust document that was read and understood can be signed, and only by one of its own
 * roots or of the roots of the version before it. The signature is checked before it is given out. Throws TL1102 if the key is no
 * root, TL1104 if it does not sign.
 */
export const signTrust = async (signer: Signer, envelope: TrustEnvelope, before: Trust | undefined, crypto: Crypto): Promise<TrustSignature> => {
  const reading = readTrust(envelope.payload, crypto);
  if (reading.kind === 'rejected') throw new TypeError('only trust documents that can be read are signed');
  const { publicKey, place } = signer;
  const roots = [...reading.value.roots, ...(before?.roots ?? [])];
  if (!roots.some(({ key }) => key.keyId === publicKey.keyId)) {
    throw new TrainlockError('TL1102', `the key ${publicKey.keyId.slice(0, 12)}… is no root of version ${reading.value.version} of the trust file, nor of the one before it`, {
      where: place,
      fix: 'trainlock trust show   # lists the roots',
    });
  }
  const message = trustBytesToSign(envelope);
  const signature = await signer.sign(message);
  if (!nodeVerifySignature(publicKey.spki, message, signature)) {
    throw new TrainlockError('TL1104', 'the signature does not fit the public key', { where: place, fix: 'trainlock keys list' });
  }
  return { keyId: publicKey.keyId, signature };
};
