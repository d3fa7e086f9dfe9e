import { EXIT, TrainlockError } from '#base';
import { replaceKey } from '#flows/rotate-key';
import type { CommandHandler } from '../command.ts';
import { keyData, keyLine } from '../key-text.ts';

/** Makes the key that signs in place of another one. */
export const handle: CommandHandler = async (input, context) => {
  const { algorithm, encrypt } = input.flags;
  const plain = input.flags['no-passphrase'] === true;
  if (plain && encrypt === true) throw new TrainlockError('TL0001', '--encrypt and --no-passphrase exclude each other', { fix: 'trainlock help keys rotate' });
  const { key, replaced } = await replaceKey({
    env: context.env,
    name: input.positionals[0] ?? 'default',
    passphrase: plain ? 'none' : encrypt === true ? 'new' : 'as-before',
    ...(algorithm === 'ed25519' || algorithm === 'ecdsa-p256' ? { algorithm } : {}),
  });
  const next = `trainlock keys export ${key.name} > ${key.name}.pub   # for trust add`;
  return {
    exit: EXIT.yes,
    text: [
      `made ${keyLine(key)}`,
      `it signs in place of ${replaced.name} from now on; ${replaced.name} is kept, so that what it signed can be verified`,
      `where a trust file names ${replaced.name}, it must name the new key too: ${next}`,
    ].join('\n'),
    data: { key: keyData(key), replaced: keyData(replaced) },
    next: [next],
  };
};
