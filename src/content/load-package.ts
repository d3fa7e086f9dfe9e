import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TrainlockError } from '#base';

/** What brought a program to where it lies. */
type Installer = 'npm' | 'pip';

/** Packages that are not bundled, because they look for what belongs to them beside themselves; and the commands that bring them. */
const COMMANDS = {
  '@duckdb/node-api': { npm: 'npm install @duckdb/node-api', pip: 'pip install "trainlock[tables]"' },
  h5wasm: { npm: 'npm install trainlock', pip: 'pip install "trainlock[tables]"' },
  'node-sqlite3-wasm': { npm: 'npm install trainlock', pip: 'pip install --force-reinstall --no-deps trainlock' },
} as const satisfies Readonly<Record<string, Readonly<Record<Installer, string>>>>;

export type OwnPackage = keyof typeof COMMANDS;

/** The command that brings a package to the program that lies in a folder. Default: this one. */
export const commandThatBrings = (name: OwnPackage, folder: string = dirname(fileURLToPath(import.meta.url))): string => COMMANDS[name][installerOf(folder)];

/** The wheel says in the package.json that it brings who its installer is; the npm package says nothing. */
const installerOf = (start: string): Installer => {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { readonly installer?: unknown }).installer === 'pip' ? 'pip' : 'npm';
  }
  return 'npm';
};

/** What `load` imports. Throws TL0807 with the command that brings the package if it is not there. */
export const loadPackage = async <T>(name: OwnPackage, load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new TrainlockError('TL0807', `${name} is not installed`, { fix: commandThatBrings(name), cause: error });
  }
};

/** Whether a package, or one that it requires, is not there: import and require say so with different codes. */
export const isMissing = (error: unknown): boolean => ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
