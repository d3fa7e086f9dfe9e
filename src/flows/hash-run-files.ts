import { resolve } from 'node:path';
import { type DeclaredData, eventsOf, type FilePlan, type HashedFile, type StartFacts, type TracedFile } from '#assembly';
import { isSecretFile, withoutUndefined } from '#base';
import { nameInside } from '#digest';
import { type FileFacts, type FilePath, hashFiles, isNoData, statFiles, walkFolder, type OnProgress } from '#files';
import type { EventFiles } from '#capture';
import { findOrigin } from '#origins';
import type { Origin } from '#snapshot';

export type HashedRun = {
  /** Facts of every file of the plan by absolute path. */
  readonly files: ReadonlyMap<string, HashedFile>;
  readonly declared: readonly DeclaredData[];
  readonly durationMs: number;
  readonly bytes: number;
};

export type HashRunOptions = {
  /** Facts taken when the run ended; a file that differs from them now has changed since. */
  readonly remembered?: ReadonlyMap<string, FileFacts>;
  readonly onProgress?: OnProgress;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
};

/** Hashes everything that the plan and the declarations name, each file once. Key files are neither read nor hashed. */
export const hashRunFiles = async (start: StartFacts, plan: FilePlan, events: EventFiles, options: HashRunOptions): Promise<HashedRun> => {
  const began = options.clock();
  const declared = await Promise.all(
    Object.entries(start.config.data ?? {}).map(async ([name, set]) => ({
      name,
      path: resolve(start.projectRoot, set.path),
      files: await filesBelow(resolve(start.projectRoot, set.path)),
      ...(set.origin === undefined && start.pathMap === undefined ? await seenOrigin(resolve(start.projectRoot, set.path)) : {}),
    })),
  );
  const wanted = wantedPaths(plan, events, declared);
  const secret = wanted.filter((path) => isSecretFile(path.path));
  const open = wanted.filter((path) => !isSecretFile(path.path));
  const hashed = await hashFiles(open, options.onProgress === undefined ? {} : { onProgress: options.onProgress });
  const files = new Map<string, HashedFile>(hashed.map((facts) => [facts.path, againstMemory(facts, options.remembered?.get(facts.path))]));
  for (const facts of await statFiles(secret)) files.set(facts.path, { path: facts.path, kind: facts.kind, reason: 'key file: never stored nor hashed' });
  return {
    files,
    declared: declared.map((set) => ({
      name: set.name,
      path: set.path,
      ...(set.origin === undefined ? {} : { origin: set.origin }),
      files: set.files.flatMap((file) => files.get(file.path) ?? []),
    })),
    durationMs: Math.round(options.clock() - began),
    bytes: hashed.reduce((sum, facts) => sum + (facts.sha256 === undefined ? 0 : (facts.sizeBytes ?? 0)), 0),
  };
};

/** Where data comes from, told by looking at git, DVC and the cache of the hub; nothing where none of them knows it. Never a reason to fail. */
const seenOrigin = async (path: string): Promise<Pick<DeclaredData, 'origin'>> => {
  const { kind, uri, revision, path: inside } = await findOrigin(path).catch((): Origin => ({ kind: 'local' }));
  return kind === 'local' ? {} : { origin: withoutUndefined({ kind, uri, revision, path: inside }) };
};

/** The facts of the same files without digests, to be remembered when hashing is put off. */
export const lookAtRunFiles = async (start: StartFacts, plan: FilePlan, events: EventFiles): Promise<readonly FileFacts[]> => {
  const declared = await Promise.all(Object.values(start.config.data ?? {}).map(async (set) => ({ files: await filesBelow(resolve(start.projectRoot, set.path)) })));
  return statFiles(wantedPaths(plan, events, declared).filter((path) => !isSecretFile(path.path)));
};

const wantedPaths = (plan: FilePlan, events: EventFiles, declared: readonly { readonly files: readonly FilePath[] }[]): readonly FilePath[] => {
  const traced: readonly TracedFile[] = [...plan.code, ...plan.inputs, ...plan.outputs];
  const executables = new Set(events.logs.flatMap((log) => eventsOf(log.events, 'start').map((started) => started.executable)));
  const wanted = new Map<string, FilePath>();
  for (const file of [...declared.flatMap((set) => set.files), ...traced, ...[...executables].filter((path) => path.startsWith('/')).map((path) => ({ path }))])
    wanted.set(file.path, 'raw' in file && file.raw !== undefined ? { path: file.path, raw: file.raw } : { path: file.path });
  return [...wanted.values()];
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
  const same = remembered.sizeBytes === facts.sizeBytes && remembered.mtimeNs === facts.mtimeNs && remembered.inode === facts.inode;
  return same ? facts : { ...facts, changed: true };
};
