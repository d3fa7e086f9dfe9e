import { fromUtf8, shellWord, TrainlockError } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { pemOfPublicKey, readPublicKeyPem } from '#seal';
import { findKey } from './find-key.ts';
import { type Environment, openKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';
import { openListed } from './load-key.ts';
import { type PrivateForm, privatePem } from './private-pem.ts';
import type { AskPassphrase } from './read-private-key.ts';

export type ExportKey = {
  readonly env: Environment;
  /** Exactly this key, in any state: signatures of retired and revoked keys are verified too. */
  readonly name: string;
  /** Asks for the private half. It leaves only encrypted: `passphrase` is the one of what is written, `ask` gives the one of the key. */
  readonly private?: { readonly form: PrivateForm; readonly passphrase: string; readonly ask: AskPassphrase };
};

/**
 * PEM of the public key, or, asked for, of the encrypted private key. Throws TL1101 if there is no such key, TL1102 if its files do not
 * fit, TL1103 if the key does not open, TL0001 for an empty passphrase.
 */
export const exportKey = async (options: ExportKey): Promise<string> => {
  const key = findKey(await entriesIn(await openKeysFolder(options.env)), options.name);
  if (options.private === undefined) return await publicPem(key);
  const { form, passphrase, ask } = options.private;
  return await privatePem((await openListed(key, ask)).key, passphrase, form);
};

const publicPem = async (key: LocalKey): Promise<string> => {
  const path = key.paths.publicKey;
  const bytes = await readBoundedIfThere(path, 65_536);
  const fix = `openssl pkey -pubout -in ${shellWord(key.paths.privateKey)} -out ${shellWord(path)}`;
  if (bytes === undefined) throw new TrainlockError('TL1101', `the public half of the key ${key.name} is not there`, { where: path, fix });
  const reading = readPublicKeyPem(fromUtf8(bytes) ?? '', nodeCrypto);
  if (reading.kind === 'accepted' && reading.value.keyId === key.keyId) return pemOfPublicKey(reading.value);
  throw new TrainlockError('TL1102', `the public half of the key ${key.name} is damaged, or that of another key`, { where: path, fix });
};
