import { readdirSync, readFileSync } from 'node:fs';
import type { Dependencies } from '#manifest';
import { outputOf } from './git-command.ts';
import type { Host } from './host.ts';

export type Owner = NonNullable<Dependencies['native'][number]['owner']>;

/** Longest wait for a package manager. Unit: ms. */
const TIMEOUT_MS = 10_000;

/** Paths in one call, so that the argument list stays below the limit of the system. */
const BATCH = 1000;

/** Both spellings of a path where /lib became a link to /usr/lib: package lists may have either. */
const spellings = (path: string): readonly string[] => {
  const moved = /^\/usr(\/(?:lib|lib64|lib32|libx32|bin|sbin)\/.*)$/s.exec(path)?.[1];
  return moved !== undefined ? [path, moved] : /^\/(?:lib|lib64|lib32|libx32|bin|sbin)\//.test(path) ? [path, `/usr${path}`] : [path];
};

const batches = (paths: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => paths.slice(index * BATCH, (index + 1) * BATCH));

/** Debian packages of paths: one dpkg-query for owners, one for versions. */
export const debOwners = async (host: Host, paths: readonly string[]): Promise<ReadonlyMap<string, Owner>> => {
  const owners = new Map<string, string>();
  for (const batch of batches(paths)) {
    const byName = new Map(batch.flatMap((path) => spellings(path).map((name) => [name, path] as const)));
    // dpkg-query takes patterns: a backslash makes letters that mean something plain.
    const found = await host.run('dpkg-query', ['--search', '--', ...[...byName.keys()].map((name) => name.replace(/[\\*?[\]]/g, '\\$&'))], { timeoutMs: TIMEOUT_MS });
    // Exit 1 means that some were not found.
    if (found.kind !== 'ended') return new Map();
    for (const line of found.stdout.toString('utf8').split('\n')) {
      const match = /^([a-z0-9][a-z0-9+.:-]*)(?:, [^/]*)?: (\/.+)$/.exec(line);
      const path = match === null ? undefined : byName.get(match[2]!);
      if (path !== undefined) owners.set(path, match![1]!);
    }
  }
  const names = [...new Set(owners.values())];
  const told =
    names.length === 0
      ? undefined
      : outputOf(await host.run('dpkg-query', ['--show', '--showformat=${binary:Package}\t${Package}\t${Version}\n', '--', ...names], { timeoutMs: TIMEOUT_MS }));
  const versions = new Map(
    (told?.toString('utf8') ?? '').split('\n').flatMap((line) => {
      const [binary, plain, version] = line.split('\t');
      return version === undefined || version === '' ? [] : [[binary!, version] as const, [plain!, version] as const];
    }),
  );
  return new Map(
    [...owners].map(([path, name]) => {
      const version = versions.get(name) ?? versions.get(name.split(':')[0]!);
      return [path, { kind: 'deb', name, ...(version === undefined ? {} : { version }) }] as const;
    }),
  );
};

/** RPM packages of paths; the answer has one line for each path, in order. */
export const rpmOwners = async (host: Host, paths: readonly string[]): Promise<ReadonlyMap<string, Owner>> => {
  const owners = new Map<string, Owner>();
  for (const batch of batches(paths)) {
    const found = await host.run('rpm', ['--query', '--file', '--queryformat', '%{NAME}\\t%{VERSION}-%{RELEASE}\\n', '--', ...batch], { timeoutMs: TIMEOUT_MS });
    if (found.kind !== 'ended') return owners;
    const lines = found.stdout
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    // A file with two owners gives two lines: then the order is lost and nothing is claimed.
    if (lines.length !== batch.length) continue;
    for (const [index, line] of lines.entries()) {
      const [name, version] = line.split('\t');
      if (version !== undefined) owners.set(batch[index]!, { kind: 'rpm', name: name!, version });
    }
  }
  return owners;
};

/** Alpine packages of paths, from the database of installed packages: P name, V version, F folder, R file. Source: apk-installed(5). */
export const apkOwners = async (host: Host, paths: readonly string[]): Promise<ReadonlyMap<string, Owner>> => {
  const text = await host.readText('/lib/apk/db/installed', 64 * 1024 * 1024);
  const wanted = new Map(paths.flatMap((path) => spellings(path).map((name) => [name, path] as const)));
  const owners = new Map<string, Owner>();
  let [name, version, folder] = ['', '', ''];
  for (const line of (text ?? '').split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) name = value;
    else if (line.startsWith('V:')) version = value;
    else if (line.startsWith('F:')) folder = value;
    else if (line.startsWith('R:')) {
      const path = wanted.get(`/${folder}/${value}`);
      if (path !== undefined) owners.set(path, { kind: 'apk', name, version });
    }
  }
  return owners;
};

/** Conda packages of paths below an environment: each has a JSON file in conda-meta that lists its files. */
export const condaOwners = async (host: Host, paths: readonly string[]): Promise<ReadonlyMap<string, Owner>> => {
  const owners = new Map<string, Owner>();
  const prefixes = new Set(paths.flatMap((path) => /^(.+?)\/lib\//s.exec(path)?.[1] ?? []));
  for (const prefix of prefixes) {
    if (!(await host.exists(`${prefix}/conda-meta/history`))) continue;
    const wanted = new Set(paths.filter((path) => path.startsWith(`${prefix}/`)).map((path) => path.slice(prefix.length + 1)));
    for (const file of readdirSync(`${prefix}/conda-meta`).filter((name) => name.endsWith('.json'))) {
      const document: unknown = JSON.parse(readFileSync(`${prefix}/conda-meta/${file}`, 'utf8'));
      if (
        typeof document !== 'object' ||
        document === null ||
        !('name' in document) ||
        !('files' in document) ||
        !Array.isArray(document.files) ||
        typeof document.name !== 'string'
      )
        continue;
      const version = 'version' in document && typeof document.version === 'string' ? { version: document.version } : {};
      for (const name of document.files) if (typeof name === 'string' && wanted.has(name)) owners.set(`${prefix}/${name}`, { kind: 'conda', name: document.name, ...version });
    }
  }
  return owners;
};
