import { EXIT } from '#base';
import { diffRuns } from '#flows/diff-runs';
import { loadProject } from '#flows/load-project';
import { renderComparison } from '#report';
import type { CommandHandler } from '../command.ts';

/** Compares runs. Comparing is the answer: whatever was found, it is a yes. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const comparison = await diffRuns({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    references: input.positionals,
  });
  const text = renderComparison(comparison, { colour: context.colour, all: input.flags['all'] === true, format: input.flags['markdown'] === true ? 'markdown' : 'text' });
  return { exit: EXIT.yes, text, data: comparison };
};
