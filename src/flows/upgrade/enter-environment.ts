import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { pathOfName } from '#assembly';
import type { Manifest } from '#manifest';
import type { ReplayPlan } from '#replay';
import { findProgram } from '../project-health/run-tool.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type Wrap = ReplayPlan['sandbox']['wrap'];

/** Starts commands of a run in another environment than the recorded one, confined. */
export type EnteredEnvironment = {
  /** The command of the run as it is started. */
  readonly command: readonly string[];
  readonly wrap: Wrap;
  /** The same from the folder of the project. */
  readonly wrapInProject: Wrap;
  /** Where a program lies that is started by this name. */
  readonly program: (name: string) => string;
  /** Variables that are otherwise than recorded, by name. */
  readonly set: readonly string[];
};

export type Entering = {
  readonly manifest: Manifest;
  readonly plan: ReplayPlan;
  /** The interpreter of the other environment. */
  readonly python: string;
  /** Where programs of this machine are found: none of the other environment confines it. */
  readonly ownEnv: Env;
};

/**
 * The record keeps command and variables as they were recorded; what is started is the same program of the other environment, with that
 * environment first on the path and with the switches that keep a replay to itself.
 */
export const enterEnvironment = async ({ manifest, plan, python, ownEnv }: Entering): Promise<EnteredEnvironment> => {
  const bin = dirname(python);
  const substitute = substitution(manifest, bin);
  const changed = changedVariables(plan, bin);
  const probe = plan.sandbox.wrap(['true'], plan.env).argv[0]!;
  const confiner = probe.includes('/') ? probe : ((await findProgram(probe, ownEnv, plan.work)) ?? probe);
  const wrap: Wrap = ([program = '', ...args], given) => {
    const env = withChanges(given, changed);
    const started = plan.sandbox.wrap([substitute(program), ...args], env);
    return { argv: started.argv[0] === probe && probe !== 'true' ? [confiner, ...started.argv.slice(1)] : started.argv, env: started.env };
  };
  const inProject: Wrap = ([program = '', ...args], env) => wrap(['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', plan.sandbox.project, substitute(program), ...args], env);
  const [program = '', ...args] = plan.command;
  return { command: [substitute(program), ...args], wrap, wrapInProject: inProject, program: substitute, set: [...changed.keys()].toSorted() };
};

/** A program of the recorded environment, or one that is looked up on the path, becomes the one of that name in the other environment, if it has one. */
const substitution = (manifest: Manifest, bin: string): ((program: string) => string) => {
  const roots = manifest.run.roots ?? {};
  const recorded = manifest.dependencies.interpreters.flatMap(({ executable }) => pathOfName(executable, roots) ?? []).map((path) => dirname(path));
  const places = [pathOfName(manifest.run.workingDirectory, roots), roots['project']].filter((place) => place !== undefined);
  return (program) => {
    const isRecorded = !program.includes('/') || places.some((place) => recorded.includes(dirname(resolve(place, program))));
    const other = join(bin, basename(program));
    return isRecorded && existsSync(other) ? other : program;
  };
};

/** undefined: taken away. */
const changedVariables = ({ env, recordedEnv }: ReplayPlan, bin: string): ReadonlyMap<string, string | undefined> => {
  const path = [bin, recordedEnv['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter);
  const wanted: Env = { ...env, PATH: path, VIRTUAL_ENV: dirname(bin), PYTHONHOME: undefined };
  const names = new Set([...Object.keys(wanted), ...Object.keys(recordedEnv)]);
  return new Map([...names].filter((name) => wanted[name] !== recordedEnv[name]).map((name) => [name, wanted[name]]));
};

const withChanges = (env: Readonly<Record<string, string>>, changed: ReadonlyMap<string, string | undefined>): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...Object.entries(env).filter(([name]) => !changed.has(name)),
    ...[...changed].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  ]);
