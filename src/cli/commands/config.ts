import { relative } from 'node:path';
import { escapeControl, EXIT, exhaustive } from '#base';
import type { Origin } from '#config';
import { showConfig, type ShownConfig } from '#flows/show-config';
import type { CommandHandler } from '../command.ts';

/** `config show`: every setting, its value and where it came from. */
export const handle: CommandHandler = async ({ flags }, { workingDirectory, env }) => {
  const shown = await showConfig({ workingDirectory, env, flags });
  return { exit: EXIT.yes, data: shown, text: textOf(shown, workingDirectory) };
};

const textOf = (shown: ShownConfig, workingDirectory: string): string => {
  const where = (path: string): string => escapeControl(relative(workingDirectory, path) || '.');
  const settings = shown.settings.map(({ name, value, origin }) => [name, valueText(value), originText(origin, where)]);
  const declared = shown.declared.map(({ pointer, value }) => [
    pointer.slice(1).replaceAll('/', '.'),
    valueText(value),
    shown.configFile === undefined ? '' : where(shown.configFile),
  ]);
  return [
    `project  ${escapeControl(shown.projectRoot)} (${foundByText(shown.foundBy)})`,
    `records  ${escapeControl(shown.storeFolder)}`,
    '',
    ...columns(settings),
    ...(declared.length === 0 ? [] : ['', 'declared', ...columns(declared)]),
  ].join('\n');
};

const foundByText = (foundBy: ShownConfig['foundBy']): string => {
  switch (foundBy) {
    case 'trainlock.yaml':
    case 'pyproject.toml':
      return `it holds ${foundBy}`;
    case 'git':
      return 'top of the git working tree';
    case 'working-folder':
      return 'the working folder';
    default:
      return exhaustive(foundBy);
  }
};

const originText = (origin: Origin, where: (path: string) => string): string => {
  switch (origin.kind) {
    case 'flag':
    case 'variable':
      return origin.name;
    case 'project':
    case 'user':
      return where(origin.file);
    case 'default':
      return 'default';
    default:
      return exhaustive(origin);
  }
};

const valueText = (value: unknown): string => escapeControl(typeof value === 'string' ? value : JSON.stringify(value));

const columns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = [0, 1].map((column) => Math.min(40, Math.max(...rows.map((row) => row[column]!.length))));
  return rows.map((row) => `${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padEnd(widths[1]!)}  ${row[2]}`.trimEnd());
};
