/** What every command and function about data is told, beside what it is asked. */
import type { Project } from './load-project.ts';

export type DataRequest = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly home: string | undefined;
  readonly workingDirectory: string;
  /** RFC 3339. */
  readonly now: string;
};

export const dataRequestOf = (
  project: Pick<Project, 'projectRoot' | 'storeFolder'>,
  { workingDirectory, env }: { readonly workingDirectory: string; readonly env: Readonly<Record<string, string | undefined>> },
): DataRequest => ({
  projectRoot: project.projectRoot,
  storeFolder: project.storeFolder,
  home: env['HOME'],
  workingDirectory,
  now: new Date().toISOString(),
});
