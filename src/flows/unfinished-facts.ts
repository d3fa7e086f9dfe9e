import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EndFacts, Gap, StartFacts } from '#assembly';
import type { ProbedMachine, ProbedSoftware } from '#capture';
import { type FileFacts, writeAtomic } from '#files';
import type { Code } from '#manifest';
import type { Watched } from './complete-record.ts';
import type { SourceSnapshot } from './take-source-snapshot.ts';

/** What was asked beside the running command. */
export type EarlyFacts = { readonly version: 1; readonly machine: ProbedMachine; readonly repository: Code['repository']; readonly source: SourceSnapshot };

/** What was seen when the command ended and hashing was put off. */
export type LateFacts = { readonly version: 1; readonly watched: Watched; readonly gaps: readonly Gap[]; readonly software: ProbedSoftware; readonly files: readonly FileFacts[] };

/** Everything that a run folder holds of a run without a record. */
export type UnfinishedRun = { readonly start: StartFacts; readonly end?: EndFacts; readonly early?: EarlyFacts; readonly late?: LateFacts };

const EARLY = 'probes.json';
const LATE = 'deferred.json';

export const saveEarlyFacts = (folder: string, facts: EarlyFacts): Promise<void> => save(folder, EARLY, { ...facts, source: { ...facts.source, kept: [...facts.source.kept] } });

export const saveLateFacts = (folder: string, facts: LateFacts): Promise<void> => save(folder, LATE, facts);

/** Reads what is there; a file that is missing or damaged is as if it had never been written. Undefined without a readable start. */
export const readUnfinishedRun = async (folder: string): Promise<UnfinishedRun | undefined> => {
  const [start, end, early, late] = await Promise.all([
    load<StartFacts>(folder, 'started.json'),
    load<EndFacts>(folder, 'exit.json'),
    load<EarlyFacts>(folder, EARLY),
    load<LateFacts>(folder, LATE),
  ]);
  if (start === undefined) return undefined;
  return {
    start,
    ...(end === undefined ? {} : { end }),
    ...(early === undefined ? {} : { early: { ...early, source: { ...early.source, kept: new Map(early.source.kept) } } }),
    ...(late === undefined ? {} : { late }),
  };
};

const save = (folder: string, name: string, facts: unknown): Promise<void> => writeAtomic(join(folder, name), Buffer.from(`${JSON.stringify(facts)}\n`), 0o600);

const load = async <T>(folder: string, name: string): Promise<T | undefined> => {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as T;
  } catch {
    return undefined;
  }
};
