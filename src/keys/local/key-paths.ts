import { join } from 'node:path';

/** The files of one key. All are written once; which of them are there is the state of the key. */
export type KeyPaths = {
  /** PEM of the private key, 0600. The first file of a key: whoever creates it owns the name. */
  readonly privateKey: string;
  /** PEM of the public key, for openssl, cosign and others. */
  readonly publicKey: string;
  /** The description. The last file of a new key: with it the key is finished. */
  readonly description: string;
  /** There if the key is revoked. */
  readonly revocation: string;
};

export const keyPaths = (folder: string, name: string): KeyPaths => ({
  privateKey: join(folder, `${name}.key`),
  publicKey: join(folder, `${name}.pub`),
  description: join(folder, `${name}.json`),
  revocation: join(folder, `${name}.revoked.json`),
});
