/** Makes a key of this user. */
import { TrainlockError } from '#base';
import { type LocalKey, newKey, type NewKeyAlgorithm, newPassphraseFrom } from '#keys';

export type NewKeyRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly algorithm?: NewKeyAlgorithm;
  readonly purpose?: 'statements' | 'root';
  /** The private file is encrypted with a passphrase, which is asked for. */
  readonly encrypt: boolean;
  readonly comment?: string;
};

/** Throws like newKey, and TL1103 if there is to be a passphrase and nobody gives one. */
export const makeKey = async ({ env, name, algorithm, purpose, encrypt, comment }: NewKeyRequest): Promise<LocalKey> => {
  const passphrase = encrypt ? await newPassphrase(env, name) : undefined;
  return newKey({
    env,
    name,
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(comment === undefined ? {} : { comment }),
  });
};

/** A passphrase for something that is being written. Throws TL1103 if nobody gives one. */
export const newPassphrase = async (env: NewKeyRequest['env'], name: string): Promise<string> => {
  const passphrase = await newPassphraseFrom(env)(`the key ${name}`);
  if (passphrase !== undefined) return passphrase;
  throw new TrainlockError('TL1103', `no passphrase was given for the key ${name}`, {
    notes: ['there is no terminal to ask at'],
    fix: 'export TRAINLOCK_PASSPHRASE_FILE=FILE   # a file with mode 0600 that holds the passphrase',
  });
};
