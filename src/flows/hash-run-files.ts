import { resolve } from 'node:path';
import { type DeclaredData, eventsOf, type FilePlan, type HashedFile, outsidePath, pathNames, seenProject, type StartFacts, type TracedFile } from '#assembly';
import { isSecretFile, withoutUndefined } from '#base';
import { nameInside } from '#digest';
import { type FileFacts, type FilePath, hashFiles, isNoData, statFiles, walkFolder, type OnProgress } from '#files';
import type { EventFiles } from '#capture';
import { findOrigin } from '#origins';
import type { Origin } from '#snapshot';
import type { Store } from '#store';
import { takeDeclaredTree } from './hash-run/declared-tree.ts';
import { isSameAsThen } from './hash-run/same-as-then.ts';

export type HashedRun = {
  /** Facts of every file of the plan by absolute path. */
  readonly files: ReadonlyMap<string, HashedFile>;
  readonly declared: readonly DeclaredData[];
  readonly durationMs: number;
  readonly bytes: number;
};

/** What a run touched. */
export type RunFiles = { readonly plan: FilePlan; readonly events: EventFiles };

export type HashRunOptions = {
  /** Facts taken when the run ended; a file that differs from them now has changed since. */
  readonly remembered?: ReadonlyMap<string, FileFacts>;
  readonly onProgress?: OnProgress;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
};

/**
 * Hashes everything that the plan and the declarations name: declared folders whole, each other file once. Key files are neither read
 * nor hashed. Throws TL0003 if the store cannot be written.
 */
export const hashRunFiles = async (store: Store, start: StartFacts, { plan, events }: RunFiles, options: HashRunOptions): Promise<HashedRun> => {
  const began = options.clock();
  const progress = progressInParts(options.onProgress);
  const wanted = wantedPaths(plan, events);
  const outputs = new Set(plan.outputs.map((file) => file.path));
  const files = new Map<string, HashedFile>();
  const { nameOf } = pathNames(start.roots, start.pathMap);
  const sets: DeclaredData[] = [];
  const single = new Set<string>();
  let bytes = 0;
  for (const declared of declaredPlaces(start)) {
    const [facts] = await statFiles([{ path: declared.path }]);
    const base = { name: declared.name, path: declared.path, ...(await seenOrigin(start, declared)) };
    if (facts?.kind === 'file') {
      wanted.set(declared.path, { path: declared.path });
      single.add(declared.path);
    }
    if (facts?.kind !== 'folder') sets.push({ ...base, files: [] });
    else {
      const taken = await takeDeclaredTree(store, declared.path, {
        isWanted: (path) => wanted.has(path),
        isOutput: (path) => outputs.has(path),
        nameOf,
        ...(options.remembered === undefined ? {} : { remembered: options.remembered }),
        ...progress.part(),
      });
      for (const [path, file] of taken.wanted) files.set(path, file);
      sets.push({ ...base, files: taken.files, ...(taken.tree === undefined ? {} : { tree: taken.tree }) });
      bytes += taken.readBytes;
    }
  }
  const left = [...wanted.values()].filter(({ path }) => !files.has(path));
  const hashed = await hashFiles(
    left.filter(({ path }) => !isSecretFile(path)),
    progress.part(),
  );
  for (const facts of hashed) files.set(facts.path, againstMemory(facts, options.remembered?.get(facts.path)));
  for (const facts of await statFiles(left.filter(({ path }) => isSecretFile(path))))
    files.set(facts.path, { path: facts.path, kind: facts.kind, reason: 'key file: never stored nor hashed' });
  return {
    files,
    declared: sets.map((set) => (single.has(set.path) ? { ...set, files: [files.get(set.path)!] } : set)),
    durationMs: Math.round(options.clock() - began),
    bytes: hashed.reduce((sum, facts) => sum + (facts.sha256 === undefined ? 0 : (facts.sizeBytes ?? 0)), bytes),
  };
};

type DeclaredPlace = Pick<DeclaredData, 'name' | 'path'> & { readonly isStated: boolean };

/** Where declared data lies for everybody: a replay may have shown it to the program at another place. */
const declaredPlaces = (start: StartFacts): readonly DeclaredPlace[] =>
  Object.entries(start.config.data ?? {}).map(([name, set]) => ({
    name,
    path: outsidePath(resolve(seenProject(start), set.path), start.mounts ?? []),
    isStated: set.origin !== undefined,
  }));

/** Work that is done in parts, told as one. */
const progressInParts = (onProgress: OnProgress | undefined): { readonly part: () => { readonly onProgress?: OnProgress } } => {
  let done = { files: 0, bytes: 0 };
  let last = done;
  return {
    part: () => {
      done = last;
      const before = done;
      if (onProgress === undefined) return {};
      return {
        onProgress: (now) => {
          last = { files: before.files + now.files, bytes: before.bytes + now.bytes };
          onProgress({ ...now, ...last, totalFiles: before.files + now.totalFiles, totalBytes: before.bytes + now.totalBytes });
        },
      };
    },
  };
};

/** Where data comes from, told by looking at git, DVC and the cache of the hub; nothing where none of them knows it, or a person stated it. Never a reason to fail. */
const seenOrigin = async (start: StartFacts, { path, isStated }: DeclaredPlace): Promise<Pick<DeclaredData, 'origin'>> => {
  if (isStated || start.pathMap !== undefined) return {};
  const { kind, uri, revision, path: inside } = await findOrigin(path).catch((): Origin => ({ kind: 'local' }));
  return kind === 'local' ? {} : { origin: withoutUndefined({ kind, uri, revision, path: inside }) };
};

/** The facts of the same files without digests, to be remembered when hashing is put off. */
export const lookAtRunFiles = async (start: StartFacts, { plan, events }: RunFiles): Promise<readonly FileFacts[]> => {
  const declared = await Promise.all(declaredPlaces(start).map(({ path }) => filesBelow(path)));
  const paths = new Map([...declared.flat().map((file) => [file.path, file] as const), ...wantedPaths(plan, events)]);
  return statFiles([...paths.values()].filter(({ path }) => !isSecretFile(path)));
};

/** What the run is known to have touched, and the programs that ran, by path. */
const wantedPaths = (plan: FilePlan, events: EventFiles): Map<string, FilePath> => {
  const traced: readonly TracedFile[] = [...plan.code, ...plan.inputs, ...plan.outputs];
  const executables = events.logs.flatMap((log) => eventsOf(log.events, 'start').map((started) => started.executable)).filter((path) => path.startsWith('/'));
  const wanted = new Map<string, FilePath>();
  for (const { path, raw } of [...traced, ...executables.map((path): FilePath => ({ path }))]) wanted.set(path, raw === undefined ? { path } : { path, raw });
  return wanted;
};

const filesBelow = async (path: string): Promise<readonly FilePath[]> => {
  const [facts] = await statFiles([{ path }]);
  if (facts?.kind !== 'folder') return facts?.kind === 'file' ? [{ path }] : [];
  const walk = await walkFolder(path, { ignore: isNoData });
  return walk.files.map((file) => nameInside({ path }, file));
};

const againstMemory = (facts: FileFacts, remembered: FileFacts | undefined): HashedFile => {
  if (remembered === undefined || remembered.kind !== 'file') return facts;
  if (facts.kind !== 'file')
    return {
      path: facts.path,
      kind: 'file',
      changed: true,
      reason: 'it was removed after the run, before it was hashed',
      ...(remembered.sizeBytes === undefined ? {} : { sizeBytes: remembered.sizeBytes }),
    };
  return isSameAsThen(remembered, facts) ? facts : { ...facts, changed: true };
};
