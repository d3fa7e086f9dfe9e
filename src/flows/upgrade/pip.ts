import { join } from 'node:path';
import { escapeControl, makeRedactor, secretValuesOf, TrainlockError } from '#base';
import { compareVersions } from '#manifest';
import { findProgram, runTool } from '../project-health/run-tool.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A pip that can work on another environment than its own. */
export type Pip = {
  readonly version: string;
  /** Runs pip on the environment of an interpreter. Throws TL0505 with the last words of pip if it does not succeed. */
  readonly run: (target: string, args: readonly string[], what: string) => Promise<void>;
};

/** The first that has --python. Source: https://pip.pypa.io/en/stable/news/ */
const OLDEST = '22.3';

/** Wheels of gigabytes over a slow line. Unit: ms. */
const TIMEOUT_MS = 4 * 60 * 60_000;
const MOST_LINES = 12;

/** Settings of a person that would make pip do something else than what is asked here. Where its packages come from stays theirs. */
const OTHERWISE =
  /^(?:PYTHON(?:PATH|HOME|STARTUP)|PIP_(?:TARGET|PREFIX|ROOT|REQUIRE_VIRTUALENV|PYTHON|REPORT|DRY_RUN|REQUIREMENT|CONSTRAINT|NO_DEPS|ONLY_BINARY|NO_BINARY|UPGRADE|EDITABLE|IGNORE_INSTALLED|FORCE_REINSTALL|REQUIRE_HASHES|QUIET|VERBOSE|LOG)|TRAINLOCK_.*)$/;

/** The environment in which tools of Python are started. */
export const toolEnv = (env: Env): Env => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !OTHERWISE.test(name))),
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_COLOR: '1',
  PIP_USER: '0',
});

export type PipPlace = {
  /** Interpreters that may have pip, the best first; also names to be looked up on the path. */
  readonly candidates: readonly string[];
  readonly env: Env;
  readonly workingDirectory: string;
  /** Where an environment with a pip of its own may be made if none of them has one. */
  readonly toolsFolder: string;
};

/** Finds a pip, or makes one from what comes with the interpreter. Throws TL0505 if there is none. */
export const findPip = async ({ candidates, env, workingDirectory, toolsFolder }: PipPlace): Promise<Pip> => {
  const clean = toolEnv(env);
  for (const candidate of candidates) {
    const python = await findProgram(candidate, env, workingDirectory);
    const version = python === undefined ? undefined : await versionOf(python, clean);
    if (python !== undefined && version !== undefined) return pipOf(python, version, clean);
  }
  const [maker] = candidates;
  const made = maker === undefined ? undefined : await runTool(maker, ['-I', '-m', 'venv', '--clear', toolsFolder], { env: clean, timeoutMs: TIMEOUT_MS });
  const own = join(toolsFolder, 'bin', 'python');
  const version = made?.code === 0 ? await versionOf(own, clean) : undefined;
  if (version !== undefined) return pipOf(own, version, clean);
  throw new TrainlockError('TL0505', `there is no pip ${OLDEST} or later, and none can be made`, {
    notes: candidates.map((one) => `looked at ${escapeControl(one)}`),
    fix: 'python -m pip install --upgrade pip',
  });
};

const versionOf = async (python: string, env: Env): Promise<string | undefined> => {
  const answer = await runTool(python, ['-I', '-m', 'pip', '--version'], { env, timeoutMs: 60_000 });
  const version = answer?.code === 0 ? /^pip ([0-9][0-9A-Za-z.!+]*) /.exec(answer.stdout)?.[1] : undefined;
  return version !== undefined && (compareVersions(version, OLDEST) ?? -1) >= 0 ? version : undefined;
};

const pipOf = (python: string, version: string, env: Env): Pip => ({
  version,
  run: async (target, args, what) => {
    const answer = await runTool(python, ['-I', '-m', 'pip', '--python', target, ...args], { env, timeoutMs: TIMEOUT_MS });
    if (answer?.code === 0) return;
    const said = makeRedactor(secretValuesOf(env)).redact((answer?.stderr ?? '').trim()).text;
    const lines = said === '' ? [] : said.split('\n').slice(-MOST_LINES);
    throw new TrainlockError('TL0505', `pip ${version} ${what}`, {
      notes: answer === undefined ? ['it could not be started, did not end in time, or said more than 1 MiB'] : lines.map((line) => escapeControl(line)),
    });
  },
});
