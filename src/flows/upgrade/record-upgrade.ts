import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { countOf, TrainlockError, toHex, utf8 } from '#base';
import { readRoot, userKeys } from '#capture';
import { nodeCrypto, type OnProgress } from '#files';
import type { PackageMove } from '#environment';
import type { Manifest } from '#manifest';
import { type PathMap, prepareReplay, type ReplayPlan } from '#replay';
import type { RunRecord, Store } from '#store';
import type { Project } from '../load-project.ts';
import { record } from '../record.ts';
import { declaredThen, replaySettings } from '../replay-run.ts';
import { enterEnvironment } from './enter-environment.ts';
import { rememberRecorded, type UpgradeFolder } from './upgrade-folder.ts';

export type Computing = {
  readonly project: Project;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  readonly run: RunRecord;
  readonly manifest: Manifest;
  readonly folder: UpgradeFolder;
  /** The interpreter of the new environment. */
  readonly python: string;
  readonly moves: readonly PackageMove[];
  readonly name?: string;
  readonly why?: string;
  readonly map: PathMap;
  readonly network: readonly string[];
  readonly envFromCurrent: readonly string[];
  readonly say: (line: string) => void;
  readonly onProgress: OnProgress;
};

/**
 * Computes a run again with the packages of another environment: the same code, data and seeds, confined as a replay is. It is recorded
 * as a run of its own that follows the first. The id of it. Throws TL0505 if the run cannot be computed again or was interrupted.
 */
export const recordUpgrade = async (computing: Computing): Promise<string> => {
  const { folder, store, run, manifest, project, env, say, moves } = computing;
  await rm(folder.run, { recursive: true, force: true });
  const plan = await prepare(computing);
  const entered = await enterEnvironment({ manifest, plan, python: computing.python, ownEnv: env });
  const { entropy, deterministic } = manifest.capture.modes;
  say(`computing ${run.name ?? run.id.slice(0, 8)} again, confined by ${plan.sandbox.isolation.kind}${plan.sandbox.isolation.network ? ' and without network' : ''}`);
  const recorded = await record({
    command: entered.command,
    workingDirectory: plan.workingDirectory,
    env: plan.recordedEnv,
    ownEnv: env,
    projectRoot: plan.work,
    storeFolder: store.root,
    config: (await declaredThen(run.folder.path)) ?? project.config,
    settings: replaySettings(project.settings, entropy, deterministic === true),
    purpose: computing.why ?? `upgrade of ${run.name ?? run.id.slice(0, 8)}: ${movesText(moves)}`.slice(0, 1000),
    ...(computing.name === undefined ? {} : { name: computing.name }),
    parents: [{ kind: 'upgrade', run: run.id, ...(run.manifestSha256 === undefined ? {} : { manifestSha256: run.manifestSha256 }) }],
    replay: {
      ...(plan.root === undefined ? {} : { root: plan.root }),
      ...(plan.hashSeed === undefined ? {} : { hashSeed: plan.hashSeed }),
      tape: plan.tape,
      pathMap: plan.names,
      ...(plan.sandbox.mounts.length === 0 ? {} : { mounts: plan.sandbox.mounts }),
    },
    restored: {
      command: manifest.run.command,
      repository: manifest.code.repository,
      ...(manifest.code.snapshot === undefined ? {} : { snapshot: manifest.code.snapshot }),
      sourceFiles: plan.sourceFiles.map((path) => join(plan.work, path)),
      facts: { findings: findingsOf(computing, plan, entered.set), origins: Object.fromEntries(manifest.data.map(({ name, origin }) => [name, origin])) },
      project: project.projectRoot,
      lockFolder: join(folder.path, 'lock'),
      canary: { folder: plan.work, seenFolder: plan.sandbox.project, wrap: entered.wrapInProject, program: entered.program },
    },
    wrap: entered.wrap,
    output: 'discard',
    say,
    onProgress: computing.onProgress,
  });
  if (recorded.run === undefined || recorded.record === undefined)
    throw new TrainlockError('TL0505', `the run could not be recorded: ${recorded.problem?.message ?? 'nobody knows why'}`, { cause: recorded.problem });
  if (recorded.exit.kind === 'signalled' && manifest.run.exit.kind !== 'signalled')
    throw new TrainlockError('TL0505', `the run was ended by ${recorded.exit.signal}`, {
      where: recorded.run.folder,
      notes: ['its record is kept, and does not count for this update'],
    });
  await rememberRecorded(folder, recorded.run.id);
  return recorded.run.id;
};

const prepare = async (computing: Computing): Promise<ReplayPlan> => {
  const { manifest, folder, project, store, run, env, python } = computing;
  const [keys, root] = [await userKeys(env), await readRoot(store.rootPath(run.id))];
  const id = run.id.slice(0, 8);
  const cannot = (message: string, notes: readonly string[]): TrainlockError =>
    new TrainlockError('TL0505', message, { notes, fix: `trainlock replay ${id} --dry-run   # says what stands in the way` });
  const plan = await prepareReplay({
    manifest,
    folder: folder.run,
    projectRoot: project.projectRoot,
    storeRoot: store.root,
    env,
    choice: { map: computing.map, allowedHosts: computing.network, envFromCurrent: computing.envFromCurrent, python },
    readObject: (sha256) => store.readObject(sha256).catch(() => undefined),
    hasObject: store.hasObject,
    commit: (name, value) => toHex(nodeCrypto.hmacSha256(keys.commitment, utf8(`${name}=${value}`))),
    ...(root === undefined ? {} : { root }),
    onProgress: computing.onProgress,
  }).catch((error: unknown) => {
    if (error instanceof TrainlockError && error.code === 'TL0501') throw cannot(error.message, error.notes);
    throw error;
  });
  if (plan.blockers.length > 0)
    throw cannot(
      `the run cannot be computed again: ${countOf(plan.blockers.length, 'thing')} in the way`,
      plan.blockers.map(({ message }) => message),
    );
  for (const note of plan.notes) if (!note.startsWith('the interpreter is ')) computing.say(note);
  return plan;
};

/** A move in words. */
export const moveText = ({ name, from, to }: PackageMove): string => `${name} ${from === undefined ? `${to} (new)` : to === undefined ? `${from} (left out)` : `${from} -> ${to}`}`;

const movesText = (moves: readonly PackageMove[]): string => moves.map(moveText).join(', ');

/** What a reader of the record must know: it stands beside the facts that were taken over. */
const findingsOf = ({ run, moves, python }: Computing, { sandbox: { isolation } }: ReplayPlan, set: readonly string[]) => [
  {
    kind: 'upgrade',
    severity: 'note' as const,
    message: `computed as run ${run.id} was, with other packages: ${movesText(moves)}`.slice(0, 4000),
    about: '/dependencies/distributions',
  },
  {
    kind: 'confined',
    severity: 'note' as const,
    message:
      `it ran confined (${isolation.kind}${isolation.network ? ', no network' : ''}) with ${python}; the command and the variables stand here as that run had them, and these were set otherwise: ${set.join(', ')}`.slice(
        0,
        4000,
      ),
    about: '/environment/variables',
  },
];
