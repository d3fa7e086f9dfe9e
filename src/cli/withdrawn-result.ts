import { escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { withdrawWord, type WithdrawOptions } from '#flows/withdraw-word';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { neededText } from './history-place.ts';
import { loggedText } from './logged-text.ts';
import { sshKeyOf } from './policy-place.ts';

/** Takes an approval or an exception of one's own back. */
export const withdrawn = async (
  input: ParsedInput,
  context: CommandContext,
  { what, command }: { readonly what: WithdrawOptions['what']; readonly command: string },
): Promise<CommandResult> => {
  const reason = neededText(input.flags, 'reason', { command, why: 'why it is taken back' });
  const { key } = input.flags;
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const taken = await withdrawWord({
    projectRoot,
    storeFolder,
    settings,
    workingDirectory: context.workingDirectory,
    env: context.env,
    what,
    digest: input.positionals[0]!,
    reason,
    ...(typeof key === 'string' ? { key } : {}),
    ...sshKeyOf(input.flags, context),
  });
  const { sha256, ...told } = taken;
  return {
    exit: EXIT.yes,
    text: [`${escapeControl(taken.person)} takes ${sha256.slice(0, 12)} back`, `wrote ${taken.path}`, ...loggedText(taken.logged)].join('\n'),
    data: { ...told, [`${what}Sha256`]: sha256 },
    next: [`git add .trainlock/${what}s`],
  };
};
