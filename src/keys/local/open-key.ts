import { escapeControl, TrainlockError } from '#base';
import type { Refused } from './opened.ts';
import { readPrivateFile } from './private-file.ts';
import { type AskPassphrase, type PrivateKey, readPrivateKey } from './read-private-key.ts';

/** Opens the file of a private key. Throws TL1101, TL1102 or TL1103 with what to do. */
export const openKey = async (path: string, ask: AskPassphrase, what: string = `the key ${escapeControl(path)}`): Promise<PrivateKey> =>
  keyOrThrow(await readPrivateKey(await readPrivateFile(path, 'private key'), { path, what, ask }), path);

/** The error of a key that could not be opened. */
export const keyOrThrow = (reading: PrivateKey | Refused, path: string): PrivateKey => {
  if (reading.kind === 'key') return reading;
  const { refusal, because, fix } = reading;
  const isPassphrase = refusal === 'no-passphrase' || refusal === 'wrong-passphrase';
  throw new TrainlockError(isPassphrase ? 'TL1103' : 'TL1102', `the key ${escapeControl(path)} ${because}`, {
    where: path,
    notes: refusal === 'wrong-passphrase' ? ['damage in the encrypted part looks the same: if you are sure of the passphrase, bring the file back from a copy'] : [],
    fix: fix ?? FIXES[refusal],
  });
};

const ASK = 'export TRAINLOCK_PASSPHRASE_FILE=FILE   # a file with mode 0600 that holds the passphrase';

const FIXES: Readonly<Record<Refused['refusal'], string>> = {
  'not-a-key': 'trainlock keys list',
  'public-key': 'trainlock keys list',
  damaged: 'bring the file back from a copy, or make another key: trainlock keys new',
  form: 'trainlock keys new',
  algorithm: 'trainlock keys new',
  inconsistent: 'bring the file back from a copy, or make another key: trainlock keys new',
  'no-passphrase': ASK,
  'wrong-passphrase': ASK,
};
