import { EXIT } from '#base';
import { COMMANDS } from '../command-table.ts';
import type { CommandHandler, CommandRow } from '../command.ts';
import { commandNamed } from '../parse-input.ts';
import { renderCommandHelp, renderGroup, renderOverview, usageOf } from '../render-help.ts';
import { terminalOf } from '../terminal.ts';

/** Shows every command, or what one of them takes. */
export const handle: CommandHandler = async ({ positionals }, context) => {
  const style = { colour: context.colour, width: terminalOf('stdout').width };
  if (positionals.length === 0) return { exit: EXIT.yes, data: { commands: COMMANDS.map(described) }, text: renderOverview(style) };
  const below = positionals.length === 1 ? COMMANDS.filter(({ name }) => name.startsWith(`${positionals[0]!} `)) : [];
  const isOnlyGroup = COMMANDS.every(({ name }) => name !== positionals[0]);
  if (below.length > 0 && isOnlyGroup) return { exit: EXIT.yes, data: { commands: below.map(described) }, text: renderGroup(positionals[0]!, below, style) };
  const row = commandNamed(positionals);
  return { exit: EXIT.yes, data: described(row), text: renderCommandHelp(row, below, style) };
};

const described = ({ load: _, ...row }: CommandRow): unknown => ({ ...row, usage: usageOf({ ...row, load: _ }) });
