import { countOf, escapeControl, EXIT, formatBytes, TrainlockError } from '#base';
import { collectGarbage, type CollectedGarbage } from '#flows/collect-garbage';
import { loadProject } from '#flows/load-project';
import type { CommandHandler } from '../command.ts';

/** Says what may be removed from the store, and removes it with --yes. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { 'older-than': olderThan, 'keep-last': keepLast, yes, 'dry-run': dryRun } = input.flags;
  const collected = await collectGarbage({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    nowMs: Date.now(),
    recordDays: project.settings.recordDays.value,
    ...(olderThan === undefined ? {} : { olderThanMs: durationFrom(String(olderThan)) }),
    ...(keepLast === undefined ? {} : { keepLast: countFrom(String(keepLast)) }),
    confirm: async (found) => {
      if (dryRun === true || yes === true) return dryRun !== true;
      return (await context.confirm(`${foundText(found)}\nremove this for ever?`)) === true;
    },
  });
  const { found, sizeBytes, removed } = collected;
  return {
    exit: EXIT.yes,
    text: removed ? `removed ${countOf(found.length, 'thing')}, ${formatBytes(sizeBytes)}` : foundText(collected),
    data: { removed, sizeBytes, found: found.map(({ run, ...item }) => ({ ...item, ...(run === undefined ? {} : { run: run.id }) })) },
    next: removed || found.length === 0 ? [] : ['trainlock gc --yes'],
  };
};

const KINDS = {
  object: 'object that no record names',
  run: 'run',
  stillborn: 'run that never started',
  root: 'entropy root without a run',
  remains: 'file left by a killed process',
} as const;
const PLURALS = {
  object: 'objects that no record names',
  run: 'runs',
  stillborn: 'runs that never started',
  root: 'entropy roots without a run',
  remains: 'files left by killed processes',
} as const;

const foundText = (collected: CollectedGarbage): string => {
  const { found, sizeBytes } = collected;
  if (found.length === 0) return 'nothing to remove';
  const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
    const items = found.filter((item) => item.kind === kind);
    if (items.length === 0) return [];
    return [`  ${countOf(items.length, KINDS[kind], PLURALS[kind])}, ${formatBytes(items.reduce((sum, item) => sum + item.sizeBytes, 0))}`];
  });
  const runs = found.flatMap((item) =>
    item.run === undefined ? [] : [`    ${item.run.id.slice(0, 8)}  ${item.run.startedAt}  ${escapeControl(item.run.name ?? item.run.command.join(' ')).slice(0, 60)}`],
  );
  return [
    `${formatBytes(sizeBytes)} may be removed from ${escapeControl(collected.storeRoot)}:`,
    ...kinds,
    ...runs.slice(0, 50),
    ...(runs.length > 50 ? [`    … and ${runs.length - 50} more`] : []),
    'trainlock gc --yes removes it',
  ].join('\n');
};

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const durationFrom = (text: string): number => {
  const match = /^(\d{1,6})([hdw])$/.exec(text);
  if (match !== null) return Number(match[1]) * UNITS[match[2]!]!;
  throw new TrainlockError('TL0001', `--older-than takes a time such as 30d, not ${escapeControl(text)}`, {
    notes: ['h are hours, d days, w weeks'],
    fix: 'trainlock gc --older-than 30d',
  });
};

const countFrom = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TrainlockError('TL0001', `--keep-last takes a number, not ${escapeControl(text)}`, { fix: 'trainlock gc --keep-last 20' });
};
