import { TrainlockError } from '#base';
import { findNewestKey, findKey } from './find-key.ts';
import { nextKeyName } from './key-name.ts';
import { type Environment, makeKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';
import { newKey, type NewKeyAlgorithm } from './new-key.ts';
import { readPrivateFile } from './private-file.ts';

export type RotateKey = {
  readonly env: Environment;
  readonly name: string;
  /** As the old key unless said otherwise. */
  readonly algorithm?: NewKeyAlgorithm;
  readonly passphrase?: string;
  /** The new key is not encrypted although the old one is. */
  readonly withoutPassphrase?: boolean;
  /** Name of the new key; the old name with the next number unless said otherwise. */
  readonly newName?: string;
  readonly now?: Date;
};

/**
 * Makes the key that replaces another one: from then on the old name signs with the new key. The old key is kept, with its public half,
 * so that what it signed can be verified; it signs no more. The new key names the old one in the file that makes it a key, so that a
 * kill leaves either both keys in their new state or none. Throws like newKey and findKey, and TL1103 if a passphrase would be lost.
 */
export const rotateKey = async (options: RotateKey): Promise<{ readonly key: LocalKey; readonly replaced: LocalKey }> => {
  const { env, passphrase, now } = options;
  const folder = await makeKeysFolder(env);
  const old = findNewestKey(await entriesIn(folder), options.name);
  if (passphrase === undefined && options.withoutPassphrase !== true && (await isEncrypted(old))) {
    throw new TrainlockError('TL1103', `the key ${old.name} is encrypted, and its successor would not be`, {
      where: old.paths.privateKey,
      fix: `give a passphrase for the new key, or say that it needs none: trainlock keys rotate ${options.name} --no-passphrase`,
    });
  }
  const name = options.newName ?? nextKeyName(old.name);
  await newKey({
    env,
    name,
    algorithm: options.algorithm ?? (old.algorithm === 'ed25519' ? 'ed25519' : 'ecdsa-p256'),
    purpose: old.purpose,
    replaces: old.keyId,
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(now === undefined ? {} : { now }),
  });
  const entries = await entriesIn(folder);
  return { key: findKey(entries, name), replaced: findKey(entries, old.name) };
};

/** Whether the private file is encrypted; false if it is not there. */
const isEncrypted = async (key: LocalKey): Promise<boolean> =>
  key.hasPrivateKey && Buffer.from(await readPrivateFile(key.paths.privateKey, 'private key')).includes('-----BEGIN ENCRYPTED ');
