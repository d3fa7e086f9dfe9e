/** Asks whether files are those of a snapshot: every one is read, whatever a cache says. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { countOf, escapeControl, TrainlockError } from '#base';
import { nameInside, nameOf } from '#digest';
import { hashFiles, isComplete, type TakenTree } from '#files';
import type { DataVerdictView } from '#report';
import { compareFiles, type Erasure, passedOver } from '#snapshot';
import { askStore, type Store } from '#store';
import { compareTree } from './data/compare-tree.ts';
import { entriesOf, rootOf } from './data/entries-of.ts';
import { erasedText } from './data/erasure-notes.ts';
import { type DataPlace, findData, type FoundData } from './data/find-data.ts';
import { listedFile } from './data/listed-file.ts';
import { treeDifference } from './verify-run/tree-difference.ts';

export type VerifyDataRequest = DataPlace & {
  readonly storeFolder: string;
  readonly reference: string;
  /** RFC 3339. */
  readonly now: string;
  /** Where the files lie, if not where they were taken. */
  readonly at?: string;
  /** Only these files, by their paths below the root of the snapshot. */
  readonly only?: readonly string[];
};

/** The verdict with its reason. Throws TL0811 if there is no such snapshot. */
export const verifyData = (request: VerifyDataRequest): Promise<DataVerdictView> => askStore(request, (store) => verdictIn(store, request));

const verdictIn = async (store: Store, request: VerifyDataRequest): Promise<DataVerdictView> => {
  const data = await findData(store, request.reference, request);
  if (data.kind === 'path' && request.at === undefined)
    throw new TrainlockError('TL0001', 'a path would be compared with itself', { fix: 'name a snapshot, or another place with --at' });
  const place = request.at === undefined ? data.place : resolve(request.workingDirectory, request.at);
  const erased = await store.erasuresOf(data.snapshot.list.sha256);
  const base = { title: data.title, erased, ...(place === undefined ? {} : { place }) };
  if (place === undefined || statSync(place, { throwIfNoEntry: false }) === undefined) return { ...base, ...gone(place, erased) };
  if (data.snapshot.list.fileCount === 1 && statSync(place).isFile()) return { ...base, ...(await verifyFile(store, data, place)) };
  if (request.only !== undefined && request.only.length > 0) return { ...base, ...(await verifySingle(store, data, place, request.only)) };
  return { ...base, ...(await verifyAll(store, { data, place, erased }, request)) };
};

type Judged = Pick<DataVerdictView, 'kind' | 'because' | 'files' | 'single'>;

const gone = (place: string | undefined, erased: readonly Erasure[]): Judged => {
  const last = erased.at(-1);
  if (last !== undefined) return { kind: 'undecided', because: erasedText(last) };
  return { kind: 'undecided', because: place === undefined ? 'the record does not say where the data lies on this machine' : 'nothing is there' };
};

/** One file against a snapshot of one file: its name is that of the place and not of the data. */
const verifyFile = async (store: Store, data: FoundData, place: string): Promise<Judged> => {
  const [entry] = await entriesOf(store, data.snapshot.list);
  const [facts] = await hashFiles([{ path: place }], { jobs: 1 });
  if (facts?.sha256 === undefined || facts.changed === true) return { kind: 'undecided', because: facts?.reason ?? 'it changed as it was read' };
  return facts.sha256 === entry?.sha256
    ? { kind: 'same', because: 'the recorded bytes' }
    : { kind: 'different', because: `its digest is ${facts.sha256}, recorded is ${entry?.sha256 ?? 'none'}` };
};

/** What the sentence above does not speak of. */
const notLookedAt = ({ findings }: TakenTree): string => {
  const left = findings.filter(({ kind }) => kind === 'left-out' || kind === 'secret-file');
  return left.length === 0
    ? ''
    : `; not looked at: ${left
        .slice(0, 3)
        .map(({ path }) => escapeControl(path))
        .join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}`;
};

type Asked = { readonly data: FoundData; readonly place: string; readonly erased: readonly Erasure[] };

const verifyAll = async (store: Store, { data, place, erased }: Asked, { onProgress }: DataPlace): Promise<Judged> => {
  const { snapshot } = data;
  const compared = await compareTree(store, place, {
    list: snapshot.list,
    ...(snapshot.ignored === undefined ? {} : { ignore: snapshot.ignored }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (compared.kind === 'too-much') return { kind: snapshot.complete ? 'different' : 'undecided', because: compared.because };
  const { tree, differing: entries } = compared;
  const { listSha256, fileCount } = tree.identity;
  const complete = isComplete(tree.findings);
  if (listSha256 === snapshot.list.sha256) {
    if (snapshot.complete && complete) return { kind: 'same', because: `${countOf(fileCount, 'file')} with the recorded bytes, and no other${notLookedAt(tree)}` };
    return {
      kind: 'undecided',
      because: complete ? 'the files are those of the list, but the snapshot itself lacks some that could not be read' : 'some files cannot be read here',
    };
  }
  if (erased.some(({ replacementListSha256 }) => replacementListSha256 === listSha256)) return gone(place, erased);
  if (entries === undefined) return withoutList({ complete: snapshot.complete && complete, place, erased });
  if (entries.cut) {
    const { isOther, because } = treeDifference(entries, { fileCount: snapshot.list.fileCount, isWhole: snapshot.complete });
    return { kind: isOther ? 'different' : 'undecided', because: `more files differ than are told; ${because}` };
  }
  const { before, after } = entries;
  const files = compareFiles(before, after, { passedOver: passedOver(snapshot.list, before) });
  const differing = files.added.count + files.removed.count + files.renamed.count + files.changed.count;
  const onlyGone = files.added.count + files.changed.count + files.renamed.count === 0;
  if (erased.length > 0 && onlyGone) return gone(place, erased);
  if (!snapshot.complete && files.removed.count + files.changed.count + files.renamed.count === 0)
    return { kind: 'undecided', because: 'there are files that the snapshot could not read when it was taken', files };
  if (!complete && files.changed.count + files.added.count + files.renamed.count === 0) return { kind: 'undecided', because: 'some files cannot be read here', files };
  return { kind: 'different', because: `${differing} of ${countOf(snapshot.list.fileCount, 'recorded file')} ${differing === 1 ? 'differs' : 'differ'}`, files };
};

/** The files have another identity, and the list that would say in what is not in the store. */
const withoutList = ({ complete, place, erased }: { readonly complete: boolean } & Omit<Asked, 'data'>): Judged => {
  if (erased.length > 0) return gone(place, erased);
  const because = 'which files differ cannot be told, because the list of the snapshot is not in the store';
  return complete ? { kind: 'different', because: `the files are others; ${because}` } : { kind: 'undecided', because };
};

const verifySingle = async (store: Store, data: FoundData, place: string, only: readonly string[]): Promise<Judged> => {
  const single: { path: string; outcome: 'same' | 'different' | 'undecided'; because: string }[] = [];
  for (const path of only) {
    const listed = await listedFile(store, data.snapshot.list, path);
    if (listed === undefined) throw new TrainlockError('TL0811', `the snapshot has no file ${escapeControl(path)}`, { fix: `trainlock data show ${data.title}` });
    const [facts] = await hashFiles([nameInside({ path: rootOf(place) }, nameOf(listed.entry))], { jobs: 1 });
    if (facts?.sha256 === undefined || facts.changed === true)
      single.push({ path, outcome: 'undecided', because: facts?.kind === 'absent' ? 'it is not there' : (facts?.reason ?? 'it changed as it was read') });
    else if (facts.sha256 === listed.entry.sha256) single.push({ path, outcome: 'same', because: 'its bytes are those that the list names' });
    else single.push({ path, outcome: 'different', because: `its digest is ${facts.sha256}, recorded is ${listed.entry.sha256}` });
  }
  const kind = single.some(({ outcome }) => outcome === 'different') ? 'different' : single.every(({ outcome }) => outcome === 'same') ? 'same' : 'undecided';
  return { kind, because: `asked for ${single.length} of ${countOf(data.snapshot.list.fileCount, 'file')}`, single };
};
