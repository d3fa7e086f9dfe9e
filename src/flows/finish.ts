import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type EndFacts, type Gap, isBelow } from '#assembly';
import { secretValuesOf, TrainlockError } from '#base';
import { emptyMachine, isOwnStart, livingProcesses, probeMachine, probeSoftware, userKeys } from '#capture';
import type { Settings } from '#config';
import { openStore, type RunRecord, shortId, type Store } from '#store';
import { nameKey } from '#digest';
import { completeRecord, type CompletedRecord } from './complete-record.ts';
import { recordCode } from './record-code.ts';
import { restoreStatement } from './restore-statement.ts';
import { schemaMajorOf } from './schema-major-of.ts';
import { type Sealed, sealRecord } from './seal-record.ts';
import { foreignGaps, withoutPaths } from './foreign-start.ts';
import { isOwnRun } from './own-run.ts';
import { type EarlyFacts, readUnfinishedRun, type UnfinishedRun } from './unfinished-facts.ts';
import { type OnProgress, thisRecorder } from '#files';

export type FinishOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly reference: string;
  readonly onProgress?: OnProgress;
};

export type Finished = CompletedRecord & {
  readonly id: string;
  readonly folder: string;
  /** There was nothing to complete. */ readonly wasFinished?: boolean;
  /** What became of the signature. */ readonly seal?: Sealed;
};

/**
 * Completes the record of a run that has none: hashing was put off, or its recorder died. Works on any machine that sees the files.
 * A run that this user did not start is completed, and not signed: that is a word of its own (trainlock sign). Throws TL0303 if the run is still going on, TL0304 if nothing readable is left of its start, or if it was signed and its record cannot be
 * brought back; TL0202 where a newer trainlock is needed.
 */
export const finish = async (options: FinishOptions): Promise<Finished> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const run = await store.find(options.reference);
  if (run.state === 'finished') return { manifest: await run.manifest(), sha256: run.manifestSha256 ?? '', id: run.id, folder: run.folder.path, wasFinished: true };
  // It has a record: whoever can read it says more.
  if (run.state === 'newer') await run.manifest();
  return finishRun(options, run);
};

/**
 * Completes every run of the store that this user's own recorder started, and whose recorder is known to be dead on this machine; faults are
 * told, not thrown. A store comes with a repository: runs of others in it are left as they are.
 */
export const finishInterrupted = async (options: Omit<FinishOptions, 'reference'>, say: (line: string) => void): Promise<void> => {
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  for (const run of await store.runs()) {
    if (run.state !== 'interrupted' || run.recorder !== 'gone' || livingProcesses(run.folder.path).length > 0 || !(await isOwnRun(run, options.env))) continue;
    await finishRun(options, run).then(
      (finished) => say(`completed the record of ${finished.id.slice(0, 8)}, which had none: its recorder was killed, or its files were removed`),
      (error: unknown) => say(`the interrupted run ${run.id.slice(0, 8)} cannot be completed: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
};

const finishRun = async (options: Omit<FinishOptions, 'reference'>, run: RunRecord): Promise<Finished> => {
  if (run.state === 'running' || livingProcesses(run.folder.path).length > 0)
    throw new TrainlockError('TL0303', `the run ${run.id.slice(0, 8)} is still going on`, {
      where: run.folder.path,
      fix: `trainlock finish ${run.id.slice(0, 8)}   # when it has ended`,
    });
  const unfinished = await readUnfinishedRun(run.folder.path);
  if (unfinished === undefined)
    throw new TrainlockError('TL0304', `nothing is left of the start of the run ${run.id.slice(0, 8)}`, {
      where: run.folder.path,
      fix: 'trainlock gc --yes   # removes what cannot be completed',
    });
  // Of what was read: the file may have become another since.
  const isOwn = await isOwnStart(unfinished.start, run.folder.path, options.env);
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const restored = await restoreStatement(store, run);
  if (restored === undefined && !isOwn) refuseElsewhere(options, run, unfinished);
  const completed = restored ?? (await complete(store, options, run, { ...unfinished, isOwn }));
  const done = { ...completed, id: run.id, folder: run.folder.path };
  // A record that is brought back from a signature has one.
  if (!isOwn) return restored === undefined ? { ...done, seal: unsigned(options.settings, run) } : done;
  const seal = await sealRecord({ folder: run.folder.path, runId: run.id, storeRoot: dirname(dirname(run.folder.path)), settings: options.settings, env: options.env });
  return { ...done, seal };
};

const NOT_OWN = 'the run was not started by this user on this machine, or its start was changed since';

/** Nothing outside of this project is read for somebody else's run. */
const refuseElsewhere = ({ projectRoot }: Omit<FinishOptions, 'reference'>, run: RunRecord, { start }: UnfinishedRun): void => {
  const isHere = start.run.id === run.id && [start.projectRoot, start.workingDirectory].every((path) => path === projectRoot || isBelow(path, projectRoot));
  if (isHere) return;
  throw new TrainlockError('TL0304', `the run ${shortId(run.id)} cannot be completed here: ${NOT_OWN}, and it names another run or project folder`, {
    where: run.folder.path,
    fix: `trainlock finish ${shortId(run.id)}   # by the user who started it, in ${start.projectRoot}`,
  });
};

/** Completing a record is no word for it. */
const unsigned = (settings: Settings, run: RunRecord): Sealed =>
  settings.signing.value === 'off'
    ? { kind: 'off' }
    : { kind: 'unsigned', because: `${NOT_OWN}: finish does not vouch for it`, fix: `trainlock sign ${shortId(run.id)}   # if you do` };

const complete = async (store: Store, options: Omit<FinishOptions, 'reference'>, run: RunRecord, given: UnfinishedRun & { readonly isOwn: boolean }): Promise<CompletedRecord> => {
  const unfinished = given.isOwn ? given : { ...given, start: withoutPaths(given.start, options.projectRoot) };
  const { start, late } = unfinished;
  const schemaMajor = schemaMajorOf(start, options.settings, run);
  const early = unfinished.early ?? (await askNow(store, options, unfinished));
  return completeRecord({
    store,
    folder: run.folder,
    start: { ...start, schemaMajor },
    end: unfinished.end ?? lostEnd(),
    early,
    software: async (seen) => late?.software ?? (await probeSoftware(seen, start.projectRoot)),
    watched: late?.watched ?? { processes: [], files: [] },
    knownSecrets: secretValuesOf(options.env),
    ...(late === undefined ? { completedAt: new Date().toISOString() } : { remembered: new Map(late.files.map((facts) => [nameKey(facts), facts])) }),
    gaps: [...(late?.gaps ?? interruptionGaps(unfinished)), ...(given.isOwn ? [] : foreignGaps(given.start))],
    ...(given.isOwn ? {} : { canaryEnv: 'off' as const, isForeign: true }),
    clock: () => performance.now(),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
};

/** The machine may be asked now only if it has not been started anew since; else what it says would be about another moment. */
const askNow = async (store: Store, options: Omit<FinishOptions, 'reference'>, unfinished: UnfinishedRun): Promise<EarlyFacts> => {
  const { start } = unfinished;
  const keys = await userKeys(options.env);
  const here = start.recorder.bootId !== undefined && start.recorder.bootId === thisRecorder().bootId;
  const machine = here
    ? await probeMachine({
        projectRoot: start.projectRoot,
        env: options.env,
        knownSecrets: secretValuesOf(options.env),
        pseudonymKey: keys.pseudonym,
        pseudonym: options.settings.pseudonym.value,
      })
    : emptyMachine('the recorder died before it could ask, and this is another machine or another start of it');
  return { version: 1, machine, ...(await recordCode(store, machine.git, start, options.settings)) };
};

const lostEnd = (): EndFacts => ({ exit: { kind: 'lost', reason: 'the recorder was killed, or could not write, before the command ended' } });

const interruptionGaps = (unfinished: UnfinishedRun): readonly Gap[] => [
  {
    about: '/run/exit',
    reason:
      unfinished.end === undefined
        ? 'the recorder was killed, or could not write; how the command ended is not known'
        : 'the recorder was killed, or could not write, after the command had ended',
  },
  { about: '/data', reason: 'files were hashed later than usual, when the record was completed' },
  ...(unfinished.early === undefined ? [{ about: '/code', reason: 'the code and the machine were looked at when the record was completed, not when the run started' }] : []),
];
