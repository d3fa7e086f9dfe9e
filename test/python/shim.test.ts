import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../harness/effort.ts';
import { PYTHON } from '../harness/project.ts';

/** What the tests of the shim print at their end: "Ran 12 tests in 3.4s", "OK (skipped=1)". */
const suite = (python: string, names: readonly string[]) => {
  const argv = names.length === 0 ? ['-m', 'unittest', 'discover', '-s', 'python/tests', '-t', 'python/tests'] : ['-m', 'unittest', ...names];
  const answer = spawnSync(python, ['-B', ...argv, '-v'], {
    encoding: 'utf8',
    timeout: 900_000,
    env: { ...process.env, ...(names.length === 0 ? {} : { PYTHONPATH: 'python/tests' }) },
  });
  const skipped = [...answer.stderr.matchAll(/\.\.\. skipped ['"](.*)['"]$/gm)].map((match) => match[1]!);
  return { status: answer.status, ran: Number(/^Ran (\d+) tests?/m.exec(answer.stderr)?.[1] ?? 0), skipped, tail: answer.stderr.slice(-6000) };
};

/** Nothing but rights on this machine, and time in CI, may excuse a test in the full stack. */
const EXCUSED = /another user cannot run this interpreter|needs a user without rights|^in the full run$/;

const modules = readdirSync('python/tests')
  .filter((name) => /^test_.*\.py$/.test(name))
  .map((name) => name.slice(0, -3));

describe('the shim, inside the interpreter that trains,', () => {
  it.each(modules)('keeps the promises of %s', { timeout: 900_000 }, (module) => {
    const { status, ran, skipped, tail } = suite(PYTHON, [module]);
    expect(status, tail).toBe(0);
    expect(ran, tail).toBeGreaterThan(0);
    if (process.env['TRAINLOCK_TEST_STACK'] === 'full') expect(skipped.filter((reason) => !EXCUSED.test(reason))).toEqual([]);
  });
});

/** Other versions of Python that this machine has, by version; that of the interpreter that trains is tested above, with more. */
const others = (): readonly (readonly [string, string])[] => {
  const pyenv = join(homedir(), '.pyenv', 'versions');
  const candidates = [
    ...(existsSync(pyenv) ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin', 'python')) : []),
    ...['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'].map((version) => `python${version}`),
  ];
  const versionOf = (python: string): string | undefined => {
    const answer = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
    const version = answer.status === 0 ? answer.stdout.trim() : undefined;
    return version !== undefined && /^3\.([89]|\d\d)$/.test(version) ? version : undefined;
  };
  const found = new Map<string, string>();
  const trains = versionOf(PYTHON);
  for (const python of candidates) {
    const version = versionOf(python);
    if (version !== undefined && version !== trains && !found.has(version)) found.set(version, python);
  }
  const minor = (version: string): number => Number(version.split('.')[1]);
  return [...found].sort(([a], [b]) => minor(a) - minor(b));
};

/** The oldest; the newer ones in the full run only. */
const INTERPRETERS = others().filter((_, at) => at === 0 || EVERYTHING);

describe.skipIf(INTERPRETERS.length === 0)('the shim, with nothing but the standard library,', () => {
  it.each(INTERPRETERS)('keeps its promises in Python %s', { timeout: 900_000 }, (_, python) => {
    const { status, ran, tail } = suite(python, []);
    expect(status, tail).toBe(0);
    expect(ran, tail).toBeGreaterThan(50);
  });
});
