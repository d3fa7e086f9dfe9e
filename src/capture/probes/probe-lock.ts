import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type Gap, type InstalledDistribution, type LockFacts, type Probe, seen, unavailable } from '#assembly';
import { attempt } from './attempt.ts';
import { type Host, nodeHost } from './host.ts';
import { LOCK_FORMATS, type LockedPackage, type LockKind } from './lock-files.ts';
import { markerEnvironment, markerHolds, type MarkerEnvironment } from './marker.ts';
import { compareVersions, meetsSpecifier } from './version.ts';

export type LockQuestion = {
  readonly projectDirectory: string;
  readonly distributions: readonly InstalledDistribution[];
  readonly python?: { readonly version?: string; readonly implementation?: string };
  readonly host?: Host;
};

const MOST_BYTES = 64 * 1024 * 1024;

/** Not a lock question: they belong to the environment, not to the project. */
const TOOLS = new Set(['pip', 'setuptools', 'wheel', 'uv', 'poetry', 'pdm', 'pipenv', 'distribute']);

/**
 * The lock or requirements file of the project and whether the live environment agrees: yes only if every package of it that this
 * platform needs and that is pinned is installed in that version, and nothing that the run imported is missing from it.
 */
export const probeLock = (question: LockQuestion): Promise<Probe<LockFacts>> =>
  attempt('the lock file', async () => {
    const host = question.host ?? nodeHost;
    const names = (await host.list(question.projectDirectory)) ?? [];
    const gaps: Gap[] = [];
    for (const format of LOCK_FORMATS) {
      for (const name of names.filter((one) => format.name.test(one)).toSorted()) {
        const path = `${question.projectDirectory}/${name}`;
        const bytes = await bytesOf(path);
        const packages = bytes === undefined ? undefined : format.read(bytes.toString('utf8'));
        if (packages === undefined || bytes === undefined) {
          gaps.push({ about: '/dependencies/lock', reason: `${path} could not be read as a ${format.kind} file` });
          continue;
        }
        if (packages.length === 0) continue;
        return seen({ ...compare({ kind: format.kind, path, sha256: createHash('sha256').update(bytes).digest('hex') }, packages, question), gaps });
      }
    }
    return gaps.length === 0
      ? unavailable('there is no lock or requirements file in the project', 'pin the environment, for example with uv lock or pip freeze > requirements.txt')
      : unavailable(gaps[0]!.reason);
  });

const bytesOf = async (path: string): Promise<Buffer | undefined> => {
  try {
    const facts = await stat(path);
    return facts.isFile() && facts.size <= MOST_BYTES ? await readFile(path) : undefined;
  } catch {
    return undefined;
  }
};

type File = { readonly kind: LockKind; readonly path: string; readonly sha256: string };

const compare = (file: File, packages: readonly LockedPackage[], question: LockQuestion): Omit<LockFacts, 'gaps'> => {
  const environment = markerEnvironment(question.python ?? {});
  const installed = new Map(question.distributions.map((one) => [one.entry.name, one] as const));
  const locked = byName(packages, environment);
  const disagreements: string[] = [];
  let unpinned = false;
  for (const [name, choices] of locked) {
    const version = installed.get(name)?.entry.version;
    if (version === undefined) {
      // A resolved lock holds packages of other groups and platforms too: a missing one says something only where a person listed it.
      // Of conda's packages many are no Python packages and cannot be looked up here.
      if (file.kind === 'requirements') disagreements.push(`${name} is not installed`);
      continue;
    }
    const verdicts = choices.map((choice) => agreement(choice, version));
    if (verdicts.includes('no') && !verdicts.includes('yes')) disagreements.push(`${name} ${version} is installed, ${wantedOf(choices)} is locked`);
    else if (!verdicts.includes('yes')) unpinned = true;
  }
  const strangers = question.distributions.filter(({ entry }) => entry.imported === true && !locked.has(entry.name) && !TOOLS.has(entry.name) && entry.source?.kind !== 'editable');
  for (const { entry } of strangers) disagreements.push(`${entry.name} ${entry.version} was imported and is not in the file`);
  const told = disagreements.map((line) => line.slice(0, 1024));
  return {
    lock: {
      kind: file.kind,
      path: file.path,
      sha256: file.sha256,
      agrees: told.length > 0 ? 'no' : unpinned || installed.size === 0 ? 'unknown' : 'yes',
      ...(told.length === 0 ? {} : { disagreements: told.slice(0, 10_000) }),
    },
    wheelSha256: Object.fromEntries([...locked].flatMap(([name, choices]) => archivesOf(name, choices, installed.get(name)))),
  };
};

/** Packages that this platform needs; a name can stand there several times with different markers. */
const byName = (packages: readonly LockedPackage[], environment: MarkerEnvironment): ReadonlyMap<string, readonly LockedPackage[]> => {
  const names = new Map<string, LockedPackage[]>();
  for (const one of packages) if (markerHolds(one.marker, environment)) names.set(one.name, [...(names.get(one.name) ?? []), one]);
  return names;
};

/** yes: pinned to exactly this; no: pinned to another, or outside of its range; open: a range that it meets. */
const agreement = (choice: LockedPackage, version: string): 'yes' | 'no' | 'open' => {
  if (choice.version !== undefined) return choice.version === version || compareVersions(choice.version, version, choice.version.includes('+')) === 0 ? 'yes' : 'no';
  return choice.specifier !== undefined && meetsSpecifier(version, choice.specifier) === false ? 'no' : 'open';
};

const wantedOf = (choices: readonly LockedPackage[]): string => choices.map((choice) => choice.version ?? choice.specifier ?? 'another').join(' or ');

/** The archive that was installed, if the file names exactly one that fits: the only one, or the wheel with the same tags. */
const archivesOf = (name: string, choices: readonly LockedPackage[], installed: InstalledDistribution | undefined): readonly (readonly [string, string])[] => {
  if (installed === undefined || !/^(?:index|unknown)$/.test(installed.entry.source?.kind ?? 'unknown')) return [];
  const archives = choices.filter((choice) => agreement(choice, installed.entry.version) === 'yes').flatMap((choice) => choice.archives);
  const fitting = archives.length === 1 && archives[0]!.file === '' ? archives : archives.filter((archive) => sameTags(archive.file, installed.wheelTags));
  return fitting.length === 1 ? [[name, fitting[0]!.sha256]] : [];
};

/** Whether the tags in the name of a wheel are those that the installed wheel says of itself. Source: PEP 425, PEP 427. */
const sameTags = (file: string, tags: readonly string[]): boolean => {
  const [python, abi, platform] = file.endsWith('.whl') ? file.slice(0, -4).split('-').slice(-3) : [];
  if (python === undefined || abi === undefined || platform === undefined || tags.length === 0) return false;
  const expanded = python.split('.').flatMap((p) => abi.split('.').flatMap((a) => platform.split('.').map((f) => `${p}-${a}-${f}`)));
  return expanded.length === tags.length && expanded.every((tag) => tags.includes(tag));
};
