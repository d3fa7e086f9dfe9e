/** Takes an update through a run: other packages, the same run computed with them in isolation, what came out, and what the policy asks. */
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathOfName } from '#assembly';
import { escapeControl, nearest, shellWord, TrainlockError } from '#base';
import { type EnvironmentLock, lockAsPip, lockOf, lockOfResolution, type PackageMove, packageMoves, type PackageWish, readWish, type ResolvedPackage } from '#environment';
import { makeTemporaryFolder, type OnProgress } from '#files';
import { type Manifest, packageName } from '#manifest';
import type { PathMap } from '#replay';
import { openStore, type RunRecord, type Store } from '#store';
import { tmpdir } from 'node:os';
import type { Project } from './load-project.ts';
import { lockedAddresses } from './env/locked-addresses.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { approvalOfUpgrade } from './upgrade/approval-of-upgrade.ts';
import { type ComparedUpgrade, compareUpgrade } from './upgrade/compare-upgrade.ts';
import { type ApprovalAnswer, judgeUpgrade, type UpgradeVerdict } from './upgrade/judge-upgrade.ts';
import { emptyEnvironment, makeEnvironment } from './upgrade/make-environment.ts';
import { findPip, type Pip } from './upgrade/pip.ts';
import { moveText, recordUpgrade } from './upgrade/record-upgrade.ts';
import { resolvePackages } from './upgrade/resolve-packages.ts';
import { subjectOf } from './upgrade/subject-of.ts';
import { alone, forget, placesIn, recordedEarlier, rememberResolved, resolvedEarlier, upgradeFolder, type UpgradeFolder } from './upgrade/upgrade-folder.ts';

export { exitOfUpgrade } from './upgrade/judge-upgrade.ts';
export { type LockWrite, planLockWrite, writeLock } from './upgrade/write-lock.ts';

export type UpgradeOptions = {
  readonly project: Project;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** PKG or PKG==VERSION, as a person wrote them. */
  readonly packages: readonly string[];
  /** The run; the last that was approved, else the last, if nothing is said. */
  readonly reference?: string;
  /** Only packages that the run needed. */
  readonly neededOnly: boolean;
  /** Packages of the run that the new environment is not to have. */
  readonly leaveOut: readonly string[];
  readonly findLinks: readonly string[];
  /** Take packages from the named folders alone. */
  readonly noIndex: boolean;
  /** Let pip build what has no wheel: it runs code of the package. */
  readonly mayBuild: boolean;
  /** Interpreter of which the new environment is made. */
  readonly python?: string;
  /** Only tell which packages would move. */
  readonly dryRun: boolean;
  /** Leave nothing of an earlier attempt. */
  readonly again: boolean;
  readonly name?: string;
  readonly why?: string;
  /** Who took part in the change, beside whom the record says. */
  readonly actors: readonly string[];
  readonly environment?: string;
  readonly pin?: string;
  readonly map: PathMap;
  readonly network: readonly string[];
  readonly envFromCurrent: readonly string[];
  readonly say: (line: string) => void;
  readonly onProgress: OnProgress;
};

/** A run as the answer names it. */
export type UpgradedRun = { readonly id: string; readonly name?: string };

export type Upgrade = {
  readonly of: UpgradedRun;
  /** How the run was chosen, if nobody named it. */
  readonly chosen?: string;
  readonly moves: readonly PackageMove[];
  /** Packages in the new environment. */
  readonly packages: number;
  /** Whether every package of the lock has a hash. */
  readonly isHashed: boolean;
  /** What was computed; absent if nothing moves, or only the plan was asked for. */
  readonly computed?: ComparedUpgrade & {
    readonly run: UpgradedRun;
    readonly manifestSha256: string;
    readonly verdict: UpgradeVerdict;
    readonly approval: ApprovalAnswer;
    /** Folder of what it wrote. */ readonly outputs: string;
  };
  /** Where everything lies; absent for a plan. */
  readonly folder?: string;
  /** The lock of the new environment, as pip installed from it. */
  readonly lock: string;
};

/** Throws TL0001 for packages that are none, TL0301 to TL0304 for the run, TL0503 without its interpreter, TL0505 if it cannot be carried out. */
export const upgradePackages = async (options: UpgradeOptions): Promise<Upgrade> => {
  const { project, workingDirectory, env, dryRun } = options;
  const wishes = options.packages.map(wishOf);
  const store = await openStore({ projectRoot: project.projectRoot, storeFolder: project.storeFolder, purpose: 'record' });
  const trust = await standingOf({
    projectRoot: project.projectRoot,
    workingDirectory,
    env,
    now: new Date().toISOString(),
    ...(options.pin === undefined ? {} : { pin: options.pin }),
  });
  const place = {
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory,
    actors: options.actors,
    trust,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  };
  const { run, chosen } = await subjectOf(store, options.reference, place);
  const manifest = await run.manifest();
  const python = interpreterOf(manifest, options);
  const recorded = await recordedLock({ store, run, manifest, wishes }, options);
  const manifestSha256 = run.manifestSha256 ?? '';
  const folder = upgradeFolder(store.root, run.id, { manifestSha256, wishes, neededOnly: options.neededOnly, leftOut: options.leaveOut, mayBuild: options.mayBuild, python });
  const subject: Subject = { store, run, manifest, wishes, recorded, python };
  const about = { of: { id: run.id, ...(run.name === undefined ? {} : { name: run.name }) }, ...(chosen === undefined ? {} : { chosen }) };
  if (dryRun) return { ...about, ...(await planOnly(subject, options, folder)) };
  return alone(folder, async () => {
    if (options.again) await forget(folder);
    const relocked = await relock(subject, options, folder);
    const facts = { ...about, ...relocked, folder: folder.path };
    if (relocked.moves.length === 0) return facts;
    const id = await computedRun(subject, options, { folder, relocked });
    const now = await store.find(id, workingDirectory);
    const compared = await compareUpgrade(store, { run, manifest }, { run: now, manifest: await now.manifest() }, { folder, moves: relocked.moves });
    const approval = await approvalOfUpgrade({ ...place, baseline: { manifestSha256 }, candidate: { manifestSha256: now.manifestSha256 ?? '' } });
    const verdict = judgeUpgrade({ ...compared, approval, acceptMetricEqual: project.settings.acceptMetricEqual.value });
    const named = { id, ...(now.name === undefined ? {} : { name: now.name }) };
    return { ...facts, computed: { ...compared, run: named, manifestSha256: now.manifestSha256 ?? '', verdict, approval, outputs: join(folder.run, 'work') } };
  });
};

type Subject = {
  readonly store: Store;
  readonly run: RunRecord;
  readonly manifest: Manifest;
  readonly wishes: readonly PackageWish[];
  readonly recorded: EnvironmentLock;
  /** The interpreter of which environments are made. */
  readonly python: string;
};

const wishOf = (text: string): PackageWish => {
  const wish = readWish(text);
  if (wish !== undefined) return wish;
  throw new TrainlockError('TL0001', `${escapeControl(text)} is neither a package nor PACKAGE==VERSION`, { fix: 'trainlock upgrade numpy==2.1.3' });
};

const interpreterOf = (manifest: Manifest, { python, workingDirectory }: UpgradeOptions): string => {
  const recorded = manifest.dependencies.interpreters[0]?.executable;
  const place = python === undefined ? (recorded === undefined ? undefined : pathOfName(recorded, manifest.run.roots ?? {})) : resolve(workingDirectory, python);
  if (place === undefined)
    throw new TrainlockError('TL0505', 'the run has no interpreter of Python, and so no packages that could be upgraded', {
      fix: `trainlock show ${manifest.run.id.slice(0, 8)} /dependencies`,
    });
  try {
    accessSync(place, constants.X_OK);
    return place;
  } catch {
    throw new TrainlockError('TL0503', 'the recorded interpreter is not there', { where: place, fix: 'trainlock upgrade PKG --python PATH' });
  }
};

/** The packages of the run as they can be had again, without those that are left out. Throws TL0505 for one that cannot, TL0001 for a wish that the run does not know. */
const recordedLock = async (
  { store, run, manifest, wishes }: Pick<Subject, 'store' | 'run' | 'manifest' | 'wishes'>,
  { project, neededOnly, leaveOut }: UpgradeOptions,
): Promise<EnvironmentLock> => {
  const known = manifest.dependencies.distributions.map(({ name }) => name);
  for (const name of [...wishes.map((wish) => wish.name), ...leaveOut.map(packageName)]) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new TrainlockError('TL0001', `the run has no package ${escapeControl(name)}`, {
      ...(near === undefined ? {} : { notes: [`did you mean ${escapeControl(near)}?`] }),
      fix: `trainlock env show ${run.id.slice(0, 8)} --all`,
    });
  }
  const lock = lockOf(manifest, { archives: await lockedAddresses(manifest, { store, run, projectRoot: project.projectRoot }), neededOnly });
  const left = new Set(leaveOut.map(packageName));
  const asked = new Set(wishes.map(({ name }) => name));
  const entries = lock.entries.filter(({ name }) => !left.has(name));
  const gone = lock.gaps.filter(({ name }) => name !== '?' && !left.has(name) && !asked.has(name) && !entries.some((entry) => entry.name === name));
  if (gone.length === 0) return { ...lock, entries };
  throw new TrainlockError('TL0505', 'the environment of the run cannot be made again', {
    notes: gone.map(({ name, version, because, fix }) => escapeControl(`${name} ${version}: ${because}; ${fix}`)),
    fix: `trainlock upgrade … --leave-out ${shellWord(escapeControl(gone[0]!.name))}, if the run does not need it`,
  });
};

type Relocked = Pick<Upgrade, 'moves' | 'packages' | 'isHashed' | 'lock'>;

const sourcesOf = ({ findLinks, noIndex, mayBuild, workingDirectory }: UpgradeOptions): readonly string[] => [
  ...(mayBuild ? [] : ['--only-binary', ':all:']),
  ...(noIndex ? ['--no-index'] : []),
  ...findLinks.flatMap((folder) => ['--find-links', resolve(workingDirectory, folder)]),
];

/** Lets pip choose, or takes what it chose before. */
const relock = async (subject: Subject, options: UpgradeOptions, folder: UpgradeFolder): Promise<Relocked> => {
  const earlier = await resolvedEarlier(folder);
  const resolved = earlier ?? (await chosenByPip(subject, options, folder));
  const relocked = relockedOf(subject, resolved, options);
  if (earlier === undefined) await rememberResolved(folder, resolved, relocked.lock);
  return relocked;
};

const chosenByPip = async ({ manifest, wishes, recorded, python }: Subject, options: UpgradeOptions, folder: UpgradeFolder): Promise<readonly ResolvedPackage[]> => {
  const pip = await pipFor(python, options, folder);
  options.say(`choosing packages with pip ${pip.version}`);
  const target = await emptyEnvironment(python, folder.environment, options.env);
  const { entries } = recorded;
  return resolvePackages({ pip, target, entries, wishes, distributions: manifest.dependencies.distributions, sources: sourcesOf(options), folder: folder.path, say: options.say });
};

const pipFor = (python: string, { env, workingDirectory }: UpgradeOptions, { tools }: UpgradeFolder): Promise<Pip> =>
  findPip({ candidates: [python, 'python', 'python3'], env, workingDirectory, toolsFolder: tools });

const relockedOf = ({ run, manifest, wishes, recorded }: Subject, resolved: readonly ResolvedPackage[], { neededOnly, leaveOut }: UpgradeOptions): Relocked => {
  const left = new Set(leaveOut.map(packageName));
  // What the run did not need and nobody wants again is no move.
  const considered = manifest.dependencies.distributions.filter(({ name }) => !neededOnly || left.has(name) || recorded.entries.some((entry) => entry.name === name));
  const moves = packageMoves({ recorded: considered, resolved, asked: new Set(wishes.map(({ name }) => name)) });
  const following = { run: { id: run.id, ...(run.manifestSha256 === undefined ? {} : { manifestSha256: run.manifestSha256 }) }, changes: moves.map(moveText), manifest };
  const { text, unhashed } = lockAsPip(lockOfResolution(resolved, following));
  return { moves, packages: resolved.length, isHashed: unhashed === 0, lock: text };
};

/** Chooses in a folder that is gone afterwards; what was chosen before is told as it was. */
const planOnly = async (subject: Subject, options: UpgradeOptions, folder: UpgradeFolder): Promise<Relocked> => {
  const earlier = options.again ? undefined : await resolvedEarlier(folder);
  if (earlier !== undefined) return relockedOf(subject, earlier, options);
  const temporary = await makeTemporaryFolder(tmpdir(), 'trainlock-upgrade-');
  try {
    return relockedOf(subject, await chosenByPip(subject, options, placesIn(temporary.path)), options);
  } finally {
    await temporary.remove();
  }
};

/** The run with the new packages: the one that was recorded before, if its record is still here. */
const computedRun = async (subject: Subject, options: UpgradeOptions, { folder, relocked }: { readonly folder: UpgradeFolder; readonly relocked: Relocked }): Promise<string> => {
  const { store, run, manifest } = subject;
  const { project, env, say, onProgress, map, network, envFromCurrent } = options;
  const earlier = await recordedEarlier(folder);
  if (earlier !== undefined && (await store.runs()).some(({ id, state }) => id === earlier && state === 'finished')) return earlier;
  const pip = await pipFor(subject.python, options, folder);
  say(`making an environment of ${relocked.packages} packages in ${folder.environment}`);
  const python = await makeEnvironment(folder, { python: subject.python, pip, isHashed: relocked.isHashed, sources: sourcesOf(options), env });
  const { name, why } = options;
  const computing = { project, env, store, run, manifest, folder, python, moves: relocked.moves, map, network, envFromCurrent, say, onProgress };
  return recordUpgrade({ ...computing, ...(name === undefined ? {} : { name }), ...(why === undefined ? {} : { why }) });
};
