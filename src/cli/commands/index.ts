import { countOf, escapeControl, EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { rebuildIndex } from '#flows/rebuild-index';
import type { CommandHandler } from '../command.ts';

/** Makes the index of runs anew from their records. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const rebuilt = await rebuildIndex(project);
  const lines = [
    `the index has ${countOf(rebuilt.finished, 'finished run')}`,
    ...(rebuilt.unfinished === 0 ? [] : [`${countOf(rebuilt.unfinished, 'run')} without a finished record`]),
    ...rebuilt.newer.map((run) => `newer, not judged: ${escapeControl(run.folder)}: ${escapeControl(run.reason)}`),
    ...rebuilt.damaged.map((run) => `damaged: ${escapeControl(run.folder)}: ${escapeControl(run.reason)}`),
  ];
  return { exit: EXIT.yes, text: lines.join('\n'), data: rebuilt };
};
