/** Can this machine record and replay completely? Looks at everything at once, changes nothing, and judges. */
import { TrainlockError } from '#base';
import { loadProject, type Project, type ProjectLocation } from './load-project.ts';
import type { HealthFacts } from './project-health/health-facts.ts';
import { type HealthCheck, judgeHealth } from './project-health/judge-health.ts';
import { lastRunFacts } from './project-health/last-run.ts';
import { hasGpu, isolatedScriptsIn, lookAtClock, lookAtGit, lookAtStore, lookAtTools, threadVariablesOf, tryNamespaces } from './project-health/look-at-machine.ts';
import { lookAtSigning } from './project-health/look-at-signing.ts';
import { lookAtPython } from './project-health/look-at-python.ts';
import { listProject } from './project-setup/list-project.ts';
import { lockingOf } from './project-setup/lock-files.ts';

export type { HealthCheck };

export type Health = { readonly projectRoot: string; readonly checks: readonly HealthCheck[]; /** Whether no check is a hazard. */ readonly healthy: boolean };

/** A configuration that cannot be used is a hazard like the others: the rest is looked at with the defaults. */
export const checkProject = async (location: ProjectLocation & { readonly python?: string }): Promise<Health> => {
  const { project, fault } = await projectOrDefaults(location);
  const checks = judgeHealth({ ...(await fetchFacts(location, project)), ...(fault === undefined ? {} : { configurationFault: fault }) });
  return { projectRoot: project.projectRoot, checks, healthy: checks.every((check) => check.outcome !== 'hazard') };
};

const fetchFacts = async (location: ProjectLocation & { readonly python?: string }, { projectRoot, storeFolder, settings }: Project): Promise<HealthFacts> => {
  const { env, workingDirectory } = location;
  const scripts = listProject(projectRoot).then((entries) => entries.filter((entry) => entry.kind === 'file' && /\.(py|sh)$/.test(entry.path)).slice(0, 500));
  const [python, locking, git, tools, namespaces, store, clock, gpu, isolatedScripts, lastRun, signing] = await Promise.all([
    lookAtPython(location.python, { env, workingDirectory, projectRoot }),
    lockingOf(projectRoot),
    lookAtGit(projectRoot, env),
    lookAtTools(env, workingDirectory),
    tryNamespaces(env),
    lookAtStore(storeFolder),
    lookAtClock(env),
    hasGpu(),
    scripts.then((entries) =>
      isolatedScriptsIn(
        projectRoot,
        entries.map((entry) => entry.path),
      ),
    ),
    lastRunFacts(storeFolder),
    lookAtSigning(settings, env),
  ]);
  return {
    python,
    locking,
    git,
    tools,
    store,
    clock,
    gpu,
    isolatedScripts,
    signing,
    threadVariables: threadVariablesOf(env),
    deterministic: settings.deterministic.value,
    ...(env['PYTHONHASHSEED'] === undefined ? {} : { hashSeed: env['PYTHONHASHSEED'] }),
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(lastRun === undefined ? {} : { lastRun }),
  };
};

const projectOrDefaults = async (location: ProjectLocation): Promise<{ project: Project; fault?: HealthFacts['configurationFault'] }> => {
  try {
    return { project: await loadProject(location) };
  } catch (error) {
    if (!(error instanceof TrainlockError) || !error.code.startsWith('TL01')) throw error;
    const project = await loadProject({ ...location, ignoreDeclared: true });
    return { project, fault: { message: [error.message, ...error.notes].join('; '), ...(error.where === undefined ? {} : { where: error.where }) } };
  }
};
