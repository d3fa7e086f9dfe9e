import { fromUtf8, TrainlockError } from '#base';
import type { Environment } from './keys-folder.ts';
import { readPrivateFile } from './private-file.ts';
import { terminalPrompt } from './prompt-passphrase.ts';
import type { AskPassphrase } from './read-private-key.ts';

/**
 * Where passphrases come from: TRAINLOCK_PASSPHRASE (which may be empty), else the one line of the file that TRAINLOCK_PASSPHRASE_FILE
 * names, else the prompt; undefined if there is none of these. Never the command line: every process of the machine can read that.
 * The answer throws TL1101 or TL1102 if the file is not there, can be read by others or holds more than a line.
 */
export const passphraseFrom = (env: Environment, prompt: AskPassphrase | undefined = terminalPrompt()): AskPassphrase => {
  return async (what) => (await statedPassphrase(env)) ?? (await prompt?.(`passphrase of ${what}`));
};

/** Like passphraseFrom, for a key that is being made: at the prompt it is asked twice. Throws TL1103 if the two differ. */
export const newPassphraseFrom = (env: Environment, prompt: AskPassphrase | undefined = terminalPrompt()): AskPassphrase => {
  return async (what) => {
    const stated = await statedPassphrase(env);
    if (stated !== undefined || prompt === undefined) return stated;
    const first = await prompt(`new passphrase of ${what}`);
    if (first === undefined || (await prompt('the same once more')) === first) return first;
    throw new TrainlockError('TL1103', 'the two passphrases are not the same', { fix: 'type it again, or: export TRAINLOCK_PASSPHRASE_FILE=FILE' });
  };
};

const statedPassphrase = async (env: Environment): Promise<string | undefined> => {
  const stated = env['TRAINLOCK_PASSPHRASE'];
  if (stated !== undefined) return stated;
  const path = env['TRAINLOCK_PASSPHRASE_FILE'];
  if (path === undefined || path === '') return undefined;
  const line = fromUtf8(await readPrivateFile(path, 'passphrase'))?.replace(/\r?\n$/, '');
  if (line !== undefined && !/[\0\r\n]/.test(line)) return line;
  throw new TrainlockError('TL1102', 'the file of the passphrase does not hold exactly one line of text', { where: path, fix: 'write the passphrase into it, and nothing else' });
};
