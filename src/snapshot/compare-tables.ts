import { countOf } from '#base';
import { compareColumns } from './compare-columns.ts';
import type { TableDifference, TableStatement, TableSummary } from './difference.ts';
import type { Table } from './generated/snapshot-types.ts';
import { orderedValue } from './ordered-value.ts';
import type { TablePair } from './pair-tables.ts';
import type { RowsDifference } from './rows-difference.ts';
import type { ColumnsDifference } from './table-difference.ts';

export type TableFacts = {
  /** Whether both tables are made of the same files; undefined if that is not known. */
  readonly sameFiles: boolean | undefined;
  /** Whether they are made of files with the same bytes under other names. */
  readonly sameFilesRenamed?: boolean;
  readonly rows?: RowsDifference;
};

/** Compares two tables by what is known of them. Columns are not compared where the rows are known to be the same. */
export const compareTables = ({ before, after, pairedBy }: TablePair, { sameFiles, sameFilesRenamed, rows }: TableFacts): TableDifference => {
  const head = { before: tableSummary(before), after: tableSummary(after), pairedBy };
  const found = rows === undefined ? {} : { rows };
  if (sameFiles === true)
    return { ...head, statement: 'identical', because: pairedBy === 'path' ? 'every byte is the same' : 'every byte is the same, under another name', ...found };
  if (sameFilesRenamed === true) return { ...head, statement: 'same-content', because: 'it is made of the same files, under other names', ...found };
  const problem = before.problem ?? after.problem;
  if (problem === undefined && before.contentSha256 !== undefined && before.contentSha256 === after.contentSha256) {
    return { ...head, statement: 'same-content', because: sameContentBecause(before, after), ...found };
  }
  const columns = compareColumns(before, after);
  const { statement, because } = statementOf({ before, after }, columns, rows);
  return { ...head, statement, because, ...(columns === undefined ? {} : { columns }), ...found };
};

export const tableSummary = ({ path, inner, format, rowCount, problem }: Table): TableSummary => ({
  path,
  ...(inner === undefined ? {} : { inner }),
  format,
  ...(rowCount === undefined ? {} : { rowCount }),
  ...(problem === undefined ? {} : { problem }),
});

const sameContentBecause = (before: Table, after: Table): string =>
  before.format === after.format
    ? 'other bytes hold the same rows: written anew, reordered or quoted in another way'
    : `the same rows, stored as ${after.format} instead of ${before.format}`;

type Statement = { readonly statement: TableStatement; readonly because: string };

const statementOf = ({ before, after }: { readonly before: Table; readonly after: Table }, columns: ColumnsDifference | undefined, rows: RowsDifference | undefined): Statement => {
  const differences = [...rowDifferences(rows), ...rowCountDifference(before, after), ...columnDifferences(columns)];
  if (differences.length > 0) return { statement: 'changed', because: differences.join('; ') };
  const problem = before.problem ?? after.problem;
  if (problem !== undefined) return { statement: 'unknown', because: `a table could not be read whole: ${problem}` };
  if (before.contentSha256 !== undefined && after.contentSha256 !== undefined)
    return {
      statement: 'changed',
      because: rows === undefined ? 'the digests of the rows differ' : 'the digests of the rows differ, so that something did change that comparing the values does not show',
    };
  if (rows !== undefined && rows.reordered !== undefined) return { statement: 'same-content', because: 'a comparison of all rows found none that differs' };
  return { statement: 'unknown', because: 'there is no digest of the rows on both sides' };
};

const rowDifferences = (rows: RowsDifference | undefined): readonly string[] =>
  rows === undefined
    ? []
    : (
        [
          [rows.changed, 'changed'],
          [rows.added, 'added'],
          [rows.removed, 'removed'],
        ] as const
      ).flatMap(([count, what]) => (count === 0 ? [] : [`${countOf(count, 'row')} ${what}`]));

const rowCountDifference = ({ rowCount: old, problem }: Table, { rowCount: young, problem: other }: Table): readonly string[] =>
  old === undefined || young === undefined || old === young || problem !== undefined || other !== undefined ? [] : [`${countOf(old, 'row')} before, ${young} after`];

const columnDifferences = (columns: ColumnsDifference | undefined): readonly string[] => {
  if (columns === undefined) return [];
  const renamed = columns.shared.filter(({ renamedFrom }) => renamedFrom !== undefined).length;
  const other = columns.shared.filter(({ before, after, drift }) => drift.missing !== undefined && JSON.stringify(figures(before)) !== JSON.stringify(figures(after))).length;
  return (
    [
      [columns.added.length, 'added'],
      [columns.removed.length, 'removed'],
      [renamed, 'renamed'],
      [other, 'with other figures'],
    ] as const
  ).flatMap(([count, what]) => (count === 0 ? [] : [`${countOf(count, 'column')} ${what}`]));
};

/** Figures that are exact and do not depend on the format: if they differ, so do the rows. */
const figures = ({ missing, min, max }: NonNullable<Table['columns']>[number]): readonly unknown[] => [missing, comparable(min), comparable(max)];

const comparable = (text: string | undefined): string | number | undefined => (text === undefined ? undefined : (orderedValue(text) ?? text));
