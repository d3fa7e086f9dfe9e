import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow, pathOfName } from '#assembly';
import type { Manifest } from '#manifest';

/**
 * Folders inside the project that hold software, not code of the run: a virtual environment, its packages. They are not in the source
 * snapshot and are shown to the replay where they are. Absolute paths of the machine that recorded. `python` is an interpreter that a
 * person names in place of the recorded one: its environment counts too.
 */
export const softwareInProject = (manifest: Manifest, roots: Readonly<Record<string, string>>, python?: string): readonly string[] => {
  const project = roots['project'];
  if (project === undefined) return [];
  const places = [
    ...manifest.dependencies.interpreters.map((one) => dirname(dirname(pathOfName(one.executable, roots) ?? '/'))),
    ...manifest.dependencies.distributions.map((one) => pathOfName(one.location ?? '', roots) ?? '').filter((path) => /\/(site|dist)-packages$/.test(path)),
    ...(roots['python'] === undefined ? [] : [roots['python']]),
    ...(python === undefined ? [] : [dirname(dirname(python))]),
  ].filter((path) => isBelow(path, project) && path !== project);
  const tops = [...new Set(places.map((path) => environmentOf(path, project)))].sort((a, b) => a.length - b.length);
  return tops.filter((path, index) => !tops.slice(0, index).some((outer) => isBelow(path, outer)));
};

/** The virtual environment that holds a folder, or the folder itself. */
const environmentOf = (path: string, project: string): string => {
  for (let folder = path; isBelow(folder, project) && folder !== project; folder = dirname(folder)) if (existsSync(join(folder, 'pyvenv.cfg'))) return folder;
  return path;
};
