import { escapeControl, EXIT } from '#base';
import { withdrawWord, type WithdrawOptions } from '#flows/withdraw-word';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { loggedText } from './logged-text.ts';
import { neededText, signingPlace } from './signing-place.ts';

/** Takes an approval or an exception of one's own back. */
export const withdrawn = async (
  input: ParsedInput,
  context: CommandContext,
  { what, command }: { readonly what: WithdrawOptions['what']; readonly command: string },
): Promise<CommandResult> => {
  const reason = neededText(input.flags, 'reason', { command, why: 'why it is taken back' });
  const taken = await withdrawWord({ ...(await signingPlace(input, context)), what, digest: input.positionals[0]!, reason });
  const { sha256, ...told } = taken;
  return {
    exit: EXIT.yes,
    text: [`${escapeControl(taken.person)} takes ${sha256.slice(0, 12)} back`, `wrote ${taken.path}`, ...loggedText(taken.logged)].join('\n'),
    data: { ...told, [`${what}Sha256`]: sha256 },
    next: [`git add .trainlock/${what}s`],
  };
};
