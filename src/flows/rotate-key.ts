/** Makes the key that signs in place of another one from now on. */
import { TrainlockError } from '#base';
import { listKeys, type LocalKey, type NewKeyAlgorithm, rotateKey } from '#keys';
import { newPassphrase } from './new-key.ts';

export type RotateKeyRequest = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly algorithm?: NewKeyAlgorithm;
  /** What becomes of the passphrase; as the old key has it unless said otherwise. */
  readonly passphrase: 'as-before' | 'new' | 'none';
};

/** Throws like rotateKey; TL1102 for a root, which is replaced through the trust file; TL1103 if a passphrase is needed and nobody gives one. */
export const replaceKey = async ({ env, name, algorithm, passphrase }: RotateKeyRequest): Promise<{ readonly key: LocalKey; readonly replaced: LocalKey }> => {
  await refuseRoot(env, name);
  const request = { env, name, ...(algorithm === undefined ? {} : { algorithm }) };
  if (passphrase === 'none') return rotateKey({ ...request, withoutPassphrase: true });
  if (passphrase === 'new') return rotateKey({ ...request, passphrase: await newPassphrase(env, name) });
  try {
    return await rotateKey(request);
  } catch (error) {
    // The old key is encrypted: so is the new one.
    if (!(error instanceof TrainlockError && error.code === 'TL1103')) throw error;
    return rotateKey({ ...request, passphrase: await newPassphrase(env, name) });
  }
};

/** A root that is retired signs no more, and the next version of the trust file needs its signature. */
const refuseRoot = async (env: RotateKeyRequest['env'], name: string): Promise<void> => {
  const entry = (await listKeys(env)).find((one) => one.kind === 'key' && one.key.name === name);
  if (entry?.kind !== 'key' || entry.key.purpose !== 'root') return;
  throw new TrainlockError('TL1102', `the key ${name} is a root: it must sign the trust file that names its successor`, {
    notes: ['make another root, let the trust file name it, and only then revoke the old one'],
    fix: `trainlock keys new ${name}-2 --purpose root && trainlock trust rotate-roots --root ${name}-2`,
  });
};
