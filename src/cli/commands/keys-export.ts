import { EXIT } from '#base';
import { type ExportForm, giveKey } from '#flows/export-key';
import type { CommandHandler } from '../command.ts';

/** Prints a key for other tools. */
export const handle: CommandHandler = async (input, context) => {
  const { form, origin } = input.flags;
  const exported = await giveKey({
    env: context.env,
    name: input.positionals[0]!,
    form: (form ?? 'pem') as ExportForm,
    private: input.flags['private'] === true,
    ...(typeof origin === 'string' ? { origin } : {}),
  });
  if (exported.half === 'private') context.say('trainlock: the private half, encrypted; keep the file to yourself: chmod 600 FILE');
  return { exit: EXIT.yes, text: exported.text.trimEnd(), data: exported };
};
