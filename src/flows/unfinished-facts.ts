import { join } from 'node:path';
import type { EndFacts, Gap, StartFacts } from '#assembly';
import type { ProbedMachine, ProbedSoftware } from '#capture';
import { type FileFacts, readBounded, writeAtomic } from '#files';
import type { Code } from '#manifest';
import type { Watched } from './complete-record.ts';
import type { SourceSnapshot } from './take-source-snapshot.ts';
import { isEarlyFacts, isEndFacts, isLateFacts, isStartFacts } from './unfinished-shapes.ts';

/** What was asked beside the running command. */
export type EarlyFacts = { readonly version: 1; readonly machine: ProbedMachine; readonly repository: Code['repository']; readonly source: SourceSnapshot };

/** What was seen when the command ended and hashing was put off. */
export type LateFacts = { readonly version: 1; readonly watched: Watched; readonly gaps: readonly Gap[]; readonly software: ProbedSoftware; readonly files: readonly FileFacts[] };

/** Everything that a run folder holds of a run without a record. */
export type UnfinishedRun = { readonly start: StartFacts; readonly end?: EndFacts; readonly early?: EarlyFacts; readonly late?: LateFacts };

const EARLY = 'probes.json';
const LATE = 'deferred.json';

/** A start or an end is small; what was seen may name every file of large data. Unit: byte. */
const MAX_SMALL = 16 * 1024 * 1024;
const MAX_LARGE = 500 * 1024 * 1024;

export const saveEarlyFacts = (folder: string, facts: EarlyFacts): Promise<void> => save(folder, EARLY, { ...facts, source: { ...facts.source, kept: [...facts.source.kept] } });

export const saveLateFacts = (folder: string, facts: LateFacts): Promise<void> => save(folder, LATE, facts);

/** Reads what is there; a file that is missing, damaged or of another form is as if it had never been written. Undefined without a readable start. */
export const readUnfinishedRun = async (folder: string): Promise<UnfinishedRun | undefined> => {
  const start = await readStart(folder);
  if (start === undefined) return undefined;
  const [end, early, late] = await Promise.all([
    load(folder, 'exit.json', isEndFacts, MAX_SMALL),
    load(folder, EARLY, isEarlyFacts, MAX_LARGE),
    load(folder, LATE, isLateFacts, MAX_LARGE),
  ]);
  return {
    start,
    ...(end === undefined ? {} : { end }),
    ...(early === undefined ? {} : { early: { ...early, source: { ...early.source, kept: new Map(early.source.kept) } } }),
    ...(late === undefined ? {} : { late }),
  };
};

/** The start alone. */
export const readStart = (folder: string): Promise<StartFacts | undefined> => load(folder, 'started.json', isStartFacts, MAX_SMALL);

const save = (folder: string, name: string, facts: unknown): Promise<void> => writeAtomic(join(folder, name), Buffer.from(`${JSON.stringify(facts)}\n`), 0o600);

const load = async <T>(folder: string, name: string, isOne: (value: unknown) => value is T, maxBytes: number): Promise<T | undefined> => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await readBounded(join(folder, name), maxBytes)));
    return isOne(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
