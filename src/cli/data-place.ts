import { resolve } from 'node:path';
import { type DataRequest, dataRequestOf } from '#flows/data-request';
import { loadProject, type Project } from '#flows/load-project';
import type { CommandContext, ParsedInput } from './command.ts';

/** An address as it is meant: a folder without a scheme counts from where the person stands. */
export const addressFrom = (address: string, context: CommandContext): string => (/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : resolve(context.workingDirectory, address));

export const dataRequest = async (input: ParsedInput, context: CommandContext): Promise<DataRequest & { readonly project: Project }> => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  return { project, ...dataRequestOf(project, context) };
};
