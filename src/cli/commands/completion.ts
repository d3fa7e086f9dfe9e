import { EXIT } from '#base';
import { allExplanations } from '#flows/explain-code';
import { COMMANDS, GLOBAL_FLAGS } from '../command-table.ts';
import type { CommandHandler } from '../command.ts';
import { completionScript, type Shell } from '../completion/completion-script.ts';

/** Prints the completion script of a shell; nothing is written. */
export const handle: CommandHandler = async ({ positionals }) => {
  const shell = positionals[0] as Shell; // the table allows only these
  const codes = allExplanations().map((row) => row.code);
  const script = completionScript(shell, { commands: COMMANDS, everywhere: GLOBAL_FLAGS, codes });
  return { exit: EXIT.yes, data: { shell, script }, text: script.trimEnd() };
};
