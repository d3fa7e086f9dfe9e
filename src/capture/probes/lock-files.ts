import { parse as parseYaml } from 'yaml';
import { readJson, withoutCredentials } from '#base';
import type { Dependencies } from '#manifest';
import { readRequirementsFile, tableOf, tomlOf } from './project-requirements.ts';
import { normalName } from './requirement.ts';

export type LockKind = NonNullable<Dependencies['lock']>['kind'];

/** One package of a lock file. */
export type LockedPackage = {
  /** Normalised name. */
  readonly name: string;
  /** Exact version; absent if the file gives only a range or a source. */
  readonly version?: string;
  /** Clauses of a range, if there is no exact version. */
  readonly specifier?: string;
  readonly marker: string;
  /** Archives of this version by file name, with SHA-256 in hexadecimal. */
  readonly archives: readonly LockedArchive[];
};

/** `url` is where the file says that the archive lies. */
type LockedArchive = { readonly file: string; readonly sha256: string; readonly url?: string };

type Format = { readonly kind: LockKind; readonly name: RegExp; readonly read: (text: string) => readonly LockedPackage[] | undefined };

/** Formats in the order in which they are preferred: those that a tool resolved come before those that a person wrote. */
export const LOCK_FORMATS: readonly Format[] = [
  { kind: 'uv', name: /^uv\.lock$/, read: (text) => fromPackages(tomlOf(text)?.['package']) },
  { kind: 'poetry', name: /^poetry\.lock$/, read: (text) => fromPoetry(text) },
  { kind: 'pdm', name: /^pdm\.lock$/, read: (text) => fromPackages(tomlOf(text)?.['package']) },
  { kind: 'pylock', name: /^pylock(?:\.[^.]{1,100})?\.toml$/, read: (text) => fromPackages(tomlOf(text)?.['packages']) },
  { kind: 'pipfile', name: /^Pipfile\.lock$/, read: (text) => fromPipfile(text) },
  { kind: 'conda', name: /^conda-lock\.ya?ml$/, read: (text) => fromCondaLock(text) },
  { kind: 'requirements', name: /^requirements(?:[._-](?:lock|frozen|pinned))?\.(?:txt|lock)$/, read: (text) => fromRequirements(text) },
  { kind: 'requirements', name: /^requirements.{1,60}\.(?:txt|lock)$/, read: (text) => fromRequirements(text) },
  { kind: 'conda', name: /^environment\.ya?ml$/, read: (text) => fromCondaEnvironment(text) },
];

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, 100_000) : []);

/** [[package]] tables of uv and pdm, [[packages]] of pylock.toml. Source: PEP 751; uv.lock version 1. */
const fromPackages = (tables: unknown): readonly LockedPackage[] | undefined => {
  if (!Array.isArray(tables)) return undefined;
  return listOf(tables).flatMap((item) => {
    const table = tableOf(item);
    const name = textOf(table?.['name']);
    if (table === undefined || name === undefined) return [];
    const version = textOf(table['version']);
    const source = tableOf(table['source']);
    // The project itself, editable or not, has no archive and its version changes with its code.
    if (source !== undefined && (source['virtual'] !== undefined || source['editable'] !== undefined || source['directory'] !== undefined)) return [];
    const files = [
      ...listOf(table['wheels']),
      ...listOf(table['files']),
      ...(table['sdist'] === undefined ? [] : [table['sdist']]),
      ...(table['archive'] === undefined ? [] : [table['archive']]),
    ];
    return [{ name: normalName(name), ...(version === undefined ? {} : { version }), marker: textOf(table['marker']) ?? '', archives: files.flatMap(archiveOf) }];
  });
};

/** poetry.lock 2 has files in the package, 1 in [metadata.files]. */
const fromPoetry = (text: string): readonly LockedPackage[] | undefined => {
  const document = tomlOf(text);
  const packages = fromPackages(document?.['package']);
  const files = tableOf(tableOf(document?.['metadata'])?.['files']) ?? {};
  const byName = new Map(Object.entries(files).map(([name, list]) => [normalName(name), listOf(list).flatMap(archiveOf)] as const));
  return packages?.map((one) => (one.archives.length > 0 ? one : { ...one, archives: byName.get(one.name) ?? [] }));
};

const fromPipfile = (text: string): readonly LockedPackage[] | undefined => {
  const read = readJson(new TextEncoder().encode(text));
  const document = read.kind === 'accepted' ? tableOf(read.value) : undefined;
  if (document === undefined) return undefined;
  return ['default', 'develop'].flatMap((section) =>
    Object.entries(tableOf(document[section]) ?? {}).flatMap(([name, value]) => {
      const details = tableOf(value);
      const version = /^==(.+)$/.exec(textOf(details?.['version']) ?? '')?.[1];
      // Digests without file names: usable only if there is exactly one.
      const archives = listOf(details?.['hashes']).flatMap((hash) => archiveOf({ file: '', hash }));
      return details === undefined ? [] : [{ name: normalName(name), ...(version === undefined ? {} : { version }), marker: textOf(details['markers']) ?? '', archives }];
    }),
  );
};

const fromRequirements = (text: string): readonly LockedPackage[] => {
  const joined = text.replace(/\\\r?\n/g, ' ');
  const hashes = new Map(
    joined.split('\n').flatMap((line) => {
      const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(line)?.[1];
      const found = [...line.matchAll(/--hash[= ]sha256:([0-9a-f]{64})/g)].map((match) => ({ file: '', sha256: match[1]! }));
      return name === undefined || found.length === 0 ? [] : [[normalName(name), found] as const];
    }),
  );
  return readRequirementsFile(text).map((requirement) => {
    const version = /^===?([^,*]+)$/.exec(requirement.specifier)?.[1];
    return {
      name: requirement.name,
      ...(version === undefined ? { specifier: requirement.specifier } : { version }),
      marker: requirement.marker,
      archives: hashes.get(requirement.name) ?? [],
    };
  });
};

/** conda-lock.yml: packages of both managers; only those of pip, and those of conda that are Python packages, can be compared by name. */
const fromCondaLock = (text: string): readonly LockedPackage[] | undefined => {
  const packages = tableOf(yamlOf(text))?.['package'];
  const platform = `${process.platform}-${process.arch === 'x64' ? '64' : process.arch === 'arm64' ? 'aarch64' : process.arch}`;
  if (!Array.isArray(packages)) return undefined;
  return listOf(packages).flatMap((item) => {
    const table = tableOf(item);
    const name = textOf(table?.['name']);
    const version = textOf(table?.['version']);
    const wanted = textOf(table?.['platform']);
    return name === undefined || version === undefined || (wanted !== undefined && wanted !== platform) ? [] : [{ name: normalName(name), version, marker: '', archives: [] }];
  });
};

/** environment.yml: name=version=build, and a list for pip. */
const fromCondaEnvironment = (text: string): readonly LockedPackage[] | undefined => {
  const dependencies = tableOf(yamlOf(text))?.['dependencies'];
  if (!Array.isArray(dependencies)) return undefined;
  return listOf(dependencies).flatMap((item) => {
    const pip = tableOf(item)?.['pip'];
    if (pip !== undefined)
      return fromRequirements(
        listOf(pip)
          .filter((line) => typeof line === 'string')
          .join('\n'),
      );
    const match = typeof item === 'string' ? /^(?:[^:\s]{1,100}::)?([A-Za-z0-9._-]{1,200})\s*(={1,2})?\s*([A-Za-z0-9.+!_-]{1,100})?/.exec(item) : null;
    if (match === null || match[1] === 'python' || match[1] === 'pip') return [];
    // In conda, = is a prefix and == is exact; name=version=build is exact too.
    const exact = match[2] === '==' || (typeof item === 'string' && item.split('=').length === 3);
    return [
      {
        name: normalName(match[1]!),
        ...(exact && match[3] !== undefined ? { version: match[3] } : { specifier: match[3] === undefined || match[2] === undefined ? '' : `==${match[3]}.*` }),
        marker: '',
        archives: [],
      },
    ];
  });
};

const archiveOf = (value: unknown): readonly LockedArchive[] => {
  const table = tableOf(value);
  if (table === undefined) return [];
  const address = textOf(table['file']) ?? textOf(table['filename']) ?? textOf(table['name']) ?? textOf(table['url']) ?? textOf(table['path']) ?? '';
  const hash = textOf(table['hash']) ?? (textOf(tableOf(table['hashes'])?.['sha256']) === undefined ? undefined : `sha256:${textOf(tableOf(table['hashes'])?.['sha256'])}`);
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(hash ?? '')?.[1];
  const url = textOf(table['url']);
  return sha256 === undefined
    ? []
    : [
        {
          file: decodeName(address.slice(address.lastIndexOf('/') + 1).split('#')[0]!),
          sha256,
          ...(url === undefined || !/^https?:/.test(url) ? {} : { url: withoutCredentials(url) }),
        },
      ];
};

const decodeName = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

const yamlOf = (text: string): unknown => {
  try {
    // Aliases are refused: a few lines of them could grow without bound.
    return parseYaml(text, { maxAliasCount: 0, schema: 'core' }) as unknown;
  } catch {
    return undefined;
  }
};
