import { fromBase64, isSecretFile, makeRedactor, toHex, withoutUndefined } from '#base';
import type { Gap, GitFacts, NamedFile, PathNames } from '#assembly';
import { hashFiles, nodeCrypto } from '#files';
import type { Code } from '#manifest';
import type { Store } from '#store';

export type RecordedRepository = {
  readonly repository: Code['repository'];
  /** Absolute paths of the files that make up the source: tracked, and untracked but not ignored. */
  readonly sourceFiles: readonly NamedFile[];
  readonly gaps: readonly Gap[];
};

/** Keeps the patch as an object and digests untracked files: the repository as the manifest says it. */
export const recordRepository = async (store: Store, git: GitFacts | undefined, names: PathNames): Promise<RecordedRepository> => {
  if (git === undefined) return { repository: { kind: 'unknown' }, sourceFiles: [], gaps: [] };
  const root = git.repository.root;
  const untracked = await untrackedFiles(git, names);
  const repository = withoutUndefined({
    ...git.repository,
    root: root === undefined ? undefined : names.nameOf(root),
    patch: await keptPatch(store, git),
    untracked: git.repository.kind === 'git' ? untracked : undefined,
  });
  return { repository, sourceFiles: [...git.tracked.map(plainName), ...git.untracked], gaps: [] };
};

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
