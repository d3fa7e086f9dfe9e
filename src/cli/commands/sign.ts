import { relative } from 'node:path';
import { countOf, escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { type SignedRun, signRuns } from '#flows/sign-runs';
import type { CommandHandler } from '../command.ts';

/** Signs records. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const dryRun = input.flags['dry-run'] === true;
  const { runs, madeKey } = await signRuns({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    env: context.env,
    settings: project.settings,
    ...(typeof input.flags['key'] === 'string' ? { key: input.flags['key'] } : {}),
    references: input.positionals,
    dryRun,
  });
  const lines = runs.map((run) => lineOf(run, context.workingDirectory));
  return {
    exit: EXIT.yes,
    text: [
      ...(madeKey ? ['made the key default of this user: trainlock keys list'] : []),
      ...(runs.length === 0 ? ['every finished record is signed'] : dryRun ? [`${countOf(runs.length, 'record')} would be signed: ${runs.map(({ id }) => id.slice(0, 8)).join(', ')}`] : lines),
    ].join('\n'),
    data: { runs, madeKey, dryRun },
    next: runs.length === 0 || dryRun ? [] : [`trainlock verify ${runs[0]!.id.slice(0, 8)}`],
  };
};

const lineOf = ({ id, signed }: SignedRun, workingDirectory: string): string =>
  signed === undefined ? id.slice(0, 8) : `signed ${id.slice(0, 8)} with the key ${signed.keyId.slice(0, 12)}…: ${escapeControl(relative(workingDirectory, signed.bundlePath))}`;
