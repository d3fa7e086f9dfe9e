import { EXIT, escapeControl, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { exitOf, type IsolationKind, replayRun, type Replayed } from '#flows/replay-run';
import { renderOutcome } from '#report';
import type { CommandHandler, ParsedInput } from '../command.ts';
import { mapFlag } from '../map-flag.ts';

/** Runs a recorded run again and compares; with --times the worst outcome decides. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const times = timesOf(input);
  const all: Replayed[] = [];
  for (let time = 0; time < times; time += 1) {
    const progress = context.progress('trainlock: proving inputs');
    const say = (line: string): void => {
      progress.end();
      if (time === 0) context.say(`trainlock: ${escapeControl(line)}`);
    };
    all.push(
      await replayRun({
        project,
        workingDirectory: context.workingDirectory,
        env: context.env,
        reference: input.positionals[0]!,
        map: mapFlag(input.flags['map']),
        network: list(input, 'network'),
        envFromCurrent: list(input, 'env-from-current'),
        keep: input.flags['keep'] === true,
        onProgress: progress.onProgress,
        dryRun: input.flags['dry-run'] === true,
        fromOrigin: input.flags['from-origin'] === true,
        ...(typeof input.flags['python'] === 'string' ? { python: input.flags['python'] } : {}),
        ...(typeof input.flags['isolation'] === 'string' ? { isolation: input.flags['isolation'] as IsolationKind } : {}),
        say,
      }).finally(progress.end),
    );
  }
  const accept = project.settings.acceptMetricEqual.value;
  const worst = all.reduce((one, other) => (badness(other, accept) > badness(one, accept) ? other : one));
  return {
    exit: worst.plan === undefined ? exitOf(worst, accept) : EXIT.yes,
    text: all.map((one) => textOf(one, context.colour)).join('\n\n'),
    data: {
      outcome: worst.outcome,
      parting: worst.parting,
      differences: worst.differences,
      notes: worst.notes,
      isolation: worst.isolation,
      of: worst.of,
      replay: worst.replay ?? null,
      ...(worst.plan === undefined ? {} : { plan: worst.plan }),
      ...(all.length > 1 ? { all } : {}),
    },
    findings: worst.differences.map((difference) => ({ kind: 'environment-differs', severity: 'note' as const, message: difference })),
    next: worst.replay === undefined ? [] : [`trainlock diff ${worst.of.id.slice(0, 8)} ${worst.replay.id.slice(0, 8)}`],
  };
};

/** A definite difference is worse than an open question, and that is worse than success. */
const badness = (replayed: Replayed, accept: boolean): number => ({ [EXIT.yes]: 0, [EXIT.undecided]: 1, [EXIT.no]: 2 })[exitOf(replayed, accept) as 0 | 1 | 3];

const list = (input: ParsedInput, name: string): readonly string[] => {
  const value = input.flags[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === 'string' ? [value] : [];
};

const timesOf = (input: ParsedInput): number => {
  const text = input.flags['times'];
  const times = typeof text === 'string' ? Number(text) : 1;
  if (!Number.isInteger(times) || times < 1 || times > 1000) throw new TrainlockError('TL0001', `--times ${String(text)} is not a number from 1 to 1000`, { fix: '--times 3' });
  return times;
};

const planText = ({ plan, isolation }: Replayed): string =>
  [
    'nothing stands in the way of a replay; nothing was started (--dry-run)',
    `  command     ${escapeControl(plan!.command.join(' '))}`,
    `  folder      ${escapeControl(plan!.workingDirectory)}, as the program sees it`,
    `  python      ${escapeControl(plan!.python)}`,
    `  inputs      ${plan!.provenInputs} proven`,
    `  confined    ${isolation}`,
  ].join('\n');

const textOf = (replayed: Replayed, colour: boolean): string => {
  if (replayed.plan !== undefined) return planText(replayed);
  const parted = replayed.parting.slice(0, 5).map((parting) => `  parts at    ${escapeControl(parting.message)}`);
  const kept = replayed.folder === undefined ? [] : [`  kept in     ${escapeControl(replayed.folder)}`];
  return [renderOutcome(replayed.outcome, { colour }), ...parted, ...kept].join('\n');
};
