import { exhaustive } from '#base';
import type { ColumnDifference, FilesDifference, RowsDifference, SnapshotDifference, TableDifference, TableSummary } from '#snapshot';
import { edgeRowsText } from './drift-phrases.ts';
import { counted, grouped, listed, shortValue } from './figures.ts';
import { cut } from './short.ts';
import { valueText } from './value-text.ts';

const MOST_TABLES = 3;
const MOST_COLUMNS = 3;

/** What differs between two snapshots, in one sentence. */
export const differenceSentence = (difference: SnapshotDifference): string => {
  const changed = difference.tables.filter(({ statement }) => statement === 'changed');
  const parts = [
    filesSentence(difference),
    ...changed.slice(0, MOST_TABLES).flatMap(tableSentence),
    ...(changed.length > MOST_TABLES ? [`${counted(changed.length - MOST_TABLES, 'more table')} changed`] : []),
    ...equalSentence(difference, changed.length),
  ];
  return parts.join('; ');
};

const filesSentence = ({ verdict, files, before, after }: SnapshotDifference): string => {
  switch (verdict) {
    case 'same':
      return `both snapshots hold the same ${counted(after.fileCount, 'file')}`;
    case 'undecided':
      return 'no file is known to differ, but not every file could be read';
    case 'different':
      return files === undefined ? `the files differ (${counted(before.fileCount, 'file')} before, ${grouped(after.fileCount)} after)` : differingFiles(files);
    default:
      return exhaustive(verdict);
  }
};

const differingFiles = ({ same, added, removed, renamed, changed }: FilesDifference): string => {
  const differing = added.count + removed.count + renamed.count + changed.count;
  if (differing === renamed.count) return `${grouped(differing)} of ${counted(differing + same.count, 'file')} ${differing === 1 ? 'was' : 'were'} renamed, nothing else differs`;
  return `${grouped(differing)} of ${counted(differing + same.count, 'file')} ${differing === 1 ? 'differs' : 'differ'}`;
};

/** The name of a table as it is told. */
export const tableTitle = ({ path, inner }: Pick<TableSummary, 'path' | 'inner'>): string => (inner === undefined ? path : `${path} / ${inner}`);

const tableSentence = ({ after, rows, because, columns }: TableDifference): readonly string[] => {
  const told = rows === undefined ? undefined : rowsPhrase(rows);
  return [`the table ${cut(tableTitle(after), 80)} ${told === undefined ? `changed (${because})` : told}`, ...columnSentences(columns?.shared ?? [])];
};

/** What became of the rows of a table: "has 12 changed rows". undefined if no row differs. */
const rowsPhrase = ({ changed, added, removed, columns, examples }: RowsDifference): string | undefined => {
  const [example] = examples;
  if (changed === 1 && added + removed === 0 && columns.length === 1 && example?.kind === 'changed')
    return `has one changed cell: row ${grouped(example.after)}, column ${cut(columns[0]!.column, 60)}`;
  const parts = (
    [
      [changed, 'changed'],
      [added, 'added'],
      [removed, 'removed'],
    ] as const
  ).flatMap(([count, what]) => (count === 0 ? [] : [`${grouped(count)} ${what}`]));
  return parts.length === 0 ? undefined : `has ${listed(parts)} row${changed + added + removed === 1 ? '' : 's'}`;
};

const columnSentences = (columns: readonly ColumnDifference[]): readonly string[] => {
  const clipped = columns.filter(({ drift }) => drift.edges.length > 0);
  // What chance may give is no news.
  const isBeyondChance = ({ stabilityIndex }: ColumnDifference['drift']): boolean => stabilityIndex === undefined || stabilityIndex.value > stabilityIndex.byChance;
  const strong = columns
    .filter(({ drift }) => drift.grade === 'strong' && isBeyondChance(drift) && !drift.edges.some(({ kind }) => kind === 'clipped'))
    .map(({ name }) => cut(name, 60));
  return [
    ...clipped.slice(0, MOST_COLUMNS).map(({ name, drift }) => {
      const [edge] = drift.edges;
      return edge!.kind === 'clipped'
        ? `column ${cut(name, 60)} was clipped at ${valueText(shortValue(edge!.at))}`
        : `column ${cut(name, 60)} got a new ${edge!.side === 'max' ? 'largest' : 'smallest'} value ${valueText(shortValue(edge!.at))} in ${edgeRowsText(edge!.rows)}`;
    }),
    ...(strong.length === 0 ? [] : [`${strong.length === 1 ? 'column' : 'columns'} ${listed(strong, MOST_COLUMNS)} drifted strongly`]),
  ];
};

const equalSentence = ({ verdict, tables }: SnapshotDifference, changed: number): readonly string[] => {
  const same = tables.filter(({ statement }) => statement === 'same-content');
  if (verdict !== 'different' || same.length === 0) return [];
  if (changed === 0 && same.length === 1) return [`the table ${cut(tableTitle(same[0]!.after), 80)} still holds the same rows`];
  return [`${counted(same.length, 'other table')} ${same.length === 1 ? 'holds' : 'hold'} the same rows in other bytes`];
};
