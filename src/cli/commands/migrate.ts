import { EXIT, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { type MigratedRecord, migrateRecords } from '#flows/migrate-records';
import { renderMigration } from '#report';
import type { CommandHandler } from '../command.ts';
import { fileFlag } from '../policy-place.ts';

/** Shows records as another version of the schema says them. */
export const handle: CommandHandler = async (input, context) => {
  const { flags } = input;
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags });
  const out = fileFlag(flags['out']);
  const dryRun = flags['dry-run'] === true;
  const records = await migrateRecords({
    projectRoot,
    storeFolder,
    workingDirectory: context.workingDirectory,
    reference: input.positionals[0]!,
    to: majorOf(flags['to']),
    dryRun,
    ...(out === undefined ? {} : { out }),
  });
  const text = renderMigration(records, { colour: context.colour });
  const wasOnly = dryRun && out !== undefined ? '\n\nnothing was written (--dry-run)' : '';
  return { exit: exitOf(records), text: `${text}${wasOnly}`, data: { records, ...(dryRun ? { dryRun } : {}) } };
};

const majorOf = (flag: unknown): number => {
  const [, major] = /^v?([01])$/.exec(typeof flag === 'string' ? flag : '1') ?? [];
  if (major === undefined) throw new TrainlockError('TL0001', `${String(flag).slice(0, 20)} is no version of the schema that is known here`, { fix: '--to v1   # or v0' });
  return Number(major);
};

const exitOf = (records: readonly MigratedRecord[]): number => {
  if (records.some(({ kind }) => kind === 'invalid')) return EXIT.no;
  return records.some(({ kind }) => kind === 'undecided' || kind === 'unread') ? EXIT.undecided : EXIT.yes;
};
