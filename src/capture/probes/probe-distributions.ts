import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DistributionFacts, type Gap, type Probe, seen } from '#assembly';
import { attempt } from './attempt.ts';
import { importsOfSource, relationsOf } from './distribution-relations.ts';
import { type Host, nodeHost } from './host.ts';
import { markerEnvironment } from './marker.ts';
import { projectRequirements } from './project-requirements.ts';
import { type FoundDistribution, readDistribution } from './read-distribution.ts';

export type DistributionQuestion = {
  /** sys.path of the run, in order; relative entries are relative to the project. */
  readonly searchPath: readonly string[];
  /** Top-level names that the run imported. */
  readonly importedNames: readonly string[];
  readonly projectDirectory: string;
  /** Source files of the project that ran; their imports are direct. */
  readonly codeFiles?: readonly string[];
  readonly python?: { readonly version?: string; readonly implementation?: string };
  /** What was found earlier, while the run went on; taken only if the folders of the path are still the same. */
  readonly before?: InstalledBefore;
  readonly host?: Host;
};

/** Distributions found on a search path at some moment. */
export type InstalledBefore = { readonly stamp: string; readonly found: ReadonlyMap<string, FoundDistribution>; readonly gaps: readonly Gap[] };

/** Longest time without giving way to other work. Unit: ms. */
const TURN_MS = 10;

const MOST_DISTRIBUTIONS = 20_000;

/** Every distribution on the search path of the run, the first of each name, with its RECORD digest, its state on disk and why it is there. Reads no package code and imports nothing. */
export const probeDistributions = (question: DistributionQuestion): Promise<Probe<DistributionFacts>> =>
  attempt('installed distributions', async () => {
    const host = question.host ?? nodeHost;
    const stamp = stampOf(question);
    const { found, gaps } = question.before?.stamp === stamp ? question.before : await findInstalled(question);
    const declared = await projectRequirements(host, question.projectDirectory);
    const relations = relationsOf({
      found,
      declared,
      imported: new Set(question.importedNames),
      importedByCode: await importsOfFiles(host, question.codeFiles ?? []),
      markers: markerEnvironment(question.python ?? {}),
    });
    const distributions = [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, distribution]) => {
        const relation = relations.get(name)!;
        return {
          entry: {
            ...distribution.entry,
            relation: relation.relation,
            ...(relation.requiredBy.length === 0 ? {} : { requiredBy: relation.requiredBy }),
            imported: relation.imported,
          },
          wheelTags: distribution.wheelTags,
          libraries: distribution.libraries,
        };
      });
    return seen({ distributions, gaps });
  });

/**
 * Reads every distribution on a search path. This is the slow part of the probe, and needs nothing of what the run imports: it can be
 * done beside the running command.
 */
export const findInstalled = async (question: Pick<DistributionQuestion, 'searchPath' | 'projectDirectory'>): Promise<InstalledBefore> => {
  const stamp = stampOf(question);
  const gaps: Gap[] = [];
  const found = new Map<string, FoundDistribution>();
  const visited = new Set<string>();
  let turn = performance.now();
  for (const folder of foldersOf(question)) {
    if (visited.has(folder)) continue;
    visited.add(folder);
    for (const [place, name] of metadataIn(folder)) {
      if (performance.now() - turn > TURN_MS) {
        await nextTurn();
        turn = performance.now();
      }
      const distribution = found.size < MOST_DISTRIBUTIONS ? safely(place, name, gaps) : undefined;
      if (distribution !== undefined && !found.has(distribution.entry.name)) found.set(distribution.entry.name, distribution);
    }
  }
  return { stamp, found, gaps };
};

const foldersOf = (question: Pick<DistributionQuestion, 'searchPath' | 'projectDirectory'>): readonly string[] =>
  question.searchPath.map((entry) => (isAbsolute(entry) ? entry : resolve(question.projectDirectory, entry)));

/** Changes when something is installed into or removed from a folder of the path. */
const stampOf = (question: Pick<DistributionQuestion, 'searchPath' | 'projectDirectory'>): string =>
  JSON.stringify(
    foldersOf(question).flatMap((folder) => {
      const facts = statSync(folder, { throwIfNoEntry: false });
      return facts === undefined || !/(site|dist)-packages$/.test(folder) ? [] : [[folder, facts.ino, facts.mtimeMs]];
    }),
  );

/** A damaged distribution must not hide the others. */
const safely = (folder: string, name: string, gaps: Gap[]): FoundDistribution | undefined => {
  try {
    const distribution = readDistribution(folder, name);
    if (distribution === undefined) gaps.push({ about: '/dependencies/distributions', reason: `${folder}/${name} has no readable name and version` });
    return distribution;
  } catch (error) {
    gaps.push({ about: '/dependencies/distributions', reason: `${folder}/${name} could not be read: ${error instanceof Error ? error.message : String(error)}` });
    return undefined;
  }
};

/** Folder and name of each description; an egg on the path has one inside. Order does not decide: names in one folder are distinct. */
const metadataIn = (folder: string): readonly (readonly [string, string])[] => {
  try {
    if (folder.endsWith('.egg')) return [[folder, 'EGG-INFO']];
    // pip leaves folders that begin with ~ when it could not remove a distribution.
    return readdirSync(folder)
      .filter((name) => /\.(?:dist|egg)-info$/.test(name) && !name.startsWith('~'))
      .sort()
      .map((name) => [folder, name] as const);
  } catch {
    return [];
  }
};

const importsOfFiles = async (host: Host, files: readonly string[]): Promise<ReadonlySet<string>> => {
  const sources = await Promise.all(
    files
      .filter((file) => file.endsWith('.py'))
      .slice(0, 2000)
      .map((file) => host.readText(file)),
  );
  return new Set(sources.flatMap((source) => (source === undefined ? [] : importsOfSource(source))));
};
