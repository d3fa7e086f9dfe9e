import { type Crypto, toHex, withoutUndefined } from '#base';
import type { Config } from '#config';
import { fileListOf, type FileName, lastPartOf, nameBelow, nameKey, nameOf, treeRootOf } from '#digest';
import type { DataSet, FileDigest } from '#manifest';
import type { HashedFile, StoredFile } from './hashed-file.ts';
import { isBelow, type PathNames } from './path-names.ts';
import type { TracedFile } from './traced-files.ts';

/** More files than this in one data set are written as a list object, not into the manifest. */
export const MOST_INLINE = 16;

/** A data set that a person declared, with the files found under its path. */
export type DeclaredData = {
  readonly name: string;
  readonly path: string;
  /** One by one; none if there are so many that a list names them. */
  readonly files: readonly HashedFile[];
  /** If it is a folder. */
  readonly tree?: DeclaredTree;
  /** Where it comes from, if that was seen. */
  readonly origin?: DataSet['origin'];
};

/** A folder that was read whole. */
export type DeclaredTree = {
  /** Its list, which is in the store already. */
  readonly list?: DataSet['list'];
  /** Whether every file that was met could be read. */
  readonly complete: boolean;
  /** Whether something in it changed after the run read it. */
  readonly changed: boolean;
  readonly findings?: DataSet['findings'];
  readonly findingCount?: number;
};

export type DataInput = {
  readonly declared: readonly DeclaredData[];
  readonly declarations: NonNullable<Config['data']>;
  readonly inputs: readonly TracedFile[];
  readonly hashed: ReadonlyMap<string, HashedFile>;
  readonly deferred: boolean;
  readonly names: PathNames;
  /** Files whose bytes are in the object store, by path: those that were there, which are not always those that were hashed. */
  readonly stored: ReadonlyMap<string, StoredFile>;
};

export type DataSets = { readonly data: readonly DataSet[]; readonly objects: readonly Uint8Array[] };

/** The data section: declared data sets first, then what the run read beside them, by file, or by folder where a folder has many. */
export const dataSets = (input: DataInput, crypto: Crypto): DataSets => {
  const objects: Uint8Array[] = [];
  const keep = (bytes: Uint8Array): string => {
    objects.push(bytes);
    return toHex(crypto.sha256(bytes));
  };
  const build = (base: DataSet, files: readonly HashedFile[], root: string): DataSet => withFiles(base, files, { root, input, keep, crypto });
  const declared = input.declared.map((set) => withTree(set, input) ?? asChanged(set, build(declaredBase(set, input), set.files, set.path)));
  const loose = input.inputs.filter((file) => !input.declared.some((set) => isBelow(file.path, set.path)));
  const found = groups(loose).map((group) =>
    build(
      foundBase(group, input),
      group.files.map((file) => input.hashed.get(nameKey(file)) ?? { ...nameOf(file), kind: 'absent' as const }),
      group.path,
    ),
  );
  return { data: [...declared, ...found], objects };
};

type Group = { readonly path: string; readonly files: readonly TracedFile[] };

/** One group per file, or per folder of which more files were read than a manifest should name. */
const groups = (files: readonly TracedFile[]): readonly Group[] => {
  return [...groupByFolder(files)].flatMap(([folder, members]) =>
    members.length > MOST_INLINE ? [{ path: folder, files: members }] : members.map((file) => ({ path: file.path, files: [file] })),
  );
};

const groupByFolder = (files: readonly TracedFile[]): Map<string, TracedFile[]> => {
  const folders = new Map<string, TracedFile[]>();
  for (const file of files) {
    const folder = file.path.slice(0, file.path.lastIndexOf('/'));
    const members = folders.get(folder);
    if (members === undefined) folders.set(folder, [file]);
    else members.push(file);
  }
  return folders;
};

const declaredBase = (set: DeclaredData, input: DataInput): DataSet => {
  const declaration = input.declarations[set.name]!;
  const readers = new Set(input.inputs.filter((file) => isBelow(file.path, set.path)).flatMap((file) => file.readers));
  return withoutUndefined({
    name: set.name,
    role: declaration.role ?? ('unknown' as const),
    origin:
      set.origin !== undefined && declaration.origin === undefined
        ? set.origin
        : withoutUndefined({ kind: originKind(declaration.origin), uri: declaration.origin, query: declaration.query }),
    version: declaration.version,
    licence: declaration.licence,
    collectedAt: declaration.collectedAt,
    path: input.names.nameOf(set.path),
    sampling: declaration.sampling,
    filters: declaration.filters,
    preprocessing: declaration.preprocessing,
    readers: [...readers, 'declared' as const],
    complete: set.tree?.complete,
    findings: set.tree?.findings,
    findingCount: set.tree?.findingCount,
  });
};

/** A file that came or went after the run is not among those that are told. */
const asChanged = ({ tree }: DeclaredData, set: DataSet): DataSet => (tree?.changed === true ? { ...set, stability: 'changed' } : set);

/** A declared folder with a list of its own; undefined for anything else. */
const withTree = (set: DeclaredData, input: DataInput): DataSet | undefined => {
  if (set.tree?.list === undefined) return undefined;
  const { list, changed } = set.tree;
  const read = input.inputs.filter((file) => isBelow(file.path, set.path)).flatMap((file) => input.hashed.get(nameKey(file)) ?? []);
  const seen = changed ? 'changed' : stabilityOf(read, input);
  // Of a file that the run was not seen to open, only the digest is known.
  return { ...declaredBase(set, input), list, stability: seen === 'stable' && read.length < list.fileCount ? 'unverified' : seen };
};

const originKind = (origin: string | undefined): DataSet['origin']['kind'] => {
  if (origin === undefined) return 'local';
  if (/^https?:/.test(origin)) return 'http';
  if (origin.startsWith('s3:')) return 's3';
  return 'declared';
};

const foundBase = (group: Group, input: DataInput): DataSet => {
  const first = group.files[0]!;
  return withoutUndefined({
    name: input.names.nameOf(group.path),
    role: roleOf(group.path),
    origin: { kind: 'local' as const },
    path: input.names.nameOf(group.path),
    readers: [...new Set(group.files.flatMap((file) => file.readers))],
    site: first.site === undefined ? undefined : { ...first.site, file: input.names.nameOf(first.site.file) },
  });
};

const roleOf = (path: string): DataSet['role'] => {
  if (/\.(ya?ml|toml|ini|cfg)$/.test(path) || /(^|\/)(config|params|settings)[^/]*\.json$/.test(path)) return 'config';
  if (/\/\.(cache|config)\//.test(path)) return 'cache';
  return 'unknown';
};

type Filling = { readonly root: string; readonly input: DataInput; readonly keep: (bytes: Uint8Array) => string; readonly crypto: Crypto };

const withFiles = (base: DataSet, files: readonly HashedFile[], filling: Filling): DataSet => {
  const { input } = filling;
  const stability = stabilityOf(files, input);
  const complete = files.every((file) => file.sha256 !== undefined);
  const state = withoutUndefined({ stability, deferred: input.deferred && !complete ? true : undefined });
  if (files.length <= MOST_INLINE || !complete) return { ...base, files: files.slice(0, 1000).map((file) => fileDigest(file, input)), ...state };
  const lines = fileListOf(
    files.map((file) => withoutUndefined({ ...nameIn(filling.root, file), sha256: file.sha256!, size: file.sizeBytes ?? 0, mode: file.mode, link: file.link })),
  );
  const tree = treeRootOf(lines, filling.crypto);
  const totalBytes = files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  return { ...base, list: { sha256: filling.keep(lines), treeRoot: tree.root, fileCount: files.length, totalBytes }, ...state };
};

const nameIn = (root: string, file: HashedFile): FileName => nameBelow(nameOf(file), { path: root }) ?? lastPartOf(nameOf(file));

export const fileDigest = (file: HashedFile, input: Pick<DataInput, 'names' | 'stored'>): FileDigest =>
  withoutUndefined({
    path: input.names.nameOf(file.path),
    rawName: file.raw,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256,
    link: file.link === undefined ? undefined : input.names.nameOf(file.link),
    mode: file.mode,
    stored: file.sha256 !== undefined && input.stored.get(file.path)?.sha256 === file.sha256 ? true : undefined,
    withheld: file.sha256 === undefined ? file.reason : undefined,
  });

/** stable only if every file that the run was seen to open still had the same size, times and inode when it was hashed. */
const stabilityOf = (files: readonly HashedFile[], input: DataInput): NonNullable<DataSet['stability']> => {
  const opened = new Map(input.inputs.map((file) => [nameKey(file), file.found]));
  // Of nothing nothing is known.
  let stability: NonNullable<DataSet['stability']> = files.length === 0 ? 'unverified' : 'stable';
  for (const file of files) {
    const found = opened.get(nameKey(file));
    if (file.changed === true) return 'changed';
    // A change of the status time alone can be a chmod: then it is only not proven that the content stayed.
    if (found?.mtimeNs === undefined || file.mtimeNs === undefined) stability = 'unverified';
    else if (found.mtimeNs === file.mtimeNs && found.sizeBytes === file.sizeBytes && found.ctimeNs !== file.ctimeNs) stability = 'unverified';
    else if (found.mtimeNs !== file.mtimeNs || found.sizeBytes !== file.sizeBytes || (found.inode !== undefined && file.inode !== undefined && found.inode !== file.inode))
      return 'changed';
  }
  return stability;
};
