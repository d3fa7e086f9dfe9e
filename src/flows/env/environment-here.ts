import { existsSync } from 'node:fs';
import { recordedRoots } from '#replay';
import { pathOfName } from '#assembly';
import { probeSoftware } from '#capture';
import { type EnvironmentHere, importedNumericModules } from '#environment';
import type { Manifest } from '#manifest';
import { findProgram } from '../project-health/run-tool.ts';
import { type AskedPython, askPython } from './ask-python.ts';
import { machineOfNow } from './machine-of-now.ts';

export type HereOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly projectRoot: string;
  /** The interpreter to ask; python or python3 on the path if nothing is said. */
  readonly python?: string;
};

export type AskedHere = { readonly here: EnvironmentHere; /** The interpreter that was asked; absent if there is none. */ readonly python?: string };

/** Asks machine and interpreter of now what the recorder asked when a run was recorded. Never throws for what does not answer: it is listed as unavailable. */
export const environmentHere = async (manifest: Manifest, options: HereOptions): Promise<AskedHere> => {
  const python = await interpreterOf(options);
  const [machine, asked] = await Promise.all([
    machineOfNow(options),
    python === undefined ? { reason: `there is no ${options.python ?? 'python or python3 on the path'}` } : askPython(python, importedNumericModules(manifest), options.env),
  ]);
  const base = {
    machine: machine.environment,
    variable: (name: string) => options.env[name],
    unavailable: machine.gaps.filter(({ about }) => about.startsWith('/environment')),
  };
  const found = python === undefined ? {} : { python };
  if ('reason' in asked) return { ...found, here: { ...base, unavailable: [...base.unavailable, { about: '/dependencies', reason: asked.reason }] } };
  const software = await probeSoftware({ ...asked.software, libraries: [...new Set([...asked.software.libraries, ...placesHere(manifest, asked)])] }, options.projectRoot);
  return {
    ...found,
    here: {
      ...base,
      interpreter: asked.interpreter,
      distributions: software.distributions,
      native: software.native,
      runtime: asked.runtime,
      threadPools: asked.threadPools,
      unavailable: [...base.unavailable, ...software.gaps.filter(({ about }) => !about.startsWith('/dependencies/lock'))],
    },
  };
};

/** The interpreter that is meant, as an absolute path; undefined if there is none. */
export const interpreterOf = async ({ python, env, workingDirectory }: Pick<HereOptions, 'python' | 'env' | 'workingDirectory'>): Promise<string | undefined> => {
  for (const name of python === undefined ? ['python', 'python3'] : [python]) {
    const found = await findProgram(name, env, workingDirectory);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Where the libraries of the run would lie here: those of its interpreter below that of now, those of the system where they were. */
const placesHere = (manifest: Manifest, { prefixes }: AskedPython): readonly string[] => {
  const roots = { ...recordedRoots(manifest), python: prefixes.own };
  return manifest.dependencies.native.flatMap(({ path, owner }) => {
    if (owner?.kind === 'distribution') return [];
    const inside = /\/((?:lib|bin)\/(?:[^/]+\/lib-dynload\/[^/]+|libpython[^/]+|python[0-9.]*))$/.exec(path)?.[1];
    const place = inside === undefined ? pathOfName(path, roots) : `${prefixes.base}/${inside}`;
    return place !== undefined && existsSync(place) ? [place] : [];
  });
};
