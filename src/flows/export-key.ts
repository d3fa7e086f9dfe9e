/** Gives a key of this user to other tools: the public half, or the encrypted private one. */
import { TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { exportKey, passphraseFrom } from '#keys';
import { ed25519Raw, readPublicKeyPem } from '#seal';
import { verifierKeyOf, writeVerifierKey } from '#tlog';
import { newPassphrase } from './new-key.ts';

export type ExportForm = 'pem' | 'cosign' | 'vkey';

export type ExportKeyRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly form: ExportForm;
  readonly private: boolean;
  /** Name under which the key signs notes, for a verifier key; the name of the key unless said otherwise. */
  readonly origin?: string;
};

export type ExportedKey = { readonly name: string; readonly half: 'public' | 'private'; readonly form: ExportForm; /** With a line feed at its end. */ readonly text: string };

/** Throws like exportKey; TL0001 for a form that this key cannot have; TL1103 if nobody gives a passphrase for the private half. */
export const giveKey = async ({ env, name, form, private: isPrivate, origin }: ExportKeyRequest): Promise<ExportedKey> => {
  if (isPrivate) {
    if (form === 'vkey') throw new TrainlockError('TL0001', 'a verifier key has no private half', { fix: `trainlock keys export ${name} --private` });
    // Says first whether there is such a key: nobody should think of a passphrase for nothing.
    await exportKey({ env, name });
    const passphrase = await newPassphrase(env, name);
    return { name, half: 'private', form, text: await exportKey({ env, name, private: { form, passphrase, ask: passphraseFrom(env) } }) };
  }
  const pem = await exportKey({ env, name });
  return { name, half: 'public', form, text: form === 'vkey' ? `${verifierKey(pem, origin ?? name)}\n` : pem };
};

const verifierKey = (pem: string, name: string): string => {
  const key = readPublicKeyPem(pem, nodeCrypto);
  if (key.kind === 'rejected' || key.value.algorithm !== 'ed25519')
    throw new TrainlockError('TL0001', `only an Ed25519 key has a verifier key, and ${name} is none`, { fix: 'trainlock keys new NAME --algorithm ed25519' });
  const reading = verifierKeyOf({ name, use: 'signature', publicKey: ed25519Raw(key.value) }, nodeCrypto);
  if (reading.kind === 'accepted') return writeVerifierKey(reading.value);
  throw new TrainlockError('TL0001', reading.problems[0]?.message ?? 'the key cannot sign notes', { fix: '--origin example.com/log' });
};
