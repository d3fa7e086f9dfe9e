import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { nodeCrypto } from '#files';
import { preAuthEncoding, type PublicKey, readPublicKey, writeBundle } from '#seal';

export type TestKey = { readonly publicKey: PublicKey; readonly privateKey: KeyObject; readonly hint: string };

const keyOf = (pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }): TestKey => {
  const read = readPublicKey(pair.publicKey.export({ type: 'spki', format: 'der' }), nodeCrypto);
  if (read.kind === 'rejected') throw new Error(read.problems[0]?.message);
  return { publicKey: read.value, privateKey: pair.privateKey, hint: Buffer.from(read.value.keyId, 'hex').toString('base64') };
};

/** A fresh key of one of the kinds that may sign. */
export const testKey = (kind: 'ecdsa-p256' | 'ed25519' | 'rsa' = 'ecdsa-p256'): TestKey => {
  switch (kind) {
    case 'ecdsa-p256':
      return keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    case 'ed25519':
      return keyOf(generateKeyPairSync('ed25519'));
    case 'rsa':
      return keyOf(generateKeyPairSync('rsa', { modulusLength: 3072 }));
  }
};

export const signWith = (key: TestKey, message: Uint8Array): Uint8Array => sign(key.publicKey.algorithm === 'ed25519' ? null : 'sha256', message, key.privateKey);

/** Bytes of a bundle over a payload, by node:crypto and not by the code under test. */
export const bundleOver = (payload: Uint8Array, key: TestKey, payloadType: string = 'application/vnd.in-toto+json'): Uint8Array =>
  writeBundle({ payload, signature: signWith(key, preAuthEncoding(payloadType, payload)), signer: { kind: 'key', hint: key.hint } });
