import { EXIT } from '#base';
import { loadProject } from '#flows/load-project';
import { showEnvironment } from '#flows/show-environment';
import { renderEnvironment } from '#report';
import type { CommandHandler } from '../command.ts';

/** Shows the environment of a run. */
export const handle: CommandHandler = async (input, context) => {
  const { projectRoot, storeFolder } = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const shown = await showEnvironment({ projectRoot, storeFolder, workingDirectory: context.workingDirectory, reference: input.positionals[0]! });
  const { dependencies, environment, capture } = shown.manifest;
  const id = shown.run.id.slice(0, 8);
  return {
    exit: EXIT.yes,
    text: renderEnvironment(shown, { colour: context.colour, all: input.flags['all'] === true }),
    data: { run: shown.run, dependencies, environment, pin: shown.pin, gaps: capture.gaps.filter(({ about }) => /^\/(?:environment|dependencies)/.test(about)) },
    next: [`trainlock env diff ${id}`, `trainlock env lock ${id}`],
  };
};
