import { EXIT, TrainlockError } from '#base';
import type { SigningPlace } from '#flows/amend-run';
import { loadProject } from '#flows/load-project';
import type { CommandContext, CommandResult, ParsedInput } from './command.ts';
import { sshKeyOf } from './policy-place.ts';

/** Whose hand signs, and where what it signs is laid. */
export const signingPlace = async ({ flags }: ParsedInput, context: CommandContext): Promise<SigningPlace> => {
  const { projectRoot, storeFolder, settings } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  return {
    projectRoot,
    storeFolder,
    settings,
    workingDirectory: context.workingDirectory,
    env: context.env,
    ...(typeof flags['key'] === 'string' ? { key: flags['key'] } : {}),
    ...sshKeyOf(flags, context),
  };
};

/** The text of a flag that must be given. Throws TL0001 with why. */
export const neededText = (
  flags: ParsedInput['flags'],
  name: string,
  { command, why, fix = `trainlock help ${command}` }: { readonly command: string; readonly why: string; readonly fix?: string },
): string => {
  const value = flags[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new TrainlockError('TL0001', `${command} needs --${name}: ${why}`, { fix });
};

/** Asks before something is signed. Undefined: yes. Throws TL0001 where nobody can be asked and --yes is not given. */
export const refusedBy = async (
  { flags }: ParsedInput,
  { confirm }: CommandContext,
  { question, what = 'a signature' }: { readonly question: string; readonly what?: string },
): Promise<CommandResult | undefined> => {
  if (flags['yes'] === true) return undefined;
  const answer = await confirm(question);
  if (answer === undefined)
    throw new TrainlockError('TL0001', `${what} is a question to a person, and there is no terminal to ask on`, { fix: 'look with --dry-run, then add --yes' });
  return answer ? undefined : { exit: EXIT.no, text: 'nothing was signed', data: { kind: 'refused' } };
};
