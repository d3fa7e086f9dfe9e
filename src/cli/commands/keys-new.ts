import { EXIT, shellWord } from '#base';
import { makeKey } from '#flows/new-key';
import type { CommandHandler } from '../command.ts';
import { keyData, keyLine, purposeFlag } from '../key-text.ts';

/** Makes a key of this user. */
export const handle: CommandHandler = async (input, context) => {
  const { algorithm, encrypt, comment } = input.flags;
  const purpose = purposeFlag(input);
  const key = await makeKey({
    env: context.env,
    name: input.positionals[0]!,
    encrypt: encrypt === true,
    ...(algorithm === 'ed25519' || algorithm === 'ecdsa-p256' ? { algorithm } : {}),
    ...(purpose === undefined ? {} : { purpose }),
    ...(typeof comment === 'string' ? { comment } : {}),
  });
  const next = key.purpose === 'root' ? `trainlock trust new --root ${key.name}` : `trainlock sign last --key ${key.name}`;
  return {
    exit: EXIT.yes,
    text: [
      `made ${keyLine(key)}`,
      encrypt === true ? 'it is encrypted: without its passphrase it is lost, and nobody can bring it back' : 'it is not encrypted: only the mode of its file protects it (0600)',
      ...(key.purpose === 'root' ? [] : [`it signs where it is named: export TRAINLOCK_KEY=${shellWord(key.name)}`]),
    ].join('\n'),
    data: keyData(key),
    next: [next],
  };
};
