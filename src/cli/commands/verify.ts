import { EXIT, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { verifyRun } from '#flows/verify-run';
import { renderVerdict } from '#report';
import type { CommandHandler } from '../command.ts';

const EXITS = { proven: EXIT.yes, refuted: EXIT.no, undecided: EXIT.undecided } as const;

type Flag = Parameters<CommandHandler>[0]['flags'][string];

const list = (value: Flag): readonly string[] => (Array.isArray(value) ? (value as readonly string[]) : []);

/** RFC 3339 in UTC, or a day. */
const momentOf = (text: string): string => {
  const at = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?Z)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new TrainlockError('TL0001', `--at ${text} is not a time`, { fix: '--at 2026-11-26T12:00:00Z' });
  return new Date(at).toISOString();
};

/** Asks whether a record is intact and things are as recorded. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { data, model, env, intact, key, trust, time, log, at } = input.flags;
  const progress = context.progress('checking');
  const verdict = await verifyRun({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    reference: input.positionals[0]!,
    question: { data: data === true, model: model === true, environment: env === true, signature: intact !== true, time: time === true, log: log === true },
    keys: list(key),
    authorities: list(input.flags['authority']),
    logKeys: list(input.flags['log-key']),
    ...(typeof at === 'string' ? { at: momentOf(at) } : {}),
    ...(typeof trust === 'string' ? { pin: trust } : {}),
    onProgress: progress.onProgress,
  }).finally(progress.end);
  return {
    exit: EXITS[verdict.kind],
    text: renderVerdict(verdict, { colour: context.colour }),
    data: verdict,
    findings: verdict.checks.flatMap(({ name, about, outcome, because }) =>
      outcome === 'broken' ? [{ kind: `${name}-broken`, severity: 'error' as const, message: because, ...(about === undefined ? {} : { where: about }) }] : [],
    ),
  };
};
