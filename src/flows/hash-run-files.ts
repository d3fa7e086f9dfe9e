import { resolve } from 'node:path';
import { type DeclaredData, eventsOf, type FilePlan, type HashedFile, outsidePath, pathNames, seenProject, type StartFacts, type TracedFile } from '#assembly';
import { isSecretFile, withoutUndefined } from '#base';
import { nameKey, nameOf } from '#digest';
import { type FileFacts, type FilePath, filesOfTree, hashFiles, type OnProgress, statFiles } from '#files';
import type { EventFiles } from '#capture';
import { findOrigin } from '#origins';
import type { Origin } from '#snapshot';
import type { Store } from '#store';
import { takeDeclaredTree } from './hash-run/declared-tree.ts';
import { isSameAsThen, rememberedBelow } from './hash-run/same-as-then.ts';

export type HashedRun = {
  /** Facts of every file of the plan, by nameKey of the absolute path. */
  readonly files: ReadonlyMap<string, HashedFile>;
  readonly declared: readonly DeclaredData[];
  readonly durationMs: number;
  readonly bytes: number;
};

/** What a run touched. */
export type RunFiles = { readonly plan: FilePlan; readonly events: EventFiles };

export type HashRunOptions = {
  /** Facts taken when the run ended, by nameKey; a file that differs from them now has changed since. */
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
  const outputs = new Set(plan.outputs.map(nameKey));
  const files = new Map<string, HashedFile>();
  const names = pathNames(start.roots, start.pathMap);
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
    if (facts?.kind !== 'folder') sets.push({ ...base, ...goneFiles(declared.path, options.remembered) });
    else {
      const taken = await takeDeclaredTree(store, declared.path, {
        isWanted: (file) => wanted.has(nameKey(file)),
        isOutput: (file) => outputs.has(nameKey(file)),
        nameOf: names.nameOf,
        ...(options.remembered === undefined ? {} : { remembered: options.remembered }),
        ...progress.part(),
      });
      for (const [key, file] of taken.wanted) files.set(key, file);
      sets.push({ ...base, files: taken.files, ...(taken.tree === undefined ? {} : { tree: taken.tree }) });
      bytes += taken.readBytes;
    }
  }
  const left = [...wanted].flatMap(([key, file]) => (files.has(key) ? [] : [file]));
  const hashed = await hashFiles(
    left.filter(({ path }) => !isSecretFile(path)),
    progress.part(),
  );
  for (const facts of hashed) files.set(nameKey(facts), againstMemory(facts, options.remembered?.get(nameKey(facts))));
  for (const facts of await statFiles(left.filter(({ path }) => isSecretFile(path))))
    files.set(nameKey(facts), { ...nameOf(facts), kind: facts.kind, reason: 'key file: never stored nor hashed' });
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
const seenOrigin = async (start: StartFacts, { name, path, isStated }: DeclaredPlace): Promise<Pick<DeclaredData, 'origin'>> => {
  if (isStated) return {};
  const before = start.restored?.origins;
  if (before !== undefined && Object.hasOwn(before, name)) return { origin: before[name]! };
  if (start.pathMap !== undefined) return {};
  const { kind, uri, revision, path: inside } = await findOrigin(path).catch((): Origin => ({ kind: 'local' }));
  return kind === 'local' ? {} : { origin: withoutUndefined({ kind, uri, revision, path: inside }) };
};

/** The facts of the same files without digests, to be remembered when hashing is put off. */
export const lookAtRunFiles = async (start: StartFacts, { plan, events }: RunFiles): Promise<readonly FileFacts[]> => {
  const declared = await Promise.all(declaredPlaces(start).map(({ path }) => filesBelow(path)));
  const paths = new Map([...declared.flat().map((file) => [nameKey(file), file] as const), ...wantedPaths(plan, events)]);
  return statFiles([...paths.values()].filter(({ path }) => !isSecretFile(path)));
};

/** What the run is known to have touched, and the programs that ran, by nameKey. */
const wantedPaths = (plan: FilePlan, events: EventFiles): Map<string, FilePath> => {
  const traced: readonly TracedFile[] = [...plan.code, ...plan.inputs, ...plan.outputs];
  const executables = events.logs.flatMap((log) => eventsOf(log.events, 'start').map((started) => started.executable)).filter((path) => path.startsWith('/'));
  const wanted = new Map<string, FilePath>();
  for (const file of [...traced, ...executables.map((path): FilePath => ({ path }))]) wanted.set(nameKey(file), nameOf(file));
  return wanted;
};

const filesBelow = async (path: string): Promise<readonly FilePath[]> => {
  const [facts] = await statFiles([{ path }]);
  return facts?.kind === 'folder' ? filesOfTree(path) : facts?.kind === 'file' ? [{ path }] : [];
};

/** Most files that are told of a data set that is gone. */
const MOST_GONE = 100;

/** A data set that is not there any more, with the files that it had when the run ended. */
const goneFiles = (path: string, remembered: HashRunOptions['remembered']): Pick<DeclaredData, 'files' | 'tree'> => {
  const then = rememberedBelow(path, remembered);
  const files = then.slice(0, MOST_GONE).map((facts) => againstMemory({ ...nameOf(facts), kind: 'absent' }, facts));
  return then.length === 0 ? { files } : { files, tree: { complete: false, changed: true } };
};

const againstMemory = (facts: FileFacts, remembered: FileFacts | undefined): HashedFile => {
  if (remembered === undefined || remembered.kind !== 'file') return facts;
  if (facts.kind !== 'file')
    return {
      ...nameOf(facts),
      kind: 'file',
      changed: true,
      reason: 'it was removed after the run, before it was hashed',
      ...(remembered.sizeBytes === undefined ? {} : { sizeBytes: remembered.sizeBytes }),
    };
  return isSameAsThen(remembered, facts) ? facts : { ...facts, changed: true };
};
