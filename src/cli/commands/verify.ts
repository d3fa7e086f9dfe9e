import { resolve } from 'node:path';
import { EXIT, TrainlockError } from '#base';
import { loadProject, type Project } from '#flows/load-project';
import type { summariseVerdict as SummariseVerdict } from '#flows/summarise-verdict';
import { judge, type Question } from '#flows/verify-run';
import { renderVerdict } from '#report';
import type { CommandContext, CommandHandler } from '../command.ts';
import { momentFlag } from '../moment-flag.ts';

const EXITS = { proven: EXIT.yes, refuted: EXIT.no, undecided: EXIT.undecided } as const;

type Flag = Parameters<CommandHandler>[0]['flags'][string];

const list = (value: Flag): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

type Asked = Awaited<ReturnType<typeof judge>> & { readonly question: Question };

/** By what certificates are judged, and whose must have signed. */
const certified = (flags: Parameters<CommandHandler>[0]['flags']): Pick<Parameters<typeof judge>[0], 'trustedRoot' | 'identities'> => {
  const { 'trusted-root': trustedRoot, identity, 'identity-issuer': issuer } = flags;
  if ((identity === undefined) !== (issuer === undefined))
    throw new TrainlockError('TL0001', '--identity and --identity-issuer belong together: a name counts only with who vouches for it');
  return {
    ...(typeof trustedRoot === 'string' ? { trustedRoot } : {}),
    ...(typeof identity === 'string' && typeof issuer === 'string' ? { identities: [{ issuer, subject: identity }] } : {}),
  };
};

/** The code that signs is loaded only when a summary is asked for. */
const writeSummary = async (
  flags: Parameters<CommandHandler>[0]['flags'],
  { verdict, question, document }: Asked,
  { project, context }: { readonly project: Project; readonly context: CommandContext },
): ReturnType<typeof SummariseVerdict> => {
  const { summariseVerdict } = await import('#flows/summarise-verdict');
  return summariseVerdict({
    verdict,
    question,
    statement: document,
    resourceUri: typeof flags['resource'] === 'string' ? flags['resource'] : `trainlock:run/${verdict.run?.id ?? ''}`,
    path: resolve(context.workingDirectory, flags['vsa'] as string),
    settings: project.settings,
    env: context.env,
    now: new Date().toISOString(),
  });
};

/** Asks whether a record is intact and things are as recorded. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { data, model, env, intact, key, trust, time, log } = input.flags;
  const at = momentFlag(input.flags['at'], 'at');
  const progress = context.progress('checking');
  const question = { data: data === true, model: model === true, environment: env === true, signature: intact !== true, time: time === true, log: log === true };
  const { verdict, document } = await judge({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: input.positionals[0]!,
    question,
    keys: list(key),
    authorities: list(input.flags['authority']),
    logKeys: list(input.flags['log-key']),
    ...certified(input.flags),
    ...(at === undefined ? {} : { at }),
    ...(typeof trust === 'string' ? { pin: trust } : {}),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  const summary = typeof input.flags['vsa'] === 'string' ? await writeSummary(input.flags, { verdict, question, document }, { project, context }) : undefined;
  return {
    exit: EXITS[verdict.kind],
    text: [
      renderVerdict(verdict, { colour: context.colour, explain: input.flags['explain'] === true }),
      ...(summary === undefined ? [] : [`wrote ${summary.path}: ${verdict.kind === 'proven' ? summary.levels.join(', ') : 'FAILED'}`]),
    ].join('\n'),
    data: summary === undefined ? verdict : { ...verdict, summary },
    findings: verdict.checks.flatMap(({ name, about, outcome, because }) =>
      outcome === 'broken' ? [{ kind: `${name}-broken`, severity: 'error' as const, message: because, ...(about === undefined ? {} : { where: about }) }] : [],
    ),
  };
};
