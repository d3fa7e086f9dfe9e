import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { nodeCrypto } from '#files';
import { TrainlockError } from '#base';
import { type PublicKey, readPublicKey } from '#seal';
import { findKey } from './find-key.ts';
import type { KeyDescription, KeyPurpose } from './key-description.ts';
import { checkKeyName } from './key-name.ts';
import { type Environment, makeKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';
import { storeKey } from './store-key.ts';

/** What trainlock makes; cosign and model signing accept only the first for statements. */
export type NewKeyAlgorithm = 'ecdsa-p256' | 'ed25519';

export type NewKey = {
  readonly env: Environment;
  readonly name: string;
  /** ECDSA P-256 unless said otherwise. */
  readonly algorithm?: NewKeyAlgorithm;
  /** Encrypts the private file; without one it is protected by its mode alone. */
  readonly passphrase?: string;
  /** Statements unless said otherwise. */
  readonly purpose?: KeyPurpose;
  readonly comment?: string;
  /** Key identifier of the key that it replaces. */
  readonly replaces?: string;
  readonly now?: Date;
};

/**
 * Makes a key in the folder of this user. Of several processes that make one with the same name exactly one succeeds.
 * Throws TL0001 for a name, comment or passphrase that cannot be, TL1105 if the name is taken, TL1102 by an unfinished key, TL0003 if it
 * cannot be written.
 */
export const newKey = async (options: NewKey): Promise<LocalKey> => {
  checkKeyName(options.name);
  const { key, publicKey } = generateKey(options.algorithm ?? 'ecdsa-p256');
  const folder = await makeKeysFolder(options.env);
  try {
    await storeKey(folder, { key, publicKey, passphrase: options.passphrase, description: describe(options, publicKey) });
  } catch (error) {
    const entries = await entriesIn(folder);
    // Told in its own words: what stands in the way is of no use to anybody.
    if (entries.some((entry) => entry.kind === 'unfinished' && entry.name === options.name)) findKey(entries, options.name);
    throw error;
  }
  return findKey(await entriesIn(folder), options.name);
};

export const generateKey = (algorithm: NewKeyAlgorithm): { readonly key: KeyObject; readonly publicKey: PublicKey } => {
  const pair = algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const reading = readPublicKey(pair.publicKey.export({ type: 'spki', format: 'der' }), nodeCrypto);
  if (reading.kind === 'rejected') throw new TrainlockError('TL0901', 'a key that was just made is not accepted');
  return { key: pair.privateKey, publicKey: reading.value };
};

export const describe = ({ name, purpose, comment, replaces, now }: Pick<NewKey, 'name' | 'purpose' | 'comment' | 'replaces' | 'now'>, publicKey: PublicKey): KeyDescription => ({
  schemaVersion: '1.0',
  name,
  keyId: publicKey.keyId,
  algorithm: publicKey.algorithm,
  createdAt: (now ?? new Date()).toISOString(),
  purpose: purpose ?? 'statements',
  ...(replaces === undefined ? {} : { replaces }),
  ...(comment === undefined ? {} : { comment }),
});
