import { createECDH, createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { concatBytes } from '#base';
import { nodeCrypto } from '#files';
import { ed25519Spki, pemOfPublicKey, type PublicKey, readPublicKey } from '#seal';
import { signerOf, valueOf } from '../../fixtures/log-keys.ts';
import type { TestKey } from '../../fixtures/trust-files.ts';
import { derOf } from '../../../src/seal/x509/der-values.ts';

/** Bytes that are the same for the same text. */
export const fixedBytes = (text: string, length: number): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => createHash('sha256').update(`${text} ${i}`).digest());
  return Uint8Array.from(Buffer.concat(blocks)).subarray(0, length);
};

const keyOf = (spki: Uint8Array): PublicKey => valueOf(readPublicKey(spki, nodeCrypto));

/** An Ed25519 key that is the same in every run, and so are its signatures. */
export const fixedKey = (name: string): TestKey => {
  const { key, sign: signBytes } = signerOf(name, 'signature');
  const publicKey = keyOf(ed25519Spki(key.publicKey));
  return { publicKey, keyId: publicKey.keyId, pem: pemOfPublicKey(publicKey), sign: signBytes };
};

/** The private half in PKCS #8, of the same seed as signerOf takes. */
export const fixedPkcs8 = (name: string): Uint8Array => concatBytes(Buffer.from('302e020100300506032b657004220420', 'hex'), nodeCrypto.sha256(Buffer.from(`signature ${name}`)));

/** A P-256 key that is the same in every run. */
export const fixedP256 = (name: string): { readonly publicKey: PublicKey; readonly privateKey: KeyObject } => {
  const curve = createECDH('prime256v1');
  const secret = fixedBytes(name, 32);
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const part = (from: number, to: number): string => point.subarray(from, to).toString('base64url');
  const privateKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x: part(1, 33), y: part(33, 65), d: Buffer.from(secret).toString('base64url') }, format: 'jwk' });
  const spki = concatBytes(Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'), point);
  return { publicKey: keyOf(spki), privateKey };
};

/** The public half of an RSA key. Nobody knows its factors. */
export const fixedRsaSpki = (bits: number): Uint8Array => {
  const modulus = fixedBytes('modulus', bits / 8).slice();
  modulus[0]! |= 0x80;
  modulus[modulus.length - 1]! |= 1;
  const numbers = derOf(0x30, derOf(0x02, Uint8Array.of(0), modulus), derOf(0x02, Uint8Array.of(1, 0, 1)));
  return derOf(0x30, derOf(0x30, Buffer.from('06092a864886f70d0101010500', 'hex')), derOf(0x03, Uint8Array.of(0), numbers));
};

/** A signature of ECDSA in its form; whether it is good is another question. */
export const ecdsaShape = (text: string): Uint8Array => {
  const number = (name: string): Uint8Array => {
    const bytes = fixedBytes(`${text} ${name}`, 32).slice();
    bytes[0] = 0x11;
    return derOf(0x02, bytes);
  };
  return derOf(0x30, number('r'), number('s'));
};
