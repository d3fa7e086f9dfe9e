import { pathOfName } from '#assembly';
import { countOf, escapeControl, isSecretFile } from '#base';
import { nameInside, readFileList } from '#digest';
import { type FileFacts, type FilePath, hashFiles, isNoData, type OnProgress, walkFolder } from '#files';
import type { Manifest } from '#manifest';
import { evidenceKey, type FileEvidence, type Question } from '#verify';

/** A file that a record names and where it lies on this machine; undefined where that cannot be told. */
export type PlacedFile = {
  readonly key: string;
  readonly place: FilePath | undefined;
  readonly inside?: readonly { readonly place: FilePath; readonly name: string; readonly sha256: string }[];
  /** Whether it was recorded whole, so that a file more is a difference. */
  readonly whole?: boolean;
  /** What a person stated about its erasure. */
  readonly erased?: string;
};

type Named = { readonly path: string; readonly rawName?: string };

/** File lists by digest, and what was stated about the erasure of data sets by their names. */
export type RecordedLists = { readonly lists: ReadonlyMap<string, Uint8Array>; readonly erased: ReadonlyMap<string, string> };

const withErasure = (files: readonly PlacedFile[], erased: string | undefined): readonly PlacedFile[] =>
  erased === undefined ? files : files.map((file) => ({ ...file, erased }));

/** The files that a question asks about. Paths of a record are hostile: they are only ever read and hashed, and nothing of them is shown. */
export const recordedFiles = (manifest: Manifest, question: Question, { lists, erased }: RecordedLists): readonly PlacedFile[] => {
  const roots = absoluteRoots(manifest.run.roots);
  const placed = (file: Named): PlacedFile => ({ key: evidenceKey(file), place: placeOf(file, roots) });
  return [
    ...manifest.outputs.map(placed),
    ...(question.data ? manifest.data.flatMap((set) => withErasure([...(set.files ?? []).map(placed), ...listedFiles(set, roots, lists)], erased.get(set.name))) : []),
    ...(question.environment ? [...manifest.code.files.map(placed), ...manifest.dependencies.interpreters.map(({ executable }) => placed({ path: executable }))] : []),
  ];
};

const placeOf = (file: Named, roots: Readonly<Record<string, string>>): FilePath | undefined => {
  const path = pathOfName(file.path, roots);
  return path === undefined ? undefined : { path, ...(file.rawName === undefined ? {} : { raw: file.rawName }) };
};

/** Roots may stand on each other: the project below the home folder. */
const absoluteRoots = (given: Manifest['run']['roots']): Readonly<Record<string, string>> => {
  let roots: Readonly<Record<string, string>> = given;
  for (let round = 0; round < 4; round += 1)
    roots = Object.fromEntries(Object.entries(roots).flatMap(([name, path]) => (path.startsWith('/') ? [[name, path]] : [[name, pathOfName(path, roots) ?? path]])));
  return Object.fromEntries(Object.entries(roots).filter(([, path]) => path.startsWith('/')));
};

/** A data set that is recorded as a list stands in the evidence as one thing, under its name. */
const listedFiles = (set: Manifest['data'][number], roots: Readonly<Record<string, string>>, lists: ReadonlyMap<string, Uint8Array>): readonly PlacedFile[] => {
  const bytes = set.list === undefined ? undefined : lists.get(set.list.sha256);
  const folder = set.path === undefined ? undefined : pathOfName(set.path, roots);
  const list = bytes === undefined ? undefined : readFileList(bytes);
  if (set.list === undefined || (set.files?.length ?? 0) > 0) return [];
  if (list?.kind !== 'accepted' || folder === undefined) return [{ key: set.name, place: undefined }];
  const inside = list.value.map(({ path, raw, sha256 }) => ({ place: nameInside({ path: folder }, raw === undefined ? { path } : { path, raw }), name: path, sha256 }));
  return [{ key: set.name, place: { path: folder }, inside, ...(set.readers?.includes('declared') === true ? { whole: true } : {}) }];
};

/** Hashes what is there now. */
export const fileEvidence = async (files: readonly PlacedFile[], onProgress?: OnProgress): Promise<ReadonlyMap<string, FileEvidence>> => {
  const single = files.filter((file) => file.place !== undefined && file.inside === undefined);
  const paths = [...single.map((file) => file.place!), ...files.flatMap((file) => (file.inside ?? []).map(({ place }) => place))];
  const facts = await hashFiles(paths, onProgress === undefined ? {} : { onProgress });
  const found = new Map<string, FileEvidence>(
    files
      .filter(({ place }) => place === undefined)
      .map(({ key }) => [key, { kind: 'not-seen', because: 'the record does not say where it lies on this machine, or its list is not at hand' }]),
  );
  for (const [i, file] of single.entries()) found.set(file.key, orErased(evidenceOfFacts(facts[i]), file));
  let at = single.length;
  for (const file of files) {
    if (file.inside === undefined) continue;
    const evidence = listEvidence(file.inside, facts.slice(at, at + file.inside.length));
    found.set(file.key, orErased(evidence.kind === 'same' && file.whole === true ? await withoutMore(file, file.inside) : evidence, file));
    at += file.inside.length;
  }
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

/** A folder that was recorded whole must not hold more than that. */
const withoutMore = async ({ place }: PlacedFile, inside: readonly { readonly place: FilePath }[]): Promise<FileEvidence> => {
  const walk = await walkFolder(place!.path, { ignore: isNoData });
  const known = new Set(inside.map((file) => file.place.raw ?? file.place.path));
  const more = walk.files.filter((file) => {
    const { path, raw } = nameInside(place!, file);
    return !known.has(raw ?? path) && !isSecretFile(path);
  });
  return more.length === 0
    ? { kind: 'same' }
    : { kind: 'differs', because: `${countOf(more.length, 'file')} more than recorded: ${names(more.map(({ path }) => ({ name: path })))}` };
};

const evidenceOfFacts = (facts: FileFacts | undefined): FileEvidence => {
  if (facts === undefined) return { kind: 'not-seen', because: 'nobody looked' };
  if (facts.kind === 'absent') return { kind: 'absent' };
  if (facts.changed === true) return { kind: 'unreadable', because: 'it changed while it was being read' };
  if (facts.sha256 === undefined) return { kind: 'unreadable', because: facts.reason ?? `it is a ${facts.kind}` };
  return { kind: 'hashed', sha256: facts.sha256, ...(facts.sizeBytes === undefined ? {} : { sizeBytes: facts.sizeBytes }) };
};

const listEvidence = (wanted: readonly { readonly name: string; readonly sha256: string }[], facts: readonly FileFacts[]): FileEvidence => {
  const found = wanted.map((file, i) => ({ ...file, evidence: evidenceOfFacts(facts[i]) }));
  const other = found.filter(({ evidence, sha256 }) => evidence.kind === 'hashed' && evidence.sha256 !== sha256);
  if (other.length > 0) return { kind: 'differs', because: `${other.length} of ${countOf(wanted.length, 'file')} have other bytes: ${names(other)}` };
  const open = found.filter(({ evidence }) => evidence.kind !== 'hashed');
  if (open.length > 0) return { kind: 'not-seen', because: `${open.length} of ${countOf(wanted.length, 'file')} are gone or cannot be read: ${names(open)}` };
  return { kind: 'same' };
};

const names = (files: readonly { readonly name: string }[]): string =>
  `${files
    .slice(0, 3)
    .map(({ name }) => escapeControl(name))
    .join(', ')}${files.length > 3 ? ' …' : ''}`;
