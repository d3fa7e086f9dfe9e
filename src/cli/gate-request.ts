import { EXIT, TrainlockError } from '#base';
import type { GateOptions } from '#flows/gate-model';
import type { Project } from '#flows/load-project';
import type { CommandContext, ParsedInput } from './command.ts';
import { fileFlag } from './policy-place.ts';
import { listFlag } from './trust-place.ts';

/** What an answer of the gate is as an exit code. */
export const GATE_EXITS = { allowed: EXIT.yes, denied: EXIT.no, undecided: EXIT.undecided } as const;

/** What the gate is asked. Throws TL0001 without an environment. */
export const gateRequest = (
  { flags, positionals }: ParsedInput,
  context: CommandContext,
  { project: { projectRoot, storeFolder }, command }: { readonly project: Project; readonly command: string },
): GateOptions => {
  const environment = fileFlag(flags['env']);
  if (environment === undefined)
    throw new TrainlockError('TL0001', `${command} needs --env: the environment in which the model is to run`, { fix: 'trainlock policy show   # lists them' });
  const texts = { record: flags['record'], against: flags['against'], file: flags['policy'], python: flags['python'], pin: flags['trust'] };
  return {
    projectRoot,
    storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: positionals[0]!,
    environment,
    actors: listFlag(flags['actor']),
    logKeys: listFlag(flags['log-key']),
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string')),
  };
};
