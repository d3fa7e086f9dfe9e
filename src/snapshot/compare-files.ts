import { compareBytes } from '#base';
import { bytesOfName, type FileEntry, type FileName, nameOf } from '#digest';
import { aspectsOf, count, makeDepartures } from './departures.ts';
import type { ChangedFile, FilesDifference, Tally } from './files-difference.ts';
import { matchesPattern } from './path-pattern.ts';

export type CompareFilesOptions = {
  /** Most examples of each kind. Default: 100. */
  readonly examples?: number;
  /** Most files that came or went among which renamed ones are looked for; they are held in memory. Default: 1,000,000. */
  readonly renameLimit?: number;
  /** Paths and patterns of which it is asked whether a file that differs belongs to them. */
  readonly watched?: readonly string[];
  /** Files of folders that are known to be equal and were not given. Default: none. */
  readonly passedOver?: Tally;
};

const EXAMPLES = 100;
const RENAME_LIMIT = 1_000_000;

/**
 * Compares two lists of files, each sorted by the bytes of the paths and without a path twice, as readFileList gives them. Both
 * are read once, side by side; only files that came or went are held, to find those that were renamed.
 */
export const compareFiles = (before: Iterable<FileEntry>, after: Iterable<FileEntry>, options: CompareFilesOptions = {}): FilesDifference => {
  const most = options.examples ?? EXAMPLES;
  const { count: passed, sizeBytes } = options.passedOver ?? { count: 0, sizeBytes: 0 };
  const totals = { before: { count: passed, sizeBytes }, after: { count: passed, sizeBytes }, same: { count: passed, sizeBytes } };
  const changed = { count: 0, sizeBytesBefore: 0, sizeBytesAfter: 0, aspects: { content: 0, mode: 0, link: 0 }, examples: [] as ChangedFile[] };
  const departures = makeDepartures(options.renameLimit ?? RENAME_LIMIT, most);
  const touched = makeTouched(options.watched ?? []);
  for (const [old, young] of pairsOf(before, after)) {
    if (old !== undefined) count(totals.before, old.size);
    if (young !== undefined) count(totals.after, young.size);
    const aspects = old !== undefined && young !== undefined ? aspectsOf(old, young) : undefined;
    if (aspects?.length === 0) {
      count(totals.same, old!.size);
      continue;
    }
    touched.see((young ?? old)!.path);
    if (aspects === undefined) {
      departures.see(old, young);
      continue;
    }
    changed.count += 1;
    changed.sizeBytesBefore += old!.size;
    changed.sizeBytesAfter += young!.size;
    for (const aspect of aspects) changed.aspects[aspect] += 1;
    if (changed.examples.length < most) changed.examples.push({ ...nameOf(young!), aspects, sizeBytesBefore: old!.size, sizeBytesAfter: young!.size });
  }
  const { renames, ...departed } = departures.result();
  return { ...totals, ...departed, changed, watched: touched.paths(renames) };
};

/** Entries of the same name side by side, one of them undefined where there is no such name. */
function* pairsOf(before: Iterable<FileEntry>, after: Iterable<FileEntry>): Generator<readonly [FileEntry | undefined, FileEntry | undefined]> {
  const left = before[Symbol.iterator]();
  const right = after[Symbol.iterator]();
  let old = left.next();
  let young = right.next();
  while (old.done !== true || young.done !== true) {
    const order = old.done === true ? 1 : young.done === true ? -1 : compareNames(old.value, young.value);
    yield [order <= 0 ? (old.value as FileEntry) : undefined, order >= 0 ? (young.value as FileEntry) : undefined];
    if (order <= 0) old = left.next();
    if (order >= 0) young = right.next();
  }
}

const FIRST_SURROGATE = 0xd800;

/** Order of the bytes of two names. Below the surrogates it equals that of the letters, which need no encoding. */
const compareNames = (a: FileName, b: FileName): number => {
  if (a.raw === undefined && b.raw === undefined) {
    if (a.path === b.path) return 0;
    const length = Math.min(a.path.length, b.path.length);
    let i = 0;
    while (i < length && a.path.charCodeAt(i) === b.path.charCodeAt(i)) i += 1;
    if (i === length) return a.path.length - b.path.length;
    const [x, y] = [a.path.charCodeAt(i), b.path.charCodeAt(i)];
    if (x < FIRST_SURROGATE && y < FIRST_SURROGATE) return x - y;
  }
  return compareBytes(bytesOfName(a), bytesOfName(b));
};

/** Which of the watched paths and patterns were touched. */
const makeTouched = (watched: readonly string[]) => {
  const paths = [...new Set(watched)];
  const names = new Set(paths);
  const patterns = new Set(paths.filter((path) => path.includes('*')));
  const touched = new Set<string>();
  const see = (path: string): void => {
    if (names.has(path)) touched.add(path);
    for (const pattern of patterns) {
      if (!matchesPattern(path, pattern)) continue;
      touched.add(pattern);
      patterns.delete(pattern);
    }
  };
  const told = (renames: ReadonlyMap<string, string>): FilesDifference['watched'] =>
    paths.map((path) => {
      const renamedFrom = renames.get(path);
      return { path, touched: touched.has(path), ...(renamedFrom === undefined ? {} : { renamedFrom }) };
    });
  return { see, paths: told };
};

/** Files that were not given to the comparison, because their lines are equal. */
export const passedOver = (list: { readonly fileCount: number; readonly totalBytes: number }, differing: readonly { readonly size: number }[]) => ({
  count: list.fileCount - differing.length,
  sizeBytes: list.totalBytes - differing.reduce((sum, { size }) => sum + size, 0),
});
