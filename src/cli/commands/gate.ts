import { relative, resolve } from 'node:path';
import { escapeControl, EXIT, TrainlockError } from '#base';
import { type GateAnswer, gateModel, type GateOptions } from '#flows/gate-model';
import { loadProject } from '#flows/load-project';
import { writeFindings } from '#flows/write-findings';
import { gateFindings, githubAnnotations, renderGate } from '#report';
import type { CommandContext, CommandHandler, ParsedInput } from '../command.ts';
import { fileFlag } from '../policy-place.ts';
import { listFlag } from '../trust-place.ts';

const EXITS = { allowed: EXIT.yes, denied: EXIT.no, undecided: EXIT.undecided } as const;

const requestOf = async ({ flags, positionals }: ParsedInput, context: CommandContext): Promise<GateOptions> => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const environment = fileFlag(flags['env']);
  if (environment === undefined)
    throw new TrainlockError('TL0001', 'gate needs --env: the environment in which the model is to run', { fix: 'trainlock policy show   # lists them' });
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

/** Findings for other programs, in files. Gives the names of those that were written. */
const writeReports = async ({ flags }: ParsedInput, { decision, policy, run, environment }: GateAnswer, context: CommandContext): Promise<readonly string[]> => {
  const named = (['sarif', 'junit'] as const).flatMap((kind) => (typeof flags[kind] === 'string' ? [[kind, resolve(context.workingDirectory, flags[kind])] as const] : []));
  await writeFindings(Object.fromEntries(named), {
    findings: gateFindings(decision, relative(context.workingDirectory, policy.path)),
    defaultFile: relative(context.workingDirectory, policy.path),
    suite: `gate ${environment} ${run.id.slice(0, 8)}`,
    passed: decision.steps.filter(({ outcome }) => outcome === 'held').map(({ name }) => name),
  });
  return named.map(([, path]) => path);
};

const textOf = ({ flags }: ParsedInput, { facts, ...told }: GateAnswer, { colour, workingDirectory }: CommandContext): string => {
  if (flags['explain'] === true) return JSON.stringify(facts, null, 2);
  const shown = renderGate(told, { colour });
  return flags['github'] === true ? [githubAnnotations(gateFindings(told.decision, relative(workingDirectory, told.policy.path))), shown].join('\n') : shown;
};

/** Says whether a model may run in an environment. */
export const handle: CommandHandler = async (input, context) => {
  const request = await requestOf(input, context);
  const progress = context.progress('checking');
  const answer = await gateModel({ ...request, onProgress: progress.onProgress }).finally(progress.end);
  for (const path of await writeReports(input, answer, context)) context.say(`wrote ${escapeControl(path)}`);
  const { facts: _, ...told } = answer;
  return { exit: EXITS[answer.decision.kind], text: textOf(input, answer, context), data: input.flags['explain'] === true ? answer : told };
};
