import { dirname, join } from 'node:path';
import { escapeControl, fromUtf8, shellWord, TrainlockError } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { type PublicKey, readPublicKeyPem } from '#seal';
import type { Signer } from '../signer.ts';
import { checkSigns, findNewestKey } from './find-key.ts';
import type { KeyPurpose } from './key-description.ts';
import { checkKeyName, isKeyName } from './key-name.ts';
import { type Environment, keysFolder, openKeysFolder } from './keys-folder.ts';
import { entriesIn, type KeyEntry, type LocalKey } from './list-keys.ts';
import { openKey } from './open-key.ts';
import type { AskPassphrase, PrivateKey } from './read-private-key.ts';
import { signWithKey } from './sign-with-key.ts';

export type LoadKeyOptions = {
  readonly env: Environment;
  /** Asked only if the key is encrypted. */
  readonly passphrase: AskPassphrase;
  /** What it is to sign; a key that was made for something else is refused. */
  readonly purpose?: KeyPurpose;
};

/**
 * The key with a name, or in a file: text with a dot or a slash is a path. A name that was replaced signs with its newest key.
 * Throws TL0001 for empty text; TL1101 if there is none; TL1102 if others can read it, it is damaged, it is not what stands beside it, or it was replaced;
 * TL1103 if its passphrase is missing or wrong; TL1106 if it is revoked, under whatever path it lies.
 */
export const loadKey = async (nameOrPath: string, options: LoadKeyOptions): Promise<Signer> => {
  if (isKeyName(nameOrPath)) return signerOf(findNewestKey(await entriesIn(await openKeysFolder(options.env)), nameOrPath), options);
  if (nameOrPath === '') checkKeyName('');
  const opened = await openKey(nameOrPath, options.passphrase);
  await checkPublicFile(publicFileOf(nameOrPath), opened.publicKey, nameOrPath);
  const known = keysFolder(options.env).kind === 'none' ? [] : await entriesIn(await openKeysFolder(options.env));
  checkKnown(known, opened.publicKey.keyId, options.purpose);
  return signWithKey(opened.key, opened.publicKey, `the file ${nameOrPath}`);
};

/** The signer of a key in the folder. */
export const signerOf = async (key: LocalKey, { passphrase, purpose }: LoadKeyOptions): Promise<Signer> => {
  checkSigns(key);
  checkPurpose(key, purpose);
  const opened = await openListed(key, passphrase);
  return signWithKey(opened.key, opened.publicKey, `the file ${key.paths.privateKey}`);
};

/** Opens the private file of a key in the folder, in any state. It must be the key that its description and its public file say. */
export const openListed = async (key: LocalKey, ask: AskPassphrase): Promise<PrivateKey> => {
  if (!key.hasPrivateKey) {
    throw new TrainlockError('TL1101', `the private half of the key ${key.name} is not there`, {
      where: key.paths.privateKey,
      notes: ['its description is: the file was removed, or lies on a disk that is not connected'],
      fix: `bring it back from a copy, or make the next one: trainlock keys rotate ${key.name}`,
    });
  }
  const opened = await openKey(key.paths.privateKey, ask, `the key ${key.name}`);
  if (opened.publicKey.keyId !== key.keyId) throw otherKey(key.paths.privateKey, key.paths.description);
  await checkPublicFile(key.paths.publicKey, opened.publicKey, key.paths.privateKey);
  return opened;
};

/** The file of the public half, as trainlock and cosign name it. */
const publicFileOf = (path: string): string | undefined => (path.endsWith('.key') ? join(dirname(path), `${path.slice(path.lastIndexOf('/') + 1, -4)}.pub`) : undefined);

/** A public file that is not there, or not PEM, says nothing. */
const checkPublicFile = async (publicFile: string | undefined, publicKey: PublicKey, privateFile: string): Promise<void> => {
  const bytes = publicFile === undefined ? undefined : await readBoundedIfThere(publicFile, 65_536);
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  if (publicFile === undefined || text?.includes('-----BEGIN PUBLIC KEY-----') !== true) return;
  const reading = readPublicKeyPem(text, nodeCrypto);
  if (reading.kind === 'rejected' || reading.value.keyId !== publicKey.keyId) throw otherKey(privateFile, publicFile);
};

const otherKey = (privateFile: string, other: string): TrainlockError =>
  new TrainlockError('TL1102', `the private key ${escapeControl(privateFile)} is not the one that ${escapeControl(other)} describes`, {
    where: privateFile,
    notes: ['one of the two was replaced: signatures of the one are not verified by the other'],
    fix: `look which one is yours: openssl pkey -pubout -in ${shellWord(privateFile)}`,
  });

const checkKnown = (entries: readonly KeyEntry[], keyId: string, purpose: KeyPurpose | undefined): void => {
  for (const entry of entries) {
    if (entry.kind === 'key' && entry.key.keyId === keyId) {
      checkSigns(entry.key);
      checkPurpose(entry.key, purpose);
    }
    if (entry.kind === 'damaged' && entry.keyId === keyId)
      throw new TrainlockError('TL1102', `the key ${entry.name} is damaged: ${entry.because}`, { where: entry.paths.revocation, fix: entry.fix });
  }
};

const checkPurpose = (key: LocalKey, purpose: KeyPurpose | undefined): void => {
  if (purpose === undefined || purpose === key.purpose) return;
  throw new TrainlockError('TL1102', `the key ${key.name} is for ${PURPOSES[key.purpose]}, not for ${PURPOSES[purpose]}`, {
    where: key.paths.description,
    fix: `trainlock keys new NAME --purpose ${purpose}`,
  });
};

const PURPOSES: Readonly<Record<KeyPurpose, string>> = { statements: 'statements', log: 'the log', root: 'trust files' };
