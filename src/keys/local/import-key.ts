import { TrainlockError } from '#base';
import { findKey } from './find-key.ts';
import type { KeyPurpose } from './key-description.ts';
import { checkKeyName } from './key-name.ts';
import { type Environment, makeKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';
import { describe } from './new-key.ts';
import { keyOrThrow, openKey } from './open-key.ts';
import { type AskPassphrase, readPrivateKey } from './read-private-key.ts';
import { storeKey } from './store-key.ts';

export type ImportKey = {
  readonly env: Environment;
  readonly name: string;
  /** A file, whose mode must be private, or bytes that were read elsewhere: `from` says where, in words. */
  readonly source: { readonly path: string } | { readonly bytes: Uint8Array; readonly from: string };
  /** Asked if the source is encrypted. */
  readonly ask: AskPassphrase;
  /** Passphrase of the stored key. Without one it keeps the passphrase of the source, if that has one. */
  readonly passphrase?: string;
  readonly purpose?: KeyPurpose;
  readonly comment?: string;
  readonly now?: Date;
};

/**
 * Takes a key that was made elsewhere into the folder of this user, as PKCS #8; the source is not touched. An encrypted key stays
 * encrypted. Throws like openKey and newKey, and TL1105 if the same key is here already under another name: a revoked key does not come
 * back as a new one.
 */
export const importKey = async (options: ImportKey): Promise<LocalKey> => {
  const { env, name, source, ask } = options;
  checkKeyName(name);
  const opened =
    'path' in source ? await openKey(source.path, ask) : keyOrThrow(await readPrivateKey(source.bytes, { path: source.from, what: `the key of ${source.from}`, ask }), source.from);
  const folder = await makeKeysFolder(env);
  const same = (await entriesIn(folder)).find((entry) => (entry.kind === 'key' ? entry.key.keyId : entry.kind === 'damaged' ? entry.keyId : undefined) === opened.publicKey.keyId);
  if (same !== undefined) {
    const other = same.kind === 'key' ? same.key.name : same.name;
    throw new TrainlockError('TL1105', `this key is here already: its name is ${other}`, { fix: 'trainlock keys list' });
  }
  // cosign writes keys with an empty passphrase, which protects nothing.
  const passphrase = options.passphrase ?? (opened.passphrase === '' ? undefined : opened.passphrase);
  await storeKey(folder, { key: opened.key, publicKey: opened.publicKey, passphrase, description: describe(options, opened.publicKey) });
  return findKey(await entriesIn(folder), name);
};
