import { pathOfName } from '#assembly';
import { countOf, escapeControl, TrainlockError } from '#base';
import { nameInside, readFileList } from '#digest';
import { type FileFacts, type FilePath, hashFiles, isComplete, type OnProgress } from '#files';
import type { Manifest } from '#manifest';
import type { Store } from '#store';
import { evidenceKey, type FileEvidence, type Question } from '#verify';
import { compareTree, type WantedList } from '../data/compare-tree.ts';
import { treeDifference } from './tree-difference.ts';

/** A file that a record names and where it lies on this machine; undefined where that cannot be told. */
export type PlacedFile = {
  readonly key: string;
  readonly place: FilePath | undefined;
  /** Files of a folder that were recorded one by one. */
  readonly inside?: readonly { readonly place: FilePath; readonly path: string; readonly sha256: string }[];
  /** A folder that was recorded whole: a file more is a difference. */
  readonly whole?: WholeSet;
  /** What a person stated about its erasure. */
  readonly erased?: string;
};

/** The list of a folder, and whether it names every file that was there. */
type WholeSet = WantedList & { readonly complete: boolean };

type Named = { readonly path: string; readonly rawName?: string };

/** File lists by digest, and what was stated about the erasure of data sets by their names. */
export type RecordedLists = { readonly lists: ReadonlyMap<string, Uint8Array>; readonly erased: ReadonlyMap<string, string> };

const withErasure = (files: readonly PlacedFile[], erased: string | undefined): readonly PlacedFile[] =>
  erased === undefined ? files : files.map((file) => ({ ...file, erased }));

/** The files that a question asks about. Paths of a record are hostile: they are only ever read and hashed, and nothing of them is shown. */
export const recordedFiles = (
  manifest: Manifest,
  question: Question,
  { lists, erased, roots }: RecordedLists & { /** Where its places lie now. */ readonly roots: Roots },
): readonly PlacedFile[] => {
  const placed = (file: Named): PlacedFile => ({ key: evidenceKey(file), place: placeOf(file, roots) });
  return [
    ...(question.leavesOutputs === true ? [] : manifest.outputs.map(placed)),
    ...(question.data ? manifest.data.flatMap((set) => withErasure([...(set.files ?? []).map(placed), ...listedFiles(set, roots, lists)], erased.get(set.name))) : []),
    ...(question.environment ? [...manifest.code.files.map(placed), ...manifest.dependencies.interpreters.map(({ executable }) => placed({ path: executable }))] : []),
  ];
};

type Roots = Readonly<Record<string, string>>;

const placeOf = (file: Named, roots: Roots): FilePath | undefined => {
  const path = pathOfName(file.path, roots);
  return path === undefined ? undefined : { path, ...(file.rawName === undefined ? {} : { raw: file.rawName }) };
};

/** A data set that is recorded as a list stands in the evidence as one thing, under its name. */
const listedFiles = (set: Manifest['data'][number], roots: Roots, lists: ReadonlyMap<string, Uint8Array>): readonly PlacedFile[] => {
  const folder = set.path === undefined ? undefined : pathOfName(set.path, roots);
  if (set.list === undefined || (set.files?.length ?? 0) > 0) return [];
  const { sha256, fileCount, totalBytes } = set.list;
  if (folder !== undefined && set.readers?.includes('declared') === true)
    return [{ key: set.name, place: { path: folder }, whole: { sha256, fileCount, totalBytes, complete: set.complete !== false } }];
  const bytes = lists.get(sha256);
  const list = bytes === undefined ? undefined : readFileList(bytes);
  if (list?.kind !== 'accepted' || folder === undefined) return [{ key: set.name, place: undefined }];
  const inside = list.value.map((entry) => ({
    place: nameInside({ path: folder }, entry.raw === undefined ? { path: entry.path } : { path: entry.path, raw: entry.raw }),
    path: entry.path,
    sha256: entry.sha256,
  }));
  return [{ key: set.name, place: { path: folder }, inside }];
};

/** Hashes what is there now. */
export const fileEvidence = async (store: Store, files: readonly PlacedFile[], onProgress?: OnProgress): Promise<ReadonlyMap<string, FileEvidence>> => {
  const told = onProgress === undefined ? {} : { onProgress };
  const single = files.filter((file) => file.place !== undefined && file.inside === undefined && file.whole === undefined);
  const paths = [...single.map((file) => file.place!), ...files.flatMap((file) => (file.inside ?? []).map(({ place }) => place))];
  const facts = await hashFiles(paths, told);
  const found = new Map<string, FileEvidence>(
    files
      .filter(({ place }) => place === undefined)
      .map(({ key }) => [key, { kind: 'not-seen', because: 'the record does not say where it lies on this machine, or its list is not at hand' }]),
  );
  for (const [i, file] of single.entries()) found.set(file.key, orErased(evidenceOfFacts(facts[i]), file));
  let at = single.length;
  for (const file of files) {
    if (file.inside === undefined) continue;
    found.set(file.key, orErased(listEvidence(file.inside, facts.slice(at, at + file.inside.length)), file));
    at += file.inside.length;
  }
  for (const file of files) if (file.whole !== undefined) found.set(file.key, orErased(await wholeEvidence(store, { place: file.place!, whole: file.whole }, told), file));
  return found;
};

/** The same for files of the record itself, by the name that the record gives them. */
export const namedEvidence = async (files: readonly { readonly name: string; readonly path: string }[]): Promise<ReadonlyMap<string, FileEvidence>> => {
  const facts = await hashFiles(files.map(({ path }) => ({ path })));
  return new Map(files.map(({ name }, i) => [name, evidenceOfFacts(facts[i])]));
};

/** Data that was erased on purpose is not damaged: what is not there any more cannot be judged. Other bytes in its place are another matter. */
const orErased = (evidence: FileEvidence, { erased }: PlacedFile): FileEvidence =>
  erased !== undefined && (evidence.kind === 'absent' || evidence.kind === 'not-seen') ? { kind: 'erased', because: erased } : evidence;

/** Reads the folder as it is now and compares it with the list. */
const wholeEvidence = async (
  store: Store,
  { place, whole }: { readonly place: FilePath; readonly whole: WholeSet },
  told: { readonly onProgress?: OnProgress },
): Promise<FileEvidence> => {
  const compared = await compareTree(store, place.path, { list: whole, ...told }).catch(asDamage);
  if ('because' in compared)
    return compared.kind === 'too-much' && whole.complete ? { kind: 'differs', because: compared.because } : { kind: 'not-seen', because: compared.because };
  const { tree, differing } = compared;
  const complete = isComplete(tree.findings);
  if (differing === undefined) return complete && whole.complete ? { kind: 'differs', because: 'its files have another identity' } : { kind: 'not-seen', because: NOT_ALL_READ };
  const difference = treeDifference(differing, { fileCount: whole.fileCount, isWhole: whole.complete });
  if (difference.isOther) return { kind: 'differs', because: difference.because };
  if (difference.because !== '') return { kind: 'not-seen', because: difference.because };
  if (!whole.complete) return { kind: 'not-seen', because: 'the record lacks files that could not be read when it was made' };
  return complete ? { kind: 'same' } : { kind: 'not-seen', because: NOT_ALL_READ };
};

/** That a list is damaged is told among the objects; here it means that nothing can be compared. */
const asDamage = (error: unknown): { readonly kind: 'damaged'; readonly because: string } => {
  if (error instanceof TrainlockError) return { kind: 'damaged', because: error.message };
  throw error;
};

const NOT_ALL_READ = 'not all of its files could be read';

const evidenceOfFacts = (facts: FileFacts | undefined): FileEvidence => {
  if (facts === undefined) return { kind: 'not-seen', because: 'nobody looked' };
  if (facts.kind === 'absent') return { kind: 'absent' };
  if (facts.changed === true) return { kind: 'unreadable', because: 'it changed while it was being read' };
  if (facts.sha256 === undefined) return { kind: 'unreadable', because: facts.reason ?? `it is a ${facts.kind}` };
  return { kind: 'hashed', sha256: facts.sha256, ...(facts.sizeBytes === undefined ? {} : { sizeBytes: facts.sizeBytes }) };
};

const listEvidence = (wanted: readonly { readonly path: string; readonly sha256: string }[], facts: readonly FileFacts[]): FileEvidence => {
  const found = wanted.map((file, i) => ({ ...file, evidence: evidenceOfFacts(facts[i]) }));
  const other = found.filter(({ evidence, sha256 }) => evidence.kind === 'hashed' && evidence.sha256 !== sha256);
  if (other.length > 0) return { kind: 'differs', because: `${other.length} of ${countOf(wanted.length, 'file')} have other bytes: ${names(other)}` };
  const open = found.filter(({ evidence }) => evidence.kind !== 'hashed');
  if (open.length > 0) return { kind: 'not-seen', because: `${open.length} of ${countOf(wanted.length, 'file')} are gone or cannot be read: ${names(open)}` };
  return { kind: 'same' };
};

const names = (files: readonly { readonly path: string }[]): string =>
  `${files
    .slice(0, 3)
    .map(({ path }) => escapeControl(path))
    .join(', ')}${files.length > 3 ? ' …' : ''}`;
