import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isBelow, pathOfName } from '#assembly';
import { countOf, TrainlockError } from '#base';
import type { Manifest, Output } from '#manifest';
import type { Bind } from './bubblewrap.ts';
import { checkCode } from './check-code.ts';
import { compareSoftware } from './compare-software.ts';
import { entropyOfRun } from './entropy-of-run.ts';
import { findProgram, type FoundProgram } from './find-interpreter.ts';
import { chooseIsolation, type Isolation } from './isolation.ts';
import { makeSandbox } from './make-sandbox.ts';
import { offlineEnvironment } from './offline-switches.ts';
import { placeInputs } from './place-inputs.ts';
import { type Proof, proveInputs } from './prove-inputs.ts';
import { recordedInputs } from './recorded-inputs.ts';
import { mappedPath, mappedText, type PathMap, recordedRoots } from './recorded-paths.ts';
import type { Blocker, ReplayPlan, ReplayRequest } from './replay-plan.ts';
import { checkedObject, restoreCode, type RestoredCode } from './restore-code.ts';
import { type RestoredEnvironment, restoreEnvironment } from './restore-environment.ts';
import { restoreFolders } from './restore-folders.ts';
import { softwareInProject } from './software-in-project.ts';

/** What is known before anything is written: places of then and now. */
type Places = {
  readonly roots: Readonly<Record<string, string>>;
  /** The project on the machine that recorded. */
  readonly recordedProject: string;
  /** Recorded path to path of now, for everything outside the sandbox. */
  readonly map: PathMap;
  readonly software: readonly string[];
  readonly work: string;
  readonly scratch: string;
};

/**
 * Rebuilds a recorded run in an empty folder: code from the snapshot, inputs proven and placed, environment restored, isolation
 * chosen. Nothing is started. What stands in the way of a faithful replay is in `blockers`. Throws TL0501 to TL0504.
 */
export const prepareReplay = async (request: ReplayRequest): Promise<ReplayPlan> => {
  const { manifest, choice } = request;
  const places = await makePlaces(request);
  const restored = await restoreCode(manifest, request.readObject, places.work);
  const codeProblems = await checkCode(manifest, restored, places);
  const proof = await proveAll(request, places, restored);
  const environment = environmentOf(request);
  const program = programOf(request, places, environment.env);
  const isolation = await isolationFor(request, program.python);
  const canMount = isolation.kind === 'bubblewrap';
  const seenProject = canMount ? (existsSync(places.recordedProject) ? places.recordedProject : request.projectRoot) : places.work;
  const placed = await placeInputs(proof, { work: places.work, seenAs: seenProject, canMount, readObject: request.readObject, scratch: places.scratch, snapshot: restored.files });
  const before = await restoreBefore(manifest, places, request);
  const outside = outsideOutputs(request, places, isolation);
  const workingFolder = await makeFolders(request, places);
  const git = canMount ? await repositoryBind(manifest, request.projectRoot, seenProject) : undefined;
  const software = places.software.map((path) => ({ outside: mappedPath(path, places.map), inside: path })).filter((bind) => existsSync(bind.outside));
  const made = await makeSandbox({
    isolation,
    python: program.python,
    openNetwork: choice.allowedHosts.length > 0,
    work: places.work,
    scratch: places.scratch,
    seenProject,
    workingFolder: workingFolder ?? '',
    ...(request.env['HOME'] === undefined ? {} : { home: request.env['HOME'] }),
    readOnly: [...(canMount ? software : []), ...(git === undefined ? [] : [git]), ...placed.binds],
    shown: placed.shown,
    outsideOutputs: outside,
  });
  const [seen, entropy] = [seenMap(request, places, seenProject), entropyOfRun(manifest, request.root)];
  const recordedEnv = withoutOurs(mappedValues(environment.env, seen));
  return {
    command: program.command.map((word) => mappedText(word, seen)),
    env: offlineEnvironment(recordedEnv, { scratch: canMount ? '/tmp' : places.scratch, allowedHosts: choice.allowedHosts }),
    recordedEnv,
    sourceFiles: [...restored.files.keys()],
    work: places.work,
    workingDirectory: join(places.work, workingFolder ?? ''),
    python: program.python,
    sandbox: made.sandbox,
    names: namesOf(request, places, made.shadows),
    tape: manifest.randomness.tape,
    ...(entropy.hashSeed === undefined ? {} : { hashSeed: entropy.hashSeed }),
    ...(request.root === undefined ? {} : { root: request.root }),
    differences: await compareSoftware(manifest, program.python, environment.env),
    notes: [
      ...program.notes,
      ...entropy.notes,
      ...isolationNotes(isolation, choice.allowedHosts),
      ...made.notes,
      ...missingVariables(environment),
      ...placeNotes(manifest, git, workingFolder),
      ...inputNotes(proof, placed.readOnly),
    ],
    blockers: [...commandBlockers(manifest), ...codeProblems.map(codeBlocker), ...inputBlockers(proof, placed.problems), ...before],
    readOnly: placed.readOnly,
    provenInputs: proof.folders.reduce((sum, { folder }) => sum + folder.fileCount, proof.proven.length),
  };
};

/** Makes the folders that were there when the run started; the one in which it started, relative to the project. */
const makeFolders = async ({ manifest, projectRoot }: ReplayRequest, places: Places): Promise<string | undefined> => {
  await restoreFolders(relativeOutputs(manifest, places), { project: projectRoot, work: places.work, startedAtMs: Date.parse(manifest.run.startedAt) });
  const workingFolder = relativeTo(pathOfName(manifest.run.workingDirectory, places.roots) ?? places.recordedProject, places.recordedProject);
  await mkdir(join(places.work, workingFolder ?? ''), { recursive: true });
  return workingFolder;
};

const environmentOf = ({ manifest, env, choice, commit }: ReplayRequest): RestoredEnvironment =>
  restoreEnvironment(manifest.environment.variables, { current: env, fromCurrent: choice.envFromCurrent, map: [], ...(commit === undefined ? {} : { commit }) });

const programOf = ({ manifest, choice }: ReplayRequest, { roots, map }: Places, env: Readonly<Record<string, string>>): FoundProgram =>
  findProgram(manifest, { command: manifest.run.command, env, roots, map, ...(choice.python === undefined ? {} : { python: choice.python }) });

const missingVariables = ({ missing }: RestoredEnvironment): readonly string[] =>
  missing.map(({ name, because, read }) => `${name} is not set: ${because}${read ? ' (the program read it)' : ''}`);

/** What is not as the program had it, though its bytes are. */
const inputNotes = ({ proven }: Proof, readOnly: readonly string[]): readonly string[] => {
  const kept = proven.flatMap(({ input, at }) => (at.kind === 'object' ? [input.name] : []));
  const are = `${countOf(kept.length, 'input')} ${kept.length === 1 ? 'is' : 'are'}`;
  return [
    ...(kept.length === 0 ? [] : [`${are} not there as recorded; the recorded bytes came from the store: ${kept.slice(0, 3).join(', ')}${kept.length > 3 ? ' …' : ''}`]),
    ...readOnly.map((name) => `${name} is shown read-only, because it is too large to be copied: a program that writes there fails`),
  ];
};

const placeNotes = (manifest: Manifest, git: Bind | undefined, workingFolder: string | undefined): readonly string[] => [
  ...(git === undefined && manifest.code.repository.kind === 'git' ? ['the folder of the replay has no .git: a program that asks git gets no answer'] : []),
  ...(workingFolder === undefined ? [`the run started outside its project, in ${manifest.run.workingDirectory}; the replay starts in the project`] : []),
];

/** Makes the folders of the replay. */
const makePlaces = async (request: ReplayRequest): Promise<Places> => {
  const places = placesOf(request);
  for (const folder of [places.work, places.scratch]) await mkdir(folder, { recursive: true });
  return places;
};

const placesOf = (request: ReplayRequest): Places => {
  const roots = recordedRoots(request.manifest);
  const recordedProject = roots['project'] ?? request.projectRoot;
  const moved = recordedProject === request.projectRoot ? [] : [{ from: recordedProject, to: request.projectRoot }];
  return {
    roots,
    recordedProject,
    map: [...request.choice.map, ...moved],
    software: softwareInProject(request.manifest, roots, request.choice.python),
    work: join(request.folder, 'work'),
    scratch: join(request.folder, 'scratch'),
  };
};

const relativeTo = (path: string, folder: string): string | undefined => (path === folder ? '' : isBelow(path, folder) ? path.slice(folder.length + 1) : undefined);

/** A path that is not there leads nowhere else. */
const realPathOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** Files that the run changed itself are not proven as inputs: what they were before is another question. */
const proveAll = async (request: ReplayRequest, places: Places, restored: RestoredCode): Promise<Proof> => {
  const written = new Set(request.manifest.outputs.flatMap((output) => pathOfName(output.path, places.roots) ?? []));
  const inputs = await recordedInputs(request.manifest, { roots: places.roots, readObject: request.readObject, written, realPath: realPathOf });
  return proveInputs(inputs, {
    map: places.map,
    snapshot: restored.files,
    hasObject: request.hasObject,
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
  });
};

const isolationFor = async (request: ReplayRequest, python: string): Promise<Isolation> => {
  const { isolation: only, allowedHosts } = request.choice;
  const isolation = await chooseIsolation({
    ...(only === undefined ? {} : { only }),
    python,
    openNetwork: allowedHosts.length > 0,
    needsLoopback: request.manifest.distributed !== undefined,
  });
  if (only !== undefined && isolation.kind !== only)
    throw new TrainlockError('TL0504', `${only} does not work here`, { notes: isolation.notes, fix: 'trainlock replay RUN, without --isolation' });
  return isolation;
};

/** What a run read and then changed must be as it was before; without its earlier bytes the replay would start from the end. */
const restoreBefore = async (manifest: Manifest, places: Places, request: ReplayRequest): Promise<readonly Blocker[]> => {
  const blockers: Blocker[] = [];
  for (const output of manifest.outputs.filter((one) => one.alsoRead === true && one.role !== 'cache')) {
    const inside = relativeTo(pathOfName(output.path, places.roots) ?? '/', places.recordedProject);
    if (output.before === undefined || inside === undefined || !(await request.hasObject(output.before))) {
      blockers.push({ kind: 'state', message: `${output.path}: the run read this file and changed it, and what it was before is not kept` });
      continue;
    }
    await mkdir(dirname(join(places.work, inside)), { recursive: true });
    await writeFile(join(places.work, inside), await checkedObject(output.before, request.readObject, output.path));
  }
  return blockers;
};

/** What the recorded run wrote outside its project. Throws TL0502 where a replay cannot be kept from doing so too. */
const outsideOutputs = (request: ReplayRequest, places: Places, isolation: Isolation): readonly string[] => {
  const outside = outputPaths(request.manifest, places, (output) => output.role !== 'cache').filter((path) => !isBelow(path, places.recordedProject));
  if (isolation.kind !== 'bubblewrap') refuseOutside(outside, isolation, request);
  return outside;
};

const relativeOutputs = (manifest: Manifest, places: Places): readonly string[] =>
  outputPaths(manifest, places, () => true).flatMap((path) => {
    const inside = relativeTo(path, places.recordedProject);
    return inside === undefined ? [] : [inside];
  });

const outputPaths = (manifest: Manifest, places: Places, counts: (output: Output) => boolean): readonly string[] =>
  manifest.outputs.filter(counts).flatMap((output) => pathOfName(output.path, places.roots) ?? []);

/** A path can be moved without mounts only where the program is told it: in its arguments or its variables. */
const isTold = (manifest: Manifest, path: string): boolean =>
  [...manifest.run.command, ...(manifest.environment.variables ?? []).map((variable) => variable.value ?? '')].some((text) => text.includes(path));

/** Temporary folders can be moved by a variable; other folders outside the project only by mounts or by a person. */
const refuseOutside = (outside: readonly string[], isolation: Isolation, { manifest, choice }: ReplayRequest): void => {
  const map = choice.map.filter((one) => isTold(manifest, one.from));
  const fixed = outside.filter((path) => !/^\/(var\/)?tmp\//.test(path) && !map.some((one) => isBelow(path, one.from)));
  if (fixed.length === 0) return;
  throw new TrainlockError(
    'TL0502',
    `the recorded run wrote outside its project, and ${isolation.kind === 'none' ? 'nothing here can keep a replay from doing so too' : 'only mounts could give the replay a folder of its own there'}`,
    {
      where: fixed[0]!,
      notes: [...fixed.slice(0, 10), ...isolation.notes],
      fix: `install bubblewrap, or trainlock replay RUN --map ${dirname(fixed[0]!)}=FOLDER`,
    },
  );
};

const isolationNotes = (isolation: Isolation, allowedHosts: readonly string[]): readonly string[] => [
  ...(allowedHosts.length > 0
    ? [`the network is open, because ${allowedHosts.join(', ')} may be reached; other hosts are only turned away by proxy variables and offline switches`]
    : isolation.network
      ? []
      : ['the network cannot be cut off here: only proxy variables and offline switches keep the program from it']),
  ...(isolation.writes ? [] : ['writes outside the folder of the replay cannot be prevented here']),
  ...(isolation.loopback ? [] : ['programs cannot talk to each other over the loopback address']),
];

/** The repository is shown only if it stands where it stood: else a program would be told another commit. */
const repositoryBind = async (manifest: Manifest, projectRoot: string, seenProject: string): Promise<Bind | undefined> => {
  const { repository } = manifest.code;
  if (repository.kind !== 'git' || repository.commit === undefined || !existsSync(join(projectRoot, '.git'))) return undefined;
  const head = await new Promise<string>((resolve) =>
    execFile('git', ['-C', projectRoot, 'rev-parse', 'HEAD'], { encoding: 'utf8', timeout: 10_000 }, (_, stdout) => resolve(stdout.trim())),
  );
  return head === repository.commit ? { outside: join(projectRoot, '.git'), inside: join(seenProject, '.git') } : undefined;
};

/** Recorded paths in arguments and variables, to where the program finds them. Software of the project stays where it is. */
const seenMap = (request: ReplayRequest, places: Places, seenProject: string): PathMap => {
  const software = places.software.map((path) => ({ from: path, to: mappedPath(path, places.map) }));
  const project = places.recordedProject === seenProject ? [] : [{ from: places.recordedProject, to: seenProject }, ...software];
  return [...request.choice.map.filter((one) => seenProject === places.work || !existsSync(one.from)), ...project];
};

/** First entry that fits decides: places of the replay inside the project must not be taken for the project itself. */
const namesOf = (request: ReplayRequest, places: Places, shadows: readonly { readonly inside: string; readonly scratch: string }[]): PathMap => [
  { from: places.work, to: places.work },
  ...shadows.map((shadow) => ({ from: shadow.inside, to: shadow.scratch })),
  { from: '/tmp', to: join(places.scratch, 'tmp') },
  ...places.software.map((path) => ({ from: path, to: mappedPath(path, places.map) })),
  { from: request.storeRoot, to: request.storeRoot },
  ...request.choice.map.map((one) => ({ from: one.from, to: one.to })),
  { from: places.work, to: request.projectRoot },
];

const mappedValues = (env: Readonly<Record<string, string>>, map: PathMap): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, mappedText(value, map)]));

const withoutOurs = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TRAINLOCK_')));

const commandBlockers = (manifest: Manifest): readonly Blocker[] => {
  const { command, exit } = manifest.run;
  return [
    ...(command.some((word) => word.includes('***'))
      ? [{ kind: 'command' as const, message: 'the recorded command has a masked secret in its arguments; give secrets through variables, and name them with --env-from-current' }]
      : []),
    ...(exit.kind === 'not-started' ? [{ kind: 'command' as const, message: 'the recorded program was never started' }] : []),
  ];
};

const codeBlocker = (problem: { readonly path: string; readonly because: string }): Blocker => ({
  kind: 'code',
  message: `${problem.path}: ${problem.because}`,
  fix: 'put the recorded file in place',
});

const inputBlockers = (proof: Proof, placing: readonly string[]): readonly Blocker[] => {
  const shown = proof.problems.slice(0, 20).map((problem): Blocker => ({
    kind: 'input',
    message: `${problem.input.name}: ${problem.because}`,
    fix: 'trainlock replay RUN --map FROM=TO, if the right data lies elsewhere',
  }));
  const more = proof.problems.length - shown.length;
  return [
    ...shown,
    ...(more > 0 ? [{ kind: 'input' as const, message: `and ${countOf(more, 'more input')}` }] : []),
    ...placing.map((message): Blocker => ({ kind: 'input', message })),
  ];
};
