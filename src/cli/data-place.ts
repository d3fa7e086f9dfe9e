import { resolve } from 'node:path';
import { loadProject, type Project } from '#flows/load-project';
import type { CommandContext, ParsedInput } from './command.ts';

/** What every command about data is told. */
export type DataRequest = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly home: string | undefined;
  readonly workingDirectory: string;
  readonly now: string;
};

/** An address as it is meant: a folder without a scheme counts from where the person stands. */
export const addressFrom = (address: string, context: CommandContext): string => (/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : resolve(context.workingDirectory, address));

export const dataRequest = async (input: ParsedInput, context: CommandContext): Promise<DataRequest & { readonly project: Project }> => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  return {
    project,
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    home: context.env['HOME'],
    workingDirectory: context.workingDirectory,
    now: new Date().toISOString(),
  };
};
