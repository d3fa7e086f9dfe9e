import { EXIT } from '#base';
import { takeKey } from '#flows/import-key';
import type { CommandHandler } from '../command.ts';
import { keyData, keyLine, purposeFlag } from '../key-text.ts';

/** Takes a key that was made elsewhere. */
export const handle: CommandHandler = async (input, context) => {
  const [name, file] = input.positionals;
  const { encrypt, comment } = input.flags;
  const purpose = purposeFlag(input);
  const key = await takeKey({
    env: context.env,
    workingDirectory: context.workingDirectory,
    name: name!,
    file: file!,
    encrypt: encrypt === true,
    ...(purpose === undefined ? {} : { purpose }),
    ...(typeof comment === 'string' ? { comment } : {}),
  });
  return {
    exit: EXIT.yes,
    text: [`took in ${keyLine(key)}`, 'the file that it came from was left as it is'].join('\n'),
    data: keyData(key),
    next: ['trainlock keys list'],
  };
};
