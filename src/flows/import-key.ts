/** Takes a key that was made elsewhere into the folder of this user. */
import { resolve } from 'node:path';
import { importKey, type LocalKey, passphraseFrom } from '#keys';
import { newPassphrase } from './new-key.ts';

export type ImportKeyRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly name: string;
  readonly file: string;
  readonly purpose?: 'statements' | 'root';
  /** The stored key gets a new passphrase; without it, it keeps the one that it has. */
  readonly encrypt: boolean;
  readonly comment?: string;
};

/** Throws like importKey. */
export const takeKey = async ({ env, workingDirectory, name, file, purpose, encrypt, comment }: ImportKeyRequest): Promise<LocalKey> => {
  const passphrase = encrypt ? await newPassphrase(env, name) : undefined;
  return importKey({
    env,
    name,
    source: { path: resolve(workingDirectory, file) },
    ask: passphraseFrom(env),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(comment === undefined ? {} : { comment }),
  });
};
