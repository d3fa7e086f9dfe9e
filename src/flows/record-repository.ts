import { countOf, fromBase64, isSecretFile, makeRedactor, toHex, withoutUndefined } from '#base';
import { type Gap, type GitFacts, isBelow, type NamedFile, type PathNames } from '#assembly';
import { hashFiles, nodeCrypto, statFiles } from '#files';
import type { Code } from '#manifest';
import type { Store } from '#store';

export type RecordedRepository = {
  readonly repository: Code['repository'];
  /** Absolute paths of the files that make up the source: tracked, and untracked but not ignored. */
  readonly sourceFiles: readonly NamedFile[];
  readonly gaps: readonly Gap[];
};

/**
 * Keeps the patch as an object and digests untracked files: the repository as the manifest says it. A repository may hold more than
 * the project: files beside it are no source of it unless the run imports them.
 */
export const recordRepository = async (
  store: Store,
  found: GitFacts | undefined,
  project: { readonly root: string; readonly names: PathNames; readonly startedAt: string },
): Promise<RecordedRepository> => {
  const { names } = project;
  // What trainlock itself keeps in the project is no source of it.
  const isOurs = (file: NamedFile): boolean => isBelow(file.path, project.root) && !isBelow(file.path, store.root);
  const git = found === undefined ? undefined : { ...found, tracked: found.tracked.filter(isOurs), untracked: await olderThan(project.startedAt, found.untracked.filter(isOurs)) };
  if (git === undefined) return { repository: { kind: 'unknown' }, sourceFiles: [], gaps: [] };
  const root = git.repository.root;
  const untracked = await untrackedFiles(git, names);
  const repository = withoutUndefined({
    ...git.repository,
    root: root === undefined ? undefined : names.nameOf(root),
    submodules: git.repository.submodules?.map((submodule) => ({ ...submodule, path: names.nameOf(submodule.path) })),
    patch: await keptPatch(store, git),
    untracked: git.repository.kind === 'git' ? untracked : undefined,
  });
  return {
    repository,
    sourceFiles: [...git.tracked.map(plainName), ...git.untracked],
    gaps: besideGap(found!.untracked.filter((file) => !isBelow(file.path, project.root)).length),
  };
};

/** The repository is asked beside the running command: what that has written since is its output, not its source. */
const olderThan = async (startedAt: string, files: readonly NamedFile[]): Promise<readonly NamedFile[]> => {
  const startNs = BigInt(Date.parse(startedAt)) * 1_000_000n;
  const facts = await statFiles(files);
  return files.filter((_, index) => BigInt(facts[index]?.mtimeNs ?? 0) < startNs);
};

const besideGap = (count: number): readonly Gap[] =>
  count === 0
    ? []
    : [{ about: '/code/repository/untracked', reason: `${countOf(count, 'untracked file')} of the repository beside the project ${count === 1 ? 'is' : 'are'} not listed` }];

const plainName = (file: NamedFile): NamedFile => (file.raw === undefined ? { path: file.path } : { path: file.path, raw: file.raw });

const keptPatch = async (store: Store, git: GitFacts): Promise<Code['repository']['patch']> => {
  if (git.patch === undefined) return undefined;
  if (git.patch.kind === 'withheld') return { sizeBytes: git.patch.sizeBytes, withheld: git.patch.reason };
  const bytes = fromBase64(git.patch.base64)!;
  const kinds = makeRedactor().scan(Buffer.from(bytes).toString('latin1'));
  if (kinds.length > 0) return { sizeBytes: bytes.length, withheld: `secret found: ${kinds.join(', ')}` };
  await store.putObject(bytes);
  return { sha256: toHex(nodeCrypto.sha256(bytes)), sizeBytes: bytes.length };
};

const untrackedFiles = async (git: GitFacts, names: PathNames): Promise<NonNullable<Code['repository']['untracked']>> => {
  const facts = await hashFiles(git.untracked.filter((file) => !isSecretFile(file.path)));
  const secret = git.untracked
    .filter((file) => isSecretFile(file.path))
    .map((file) => withoutUndefined({ path: names.nameOf(file.path), rawName: file.raw, withheld: 'key file: never stored nor hashed' }));
  return [
    ...facts
      .filter((file) => file.kind === 'file')
      .map((file) => withoutUndefined({ path: names.nameOf(file.path), rawName: file.raw, sizeBytes: file.sizeBytes, sha256: file.sha256, mode: file.mode })),
    ...secret,
  ];
};
