import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { pathOfName } from '#assembly';
import { TrainlockError } from '#base';
import type { Manifest } from '#manifest';
import { mappedPath, type PathMap } from './recorded-paths.ts';

/** The command of the replay, and the interpreter that reads contents and starts confined programs. */
export type FoundProgram = { readonly command: readonly string[]; readonly python: string; readonly notes: readonly string[] };

export type ProgramChoice = {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly roots: Readonly<Record<string, string>>;
  readonly map: PathMap;
  /** The interpreter that a person names. */
  readonly python?: string;
};

/**
 * The program as it was started, with the recorded interpreter put in the place of a name that means another one now.
 * Throws TL0503 if the interpreter is gone and nobody named one.
 */
export const findProgram = (manifest: Manifest, choice: ProgramChoice): FoundProgram => {
  const [program = '', ...args] = choice.command;
  const recorded = manifest.dependencies.interpreters[0]?.executable;
  const place = recorded === undefined ? undefined : pathOfName(recorded, choice.roots);
  const then = place === undefined ? undefined : mappedPath(place, choice.map);
  const found = lookUp(program, choice.env['PATH'] ?? '/usr/bin:/bin');
  const startsPython = /^(python|pypy)[0-9.]*$/.test(basename(program));
  if (choice.python !== undefined) {
    if (!isExecutable(choice.python)) throw new TrainlockError('TL0503', `${choice.python} is not a program`, { where: choice.python });
    return {
      command: startsPython ? [choice.python, ...args] : choice.command,
      python: choice.python,
      notes: startsPython ? [`the interpreter is ${choice.python}, the recorded one was ${recorded ?? 'not recorded'}`] : [],
    };
  }
  if (then !== undefined && !isExecutable(then))
    throw new TrainlockError('TL0503', 'the recorded interpreter is not there', { where: then, fix: 'trainlock replay RUN --python PATH' });
  const python = then ?? found ?? 'python3';
  if (!startsPython || then === undefined || (found !== undefined && sameProgram(found, then))) return { command: choice.command, python, notes: [] };
  // A path that is relative to the project is looked up nowhere: it can only mean the recorded interpreter.
  const isRelative = program.includes('/') && !isAbsolute(program);
  return {
    command: [then, ...args],
    python,
    notes: isRelative ? [] : [`${program} means ${found ?? 'nothing'} now; the recorded interpreter ${then} is used`],
  };
};

const lookUp = (program: string, path: string): string | undefined => {
  if (program.includes('/')) return isExecutable(program) || !isAbsolute(program) ? program : undefined;
  return path
    .split(':')
    .map((folder) => join(folder === '' ? '.' : folder, program))
    .find(isExecutable);
};

/** Links inside a folder name the same interpreter; a link of a virtual environment to another folder does not. */
const sameProgram = (a: string, b: string): boolean => {
  if (a === b) return true;
  try {
    return realpathSync(a) === realpathSync(b) && a.slice(0, a.lastIndexOf('/')) === b.slice(0, b.lastIndexOf('/'));
  } catch {
    return false;
  }
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};
