import { join } from 'node:path';
import { toHex, TrainlockError } from '#base';
import { nodeCrypto, readBounded, type RecorderState } from '#files';
import type { Manifest } from '#manifest';
import { MAX_STATEMENT } from './finish-run.ts';
import type { MarkChange } from './marks.ts';
import type { RunSummary } from './run-summary.ts';
import { RUN_FILES, type RunFolder } from './store-layout.ts';

/**
 * running: its recorder works on it, or may do so on another machine; interrupted: no finished record and nobody who makes it
 * (trainlock finish); deferred: its command ended and hashing was put off (trainlock finish); finished; newer: it has a record of a
 * later schema, or with critical fields that are not known here, which this version does not judge; damaged: there is something, but it cannot be read.
 */
export type RunState = 'running' | 'interrupted' | 'deferred' | 'finished' | 'newer' | 'damaged';

/** One run of a store. Name and tags are those that hold now: recorded ones, changed by marks. */
export type RunRecord = RunSummary & {
  /** Where its files are; for a record that exists only in git, the folder of kept records. */
  readonly folder: RunFolder;
  readonly state: RunState;
  /** Why it is damaged or not finished. */
  readonly reason?: string;
  /** For a run without a finished record: what is known of the process that recorded it. */
  readonly recorder?: RecorderState;
  /** Whether its record is kept in git. */
  readonly kept: boolean;
  /** Digest of the statement; only for a finished run. */
  readonly manifestSha256?: string;
  /** Where the statement lies or will lie. */
  readonly statementPath: string;
  readonly marks: readonly MarkChange[];
  /** The exact bytes of the statement. Throws TL0303 without a finished record. */
  readonly statement: () => Promise<Uint8Array>;
  /** The manifest, read from the statement and checked. Throws TL0303, TL0304 or TL0202. */
  readonly manifest: () => Promise<Manifest>;
};

/** Whether a run has no record yet. */
export const isUnfinished = (state: RunState): state is 'running' | 'interrupted' | 'deferred' => state === 'running' || state === 'interrupted' || state === 'deferred';

/** Whether there is a record, or the remains of one, of which nothing is known here. */
export const isUnread = (state: RunState): state is 'newer' | 'damaged' => state === 'newer' || state === 'damaged';

/** "the run is …" */
export const unfinishedText = (state: RunState): string => (state === 'running' ? 'still running' : state === 'deferred' ? 'not hashed yet' : 'interrupted');

/** Bytes of a statement on disk; an error that says what to do if there are none. */
const statementOfRun = async (run: Pick<RunRecord, 'id' | 'state' | 'statementPath' | 'folder'>): Promise<Uint8Array> => {
  if (isUnfinished(run.state)) {
    const fix = run.state === 'running' ? 'wait until it has ended' : `trainlock finish ${shortId(run.id)}`;
    throw new TrainlockError('TL0303', `the run ${shortId(run.id)} has no finished record: it is ${unfinishedText(run.state)}`, {
      where: run.folder.path,
      fix,
    });
  }
  return readBounded(run.statementPath, MAX_STATEMENT).catch((error: unknown) => {
    throw damaged(run.statementPath, [error instanceof Error ? error.message : String(error)]);
  });
};

/** What a statement file turned out to be. The bytes are hostile until readStatement has accepted them. */
export type LoadedStatement =
  | { readonly kind: 'readable'; readonly manifest: Manifest; readonly sha256: string; readonly sizeBytes: number }
  | { readonly kind: 'newer' | 'damaged'; readonly problem: TrainlockError };

export const loadStatement = async (path: string): Promise<LoadedStatement> => {
  const bytes = await readBounded(path, MAX_STATEMENT).catch((error: unknown) => error as Error);
  if (bytes instanceof Error) return { kind: 'damaged', problem: damaged(path, [bytes.message]) };
  // The contract of manifests is half a megabyte of code: commands that read no manifest do not load it.
  const { readStatement } = await import('#manifest');
  const reading = readStatement(bytes);
  switch (reading.kind) {
    case 'accepted':
      return { kind: 'readable', manifest: reading.value.manifest, sha256: toHex(nodeCrypto.sha256(bytes)), sizeBytes: bytes.length };
    case 'newer':
      return {
        kind: 'newer',
        problem: new TrainlockError('TL0202', `the record has schema version ${reading.schemaVersion}`, {
          where: path,
          notes: reading.problems.map((problem) => problem.message),
          fix: 'use a newer trainlock',
        }),
      };
    case 'rejected':
      return {
        kind: 'damaged',
        problem: damaged(
          path,
          reading.problems.slice(0, 5).map((problem) => `${problem.pointer}: ${problem.message}`),
        ),
      };
  }
};

const damaged = (path: string, notes: readonly string[]): TrainlockError =>
  new TrainlockError('TL0304', 'the record cannot be read', { where: path, notes, fix: `restore ${RUN_FILES.statement} from a copy` });

/** The first letters of an id, as people use them. */
export const shortId = (id: string): string => id.slice(0, 8);

/** Adds the ways to read the record to what is known of a run. Takes the object over: a copy per run would double a long list. */
export const withReaders = (known: Omit<RunRecord, 'statement' | 'manifest'>): RunRecord => {
  const run = known as { -readonly [K in keyof RunRecord]: RunRecord[K] };
  run.statement = () => statementOfRun(run);
  run.manifest = async () => {
    await statementOfRun(run);
    const loaded = await loadStatement(run.statementPath);
    if (loaded.kind !== 'readable') throw loaded.problem;
    return loaded.manifest;
  };
  return run;
};

export const statementPath = (folder: RunFolder): string => join(folder.path, RUN_FILES.statement);
