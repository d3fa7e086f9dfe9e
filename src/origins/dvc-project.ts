import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fromUtf8, withoutCredentials } from '#base';
import { readBoundedIfThere } from '#files';

/** A project of DVC, as its settings say. */
export type DvcProject = {
  readonly root: string;
  readonly cache: string;
  /** Address of a remote by its name, or of the default one; credentials removed. undefined if there is none. */
  readonly remote: (name?: string) => string | undefined;
};

/** The project that a folder belongs to; undefined without one. */
export const findDvcProject = async (folder: string): Promise<DvcProject | undefined> => {
  for (let root = resolve(folder); ; root = dirname(root)) {
    if (statSync(join(root, '.dvc'), { throwIfNoEntry: false })?.isDirectory() === true) return readProject(root);
    if (root === dirname(root)) return undefined;
  }
};

const readProject = async (root: string): Promise<DvcProject> => {
  const home = join(root, '.dvc');
  const settings = new Map<string, string>();
  for (const name of ['config', 'config.local']) {
    const bytes = await readBoundedIfThere(join(home, name), 1024 * 1024).catch(() => undefined);
    for (const [key, value] of readIni(bytes === undefined ? '' : (fromUtf8(bytes) ?? ''))) settings.set(key, value);
  }
  const cache = settings.get('cache.dir');
  return {
    root,
    cache: cache === undefined ? join(home, 'cache') : resolve(home, cache),
    remote: (name = settings.get('core.remote')) => {
      const url = name === undefined ? undefined : settings.get(`remote ${name}.url`);
      if (url === undefined) return undefined;
      // A folder is named relative to the file that names it.
      return withoutCredentials(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url) || isAbsolute(url) ? url : resolve(home, url));
    },
  };
};

/** Section and key, joined by a dot, with their values. Hostile: lines that are not understood are left out. Source: dvc.org/doc/user-guide/project-structure/configuration. */
export const readIni = (text: string): readonly (readonly [key: string, value: string])[] => {
  const settings: (readonly [string, string])[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*'?([a-z]+)(?:\s+"([^"]{1,200})")?'?\s*\]\s*$/.exec(line);
    if (heading !== null) section = heading[2] === undefined ? heading[1]! : `${heading[1]} ${heading[2]}`;
    const setting = /^\s*([a-z_]+)\s*=(.*)$/.exec(line);
    if (setting !== null && section !== '') settings.push([`${section}.${setting[1]}`, setting[2]!.trim()]);
  }
  return settings;
};

/** Where the cache or a remote of DVC keeps an object: first as DVC 3 does, then as earlier versions do. */
export const dvcObjectNames = (algorithm: string, digest: string): readonly string[] => {
  const name = `${digest.slice(0, 2)}/${digest.slice(2)}`;
  return algorithm === 'md5' ? [`files/md5/${name}`, name] : [name, `files/md5/${name}`];
};

/** The path of an object in the cache of a project; undefined if it is not there. */
export const cachedObject = (project: DvcProject, algorithm: string, digest: string): string | undefined =>
  dvcObjectNames(algorithm, digest)
    .map((name) => join(project.cache, name))
    .find((path) => existsSync(path));
