import { countOf, escapeControl, EXIT, TrainlockError } from '#base';
import { type ListedRuns, listRuns } from '#flows/list-runs';
import { loadProject } from '#flows/load-project';
import { renderRunCsv, renderRunTable } from '#report';
import type { CommandHandler } from '../command.ts';

/** Rows of the table for people, unless --limit says otherwise. CSV and JSON have all. */
const USUAL_LIMIT = 50;

/** Lists the runs of the project. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const { where, sort, cols, csv, limit: limitText } = input.flags;
  const isTable = csv !== true && !context.json;
  const limit = limitText === undefined ? (isTable ? USUAL_LIMIT : 0) : countFrom(String(limitText));
  const listed = await listRuns({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    where: (where ?? []) as readonly string[],
    ...(sort === undefined ? {} : { sort: String(sort) }),
    ...(cols === undefined ? {} : { columns: columnsFrom(String(cols)) }),
    ...(limit === 0 ? {} : { limit }),
  });
  for (const finding of isTable ? listed.findings : []) context.say(`${finding.severity}: ${finding.message}`);
  return {
    exit: EXIT.yes,
    text: csv === true ? renderRunCsv(listed) : tableText(listed, context.colour),
    data: {
      total: listed.total,
      matching: listed.matching,
      columns: listed.columns,
      rows: listed.rows.map((row) => row.map((cell) => cell ?? null)),
      runs: listed.runs.map(plainRun),
      told: listed.told,
    },
    findings: listed.findings,
    next: nextSteps(listed),
  };
};

const countFrom = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new TrainlockError('TL0001', `--limit takes a number, not ${text}`, { fix: 'trainlock list --limit 20   # 0 shows all' });
};

const columnsFrom = (text: string): readonly string[] =>
  text
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '');

const tableText = (listed: ListedRuns, colour: boolean): string => {
  if (listed.total === 0) {
    const { above } = listed;
    return `no run was recorded in this project\n${above === undefined ? '' : `  ${above.note}\n`}  ${above?.fix ?? 'trainlock run --why "baseline" -- python train.py'}`;
  }
  if (listed.matching === 0) return `none of ${countOf(listed.total, 'run')} fits`;
  const more = listed.matching - listed.runs.length;
  const unfinished = listed.runs.find(canBeFinished);
  return [
    renderRunTable(listed, colour),
    ...(more > 0 ? [`  … and ${more} more (--limit 0 shows all)`] : []),
    ...(unfinished === undefined
      ? []
      : [
          `${unfinished.state === 'deferred' ? 'a run whose hashing was put off' : 'an interrupted run'} has no finished record yet: trainlock finish ${unfinished.id.slice(0, 8)}`,
        ]),
    ...listed.told.map(({ id, name, what }) => `  ${escapeControl(name ?? id.slice(0, 8))} is ${what.join(' and ')}: trainlock history ${id.slice(0, 8)}`),
  ].join('\n');
};

const canBeFinished = (run: ListedRuns['runs'][number]): boolean => run.state === 'interrupted' || run.state === 'deferred';

const nextSteps = (listed: ListedRuns): readonly string[] => {
  const unfinished = listed.runs.filter(canBeFinished).map((run) => `trainlock finish ${run.id.slice(0, 8)}`);
  const first = listed.runs[0];
  return [...unfinished.slice(0, 3), ...(first === undefined ? [] : [`trainlock show ${first.id.slice(0, 8)}`])];
};

/** A run as plain data. */
const plainRun = ({ folder, ...run }: ListedRuns['runs'][number]): unknown => JSON.parse(JSON.stringify({ ...run, folder: folder.path }));
