import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Gap, type InstalledDistribution, type NativeFacts, type Probe, seen } from '#assembly';
import type { Dependencies } from '#manifest';
import { attempt } from './attempt.ts';
import { buildIdIn, readElfNotes } from './elf-build-id.ts';
import { type Host, nodeHost } from './host.ts';
import { apkOwners, condaOwners, debOwners, type Owner, rpmOwners } from './library-owners.ts';

export type NativeQuestion = {
  /** Absolute paths of the shared libraries that were mapped. */
  readonly libraries: readonly string[];
  readonly distributions: readonly InstalledDistribution[];
  readonly host?: Host;
};

type Library = Dependencies['native'][number];

/** Headers of nearly every library fit in. Unit: byte. */
const HEAD = 8192;

/** Longest time without giving way to other work. Unit: ms. */
const TURN_MS = 10;

/** Size, build id and owner of every shared library that the run had mapped. Libraries are read in their headers only, never loaded. */
export const probeNative = (question: NativeQuestion): Promise<Probe<NativeFacts>> =>
  attempt('native libraries', async () => {
    const host = question.host ?? nodeHost;
    const gaps: Gap[] = [];
    const paths = [...new Set(question.libraries)].toSorted().slice(0, 20_000);
    const owners = ownedByDistributions(question.distributions);
    const rest = paths.filter((path) => !owners.has(path) && !owners.has(realPath(path)));
    const [system, facts] = await Promise.all([systemOwners(host, rest, gaps), readLibraries(paths)]);
    return seen({
      native: paths.map((path) => {
        const owner = owners.get(path) ?? owners.get(realPath(path)) ?? system.get(path);
        return { path, ...facts.get(path), ...(owner === undefined ? {} : { owner }) };
      }),
      gaps,
    });
  });

const ownedByDistributions = (distributions: readonly InstalledDistribution[]): ReadonlyMap<string, Owner> =>
  new Map(distributions.flatMap(({ entry, libraries }) => libraries.map((path) => [path, { kind: 'distribution' as const, name: entry.name, version: entry.version }] as const)));

/** The package managers that this system has, asked at once. */
const systemOwners = async (host: Host, paths: readonly string[], gaps: Gap[]): Promise<ReadonlyMap<string, Owner>> => {
  if (paths.length === 0) return new Map();
  const [deb, rpm, apk] = await Promise.all([
    host.exists('/var/lib/dpkg/status'),
    host.exists('/var/lib/rpm').then(async (old) => old || host.exists('/usr/lib/sysimage/rpm')),
    host.exists('/lib/apk/db/installed'),
  ]);
  const asked = [condaOwners(host, paths), ...(deb ? [debOwners(host, paths)] : []), ...(rpm ? [rpmOwners(host, paths)] : []), ...(apk ? [apkOwners(host, paths)] : [])];
  const answers = await Promise.all(asked.map((answer) => answer.catch(() => new Map<string, Owner>())));
  if (!deb && !rpm && !apk)
    gaps.push({ about: '/dependencies/native', reason: 'this system has no package list that is known (dpkg, rpm, apk): owners of system libraries are not told' });
  // The most specific wins: a conda environment inside a Debian system.
  return new Map(answers.toReversed().flatMap((answer) => Array.from(answer)));
};

const readLibraries = async (paths: readonly string[]): Promise<ReadonlyMap<string, Pick<Library, 'sizeBytes' | 'buildId'>>> => {
  const facts = new Map<string, Pick<Library, 'sizeBytes' | 'buildId'>>();
  let turn = performance.now();
  for (const path of paths) {
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    facts.set(path, readLibrary(path));
  }
  return facts;
};

/** Synchronous: three small reads cost less than one turn of the event loop. A library that is gone has no facts. */
const readLibrary = (path: string): Pick<Library, 'sizeBytes' | 'buildId'> => {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const head = readAt(file, 0, Math.min(HEAD, size));
    const elf = readElfNotes(head);
    for (const note of elf?.notes ?? []) {
      if (note.offset + note.size > size) continue;
      const segment = note.offset + note.size <= head.length ? head.subarray(note.offset, note.offset + note.size) : readAt(file, note.offset, note.size);
      const buildId = buildIdIn(segment, elf!.little);
      if (buildId !== undefined && buildId.length >= 2) return { sizeBytes: size, buildId };
    }
    return { sizeBytes: size };
  } catch {
    return {};
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

const readAt = (file: number, offset: number, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
};

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};
