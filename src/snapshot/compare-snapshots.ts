import { compareMedia } from './compare-media.ts';
import { compareTables, tableSummary } from './compare-tables.ts';
import type { DifferenceVerdict, SnapshotDifference, SnapshotSide, TableDifference, TableName, TableStatement } from './difference.ts';
import type { FilesDifference } from './files-difference.ts';
import type { Snapshot } from './generated/snapshot-types.ts';
import { pairTables, tableKey, type TablePair } from './pair-tables.ts';
import type { RowsDifference } from './rows-difference.ts';

/** What was found outside the two documents. */
export type DifferenceParts = {
  /** The lists of files, compared with `watched` paths from watchedPaths. */
  readonly files?: FilesDifference;
  /** Rows that were compared, by the names of both tables. */
  readonly rows?: readonly { readonly before: TableName; readonly after: TableName; readonly rows: RowsDifference }[];
  /** Paths of tables on both sides that are made of the same files, whatever these are called. */
  readonly sameFiles?: ReadonlySet<string>;
  /** What could not be compared, in words. */
  readonly notes?: readonly string[];
};

/** Paths of tables of which compareFiles should tell whether a file that differs belongs to them. */
export const watchedPaths = (before: Pick<Snapshot, 'tables'>, after: Pick<Snapshot, 'tables'>): readonly string[] => [
  ...new Set([...(before.tables ?? []), ...(after.tables ?? [])].map(({ path }) => path)),
];

/** Composes what differs between two snapshots from their documents and from what was found beside them. */
export const compareSnapshots = (before: Snapshot, after: Snapshot, parts: DifferenceParts = {}): SnapshotDifference => {
  const { pairs, added, removed } = pairTables(before, after);
  const sameLists = before.list.sha256 === after.list.sha256;
  const found = new Map((parts.rows ?? []).map(({ before: old, after: young, rows }) => [`${tableKey(old)} ${tableKey(young)}`, rows]));
  const tables = pairs.map((pair) => {
    const rows = found.get(`${tableKey(pair.before)} ${tableKey(pair.after)}`);
    return compareTables(pair, {
      sameFiles: sameLists || sameFiles(pair, parts.files),
      sameFilesRenamed: pair.pairedBy === 'path' && parts.sameFiles?.has(pair.after.path) === true,
      ...(rows === undefined ? {} : { rows }),
    });
  });
  return {
    verdict: verdictOf(before, after, parts.files),
    before: sideOf(before),
    after: sideOf(after),
    ...(parts.files === undefined ? {} : { files: parts.files }),
    tables: tables.toSorted((a, b) => rank(a) - rank(b)),
    tablesAdded: added.map(tableSummary),
    tablesRemoved: removed.map(tableSummary),
    media: compareMedia(before, after),
    notes: [...incompleteNotes(before, 'before'), ...incompleteNotes(after, 'after'), ...(parts.notes ?? [])],
  };
};

const verdictOf = (before: Snapshot, after: Snapshot, files: FilesDifference | undefined): DifferenceVerdict => {
  const isWhole = before.complete && after.complete;
  if (files === undefined) return before.list.treeRoot !== after.list.treeRoot && isWhole ? 'different' : isWhole ? 'same' : 'undecided';
  const { changed, renamed, added, removed } = files;
  // What one side lacks may only not have been readable there.
  if (changed.count > 0 || (renamed.count > 0 && (before.complete || after.complete)) || (removed.count > 0 && after.complete) || (added.count > 0 && before.complete))
    return 'different';
  return isWhole ? 'same' : 'undecided';
};

/** Whether no file of a table differs; undefined if nobody looked. */
const sameFiles = ({ before, after, pairedBy }: TablePair, files: FilesDifference | undefined): boolean | undefined => {
  const watched = files?.watched.find(({ path }) => path === after.path);
  if (pairedBy === 'path') return watched === undefined ? undefined : !watched.touched;
  return watched?.renamedFrom === before.path && before.inner === after.inner ? true : undefined;
};

const sideOf = ({ name, path, takenAt, list, complete }: Snapshot): SnapshotSide => ({
  ...(name === undefined ? {} : { name }),
  path,
  takenAt,
  treeRoot: list.treeRoot,
  fileCount: list.fileCount,
  sizeBytes: list.totalBytes,
  complete,
});

const RANKS: readonly TableStatement[] = ['changed', 'unknown', 'same-content', 'identical'];

const rank = ({ statement }: TableDifference): number => RANKS.indexOf(statement);

const incompleteNotes = ({ complete, findingCount = 0 }: Snapshot, side: string): readonly string[] =>
  complete ? [] : [`the snapshot ${side} is not complete: some files could not be read, or changed meanwhile (${findingCount} findings)`];
