import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Script, Step, Word } from './read-script.ts';

/** Where a script runs, and with what. */
export type Place = {
  /** An empty folder: working folder at the start, and $WORK. */
  readonly work: string;
  /** Folders that come first on the path. */
  readonly path: readonly string[];
  /** Interpreter, for $PYTHON. */
  readonly python: string;
};

type State = { cwd: string; env: Record<string, string>; stdin: string; code: number; stdout: string; stderr: string; readonly transcript: string[] };

/** Runs a script; throws with the line and everything that was printed before it. Writes below place.work only. */
export const runScript = async (script: Script, place: Place): Promise<void> => {
  for (const [path, text] of script.files) {
    mkdirSync(dirname(join(place.work, path)), { recursive: true });
    writeFileSync(join(place.work, path), text);
  }
  const state: State = { cwd: place.work, env: cleanEnvironment(place), stdin: '', code: 0, stdout: '', stderr: '', transcript: [] };
  for (const step of script.steps) {
    state.transcript.push(`${step.line}: ${step.words.map(({ text }) => text).join(' ')}`);
    const fault = await runStep(step, state);
    if (fault !== undefined) throw new Error(`line ${step.line}: ${fault}\n\n${state.transcript.join('\n')}`);
  }
};

/** Nothing of the person who runs the tests gets in: no settings, no CI, no colours. */
const cleanEnvironment = ({ work, path, python }: Place): Record<string, string> => ({
  WORK: work,
  HOME: join(work, '.home'),
  TMPDIR: process.env['TMPDIR'] ?? '/tmp',
  PATH: [...path, process.env['PATH'] ?? ''].join(':'),
  PYTHON: python,
  CONFORMANCE: resolve('conformance'),
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  PYTHONDONTWRITEBYTECODE: '1',
});

type Builtin = (args: readonly string[], state: State, not: boolean) => string | undefined;

const expand = (word: Word, state: State): string => (word.quoted ? word.text : word.text.replace(/\$(\w+)/g, (_, name: string) => state.env[name] ?? ''));

const runStep = async (step: Step, state: State): Promise<string | undefined> => {
  const [name, ...args] = step.words.map((word) => expand(word, state));
  const builtin = BUILTINS[name!];
  if (builtin !== undefined) return builtin(args, state, step.expects === 'mustNot');
  await runProgram(name!, args, state);
  state.transcript.push(...indented(state.stdout, '  '), ...indented(state.stderr, '  ! '), `  exit ${state.code}`);
  if (step.expects === 'must' && state.code !== 0) return `${name} failed with exit code ${state.code}`;
  if (step.expects === 'mustNot' && state.code === 0) return `${name} succeeded`;
  return undefined;
};

const indented = (text: string, indent: string): readonly string[] =>
  text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => `${indent}${line}`);

const runProgram = (name: string, args: readonly string[], state: State): Promise<void> =>
  new Promise((done) => {
    const child = spawn(name, args, { cwd: state.cwd, env: state.env, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(state.stdin);
    state.stdin = '';
    const end = (code: number, note: string): void => {
      Object.assign(state, { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() + note });
      done();
    };
    child.on('error', (error) => end(127, `${error.message}\n`));
    child.on('close', (code, signal) => end(code ?? 128, signal === null ? '' : `ended by ${signal}\n`));
  });

/** Assertions and file commands; everything else is a program. A returned text is a failure. */
const BUILTINS: Readonly<Record<string, Builtin>> = {
  /** exit N: exit code of the last program. */
  exit: ([code], state) => (state.code === Number(code) ? undefined : `the exit code is ${state.code}, not ${code}`),
  /** stdout REGEX: the last output matches, line by line. */
  stdout: ([pattern], state, not) => matches('stdout', state.stdout, pattern!, not),
  stderr: ([pattern], state, not) => matches('stderr', state.stderr, pattern!, not),
  /** grep REGEX FILE. */
  grep: ([pattern, file], state, not) => matches(file!, readFileSync(resolve(state.cwd, file!), 'utf8'), pattern!, not),
  /** json POINTER VALUE: the last stdout is one JSON object, and the place has the value (JSON; other text is taken as a string). */
  json: ([pointer, ...rest], state, not) => jsonFault(state.stdout, pointer!, rest.join(' '), not),
  /** cmp A B: equal bytes; stdout and stderr name the last output. */
  cmp: ([a, b], state, not) => (contentOf(a!, state).equals(contentOf(b!, state)) === not ? `${a} and ${b} ${not ? 'are equal' : 'differ'}` : undefined),
  exists: (paths, state, not) =>
    paths.map((path) => (existsSync(resolve(state.cwd, path)) === not ? `${path} ${not ? 'exists' : 'does not exist'}` : undefined)).find((fault) => fault !== undefined),
  env: (pairs, state) => {
    for (const pair of pairs) {
      const at = pair.indexOf('=');
      if (at === -1) delete state.env[pair];
      else state.env[pair.slice(0, at)] = pair.slice(at + 1);
    }
    return undefined;
  },
  cd: ([folder], state) => {
    state.cwd = resolve(state.cwd, folder!);
    return existsSync(state.cwd) ? undefined : `${folder} does not exist`;
  },
  mkdir: (folders, state) => {
    for (const folder of folders) mkdirSync(resolve(state.cwd, folder), { recursive: true });
    return undefined;
  },
  /** cp FROM TO; stdout and stderr name the last output. */
  cp: ([from, to], state) => {
    if (from === 'stdout' || from === 'stderr') writeFileSync(resolve(state.cwd, to!), contentOf(from, state));
    else cpSync(resolve(state.cwd, from!), resolve(state.cwd, to!), { recursive: true });
    return undefined;
  },
  rm: (paths, state) => {
    for (const path of paths) rmSync(resolve(state.cwd, path), { recursive: true, force: true });
    return undefined;
  },
  symlink: ([link, target], state) => {
    symlinkSync(target!, resolve(state.cwd, link!));
    return undefined;
  },
  /** stdin FILE: what the next program reads; nothing else is ever given to one. */
  stdin: ([file], state) => {
    state.stdin = contentOf(file!, state).toString();
    return undefined;
  },
};

const contentOf = (name: string, state: State): Buffer => (name === 'stdout' || name === 'stderr' ? Buffer.from(state[name]) : readFileSync(resolve(state.cwd, name)));

const matches = (where: string, text: string, pattern: string, not: boolean): string | undefined =>
  new RegExp(pattern, 'm').test(text) === not ? `${where} ${not ? 'matches' : 'does not match'} /${pattern}/\n${indented(text, '  | ').join('\n')}` : undefined;

const jsonFault = (text: string, pointer: string, expected: string, not: boolean): string | undefined => {
  const lines = text.trimEnd().split('\n');
  if (lines.length !== 1) return `stdout has ${lines.length} lines, not exactly one JSON object`;
  let value: unknown = JSON.parse(text);
  for (const token of pointer.split('/').slice(1)) value = (value as Record<string, unknown> | undefined | null)?.[token.replaceAll('~1', '/').replaceAll('~0', '~')];
  return isDeepStrictEqual(value, parsed(expected)) === not ? `${pointer} is ${JSON.stringify(value)}${not ? '' : `, not ${expected}`}` : undefined;
};

const parsed = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
