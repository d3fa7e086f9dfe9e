import { exhaustive } from '#base';
import type {
  ChangedCell,
  Column,
  ColumnDifference,
  ColumnsDifference,
  Grade,
  LabelShift,
  RepeatedKeys,
  RowExample,
  RowsDifference,
  TableDifference,
  TableStatement,
} from '#snapshot';
import { tableTitle } from './difference-sentence.ts';
import { isLabelShiftWorthTelling, measurePhrases, saysSomething, shapePhrases, valuePhrases } from './drift-phrases.ts';
import { counted, grouped, listed, percent } from './figures.ts';
import { atMost, bad, type Block, faint, good, type Item, type Line, open, type Row, row, rows, type Span, strong } from './page.ts';
import { cut } from './short.ts';
import { valueText } from './value-text.ts';

const MOST_EXAMPLES = 8;
const MOST_COLUMNS = 20;

export const STATEMENTS: Readonly<Record<TableStatement, string>> = { identical: 'identical', 'same-content': 'same content', changed: 'changed', unknown: 'not known' };

/** What differs between two tables: rows, columns, values. */
export const tableBlocks = (table: TableDifference, all: boolean): readonly Block[] => {
  const { before, after, statement, because, rows: compared, columns } = table;
  const found: readonly Row[] = [
    ...(statement === 'changed' && compared !== undefined && hasDifferentRows(compared) ? [] : row('because', because)),
    ...(compared === undefined ? rowCountRows(table) : rowsRows(compared, all)),
    ...(columns === undefined ? [] : columnRows(columns, all)),
  ];
  const items = columns === undefined ? [] : columnItems(columns, all);
  return [
    {
      kind: 'heading',
      line: [strong(tableTitle(after)), faint(before.path === after.path && before.inner === after.inner ? '' : `  was ${tableTitle(before)}`), '  ', statementSpan(statement)],
    },
    { kind: 'rows', rows: found },
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, items }]),
  ];
};

const statementSpan = (statement: TableStatement): Span => {
  const word = STATEMENTS[statement];
  return statement === 'changed' ? strong(word) : statement === 'unknown' ? open(word) : good(word);
};

const rowCountRows = ({ before, after, statement }: TableDifference): readonly Row[] =>
  before.rowCount === undefined || after.rowCount === undefined || statement === 'identical' || statement === 'same-content'
    ? []
    : row(
        'rows',
        before.rowCount === after.rowCount ? counted(after.rowCount, 'row') : `${grouped(before.rowCount)} → ${counted(after.rowCount, 'row')}`,
        faint('  not compared one by one'),
      );

const rowsRows = (rowsDifference: RowsDifference, all: boolean): readonly Row[] => {
  const { columns, examples, repeatedKeys, retyped } = rowsDifference;
  return [
    ...rows('rows', [rowCounts(rowsDifference), [faint(comparedBy(rowsDifference))]]),
    ...(repeatedKeys === undefined ? [] : rows('repeated keys', [[open(repeatedKeysText(rowsDifference, repeatedKeys))], [faint(repeatedRowsText(repeatedKeys))]])),
    ...rows(
      'cells',
      atMost(
        columns.map(({ column, changedCells }): Line => [cut(column, 60), `  ${grouped(changedCells)} changed`]),
        MOST_EXAMPLES,
        'columns',
      ),
    ),
    ...rows('examples', atMost(examples.map(exampleLine), all ? examples.length : MOST_EXAMPLES, 'examples')),
    ...(retyped.length === 0 ? [] : row('other types', listed(retyped, 5), faint('  compared by what they spell'))),
  ];
};

/** Whether a row was found that differs: then its count says more than a reason in words. */
export const hasDifferentRows = ({ changed, added, removed }: RowsDifference): boolean => changed + added + removed > 0;

/** How many rows differ, and how many do not, in one phrase. */
export const rowCountsText = (difference: RowsDifference): string =>
  rowCounts(difference)
    .map((span) => (typeof span === 'string' ? span : span.text))
    .join('');

const rowCounts = ({ changed, added, removed, reordered, same, before }: RowsDifference): Line => {
  const parts = (
    [
      [changed, 'changed'],
      [added, 'added'],
      [removed, 'removed'],
      [reordered ?? 0, 'at another place'],
    ] as const
  ).flatMap(([count, what]) => (count === 0 ? [] : [`${grouped(count)} ${what}`]));
  return [
    parts.length === 0 ? 'none differs' : parts.join(', '),
    faint(`; ${grouped(same)} of ${counted(before, 'row')} ${same === 1 ? 'is' : 'are'} the same${reordered === undefined ? ', in an order that cannot be compared' : ''}`),
  ];
};

/** How rows were told apart. */
export const comparedBy = ({ by }: RowsDifference): string => {
  switch (by.kind) {
    case 'key':
      return `compared by ${listed(by.columns)}`;
    case 'position':
      return 'compared row by row';
    case 'content':
      return 'compared as whole rows, wherever they stand';
    default:
      return exhaustive(by);
  }
};

/** That a key does not tell rows apart, and how many of its values stand more than once. */
export const repeatedKeysText = ({ by }: RowsDifference, { keys }: RepeatedKeys): string =>
  `${by.kind === 'key' ? `${listed(by.columns.map((column) => cut(column, 60)))} ${by.columns.length === 1 ? 'is' : 'are'}` : 'the key is'} not unique: ${counted(keys, 'key')} ${keys === 1 ? 'stands' : 'stand'} more than once`;

/** How the rows of such keys were compared, and what came out. */
export const repeatedRowsText = ({ rowsBefore, rowsAfter, same, added, removed }: RepeatedKeys): string => {
  const parts = [`${grouped(same)} the same`, ...(removed === 0 ? [] : [`${grouped(removed)} removed`]), ...(added === 0 ? [] : [`${grouped(added)} added`])];
  return `${counted(rowsBefore, 'row')} before and ${grouped(rowsAfter)} after with such keys were compared as whole rows, wherever they stand: ${parts.join(', ')}`;
};

const exampleLine = (example: RowExample): Line => {
  switch (example.kind) {
    case 'changed':
      return [`row ${grouped(example.after)}`, faint(example.before === example.after ? '' : ` (before ${grouped(example.before)})`), ': ', listed(example.cells.map(cellText), 4)];
    case 'added':
      return [`row ${grouped(example.after)}: added`];
    case 'removed':
      return [`row ${grouped(example.before)} before: removed`];
    default:
      return exhaustive(example);
  }
};

/** A changed cell; its values only where they were asked for. */
export const cellText = ({ column, before, after }: ChangedCell): string =>
  before === undefined || after === undefined
    ? `column ${cut(column, 60)}`
    : `${cut(column, 60)} ${before === null ? '(missing)' : valueText(before)} → ${after === null ? '(missing)' : valueText(after)}`;

const GRADE_SPANS: Readonly<Record<Grade, (text: string) => Span>> = { strong: bad, moderate: open, stable: faint, unknown: open };

const columnRows = ({ added, removed, shared, label }: ColumnsDifference, all: boolean): readonly Row[] => [
  ...(added.length === 0 ? [] : row('new columns', listed(added.map(namedColumn), MOST_COLUMNS))),
  ...(removed.length === 0 ? [] : row('columns gone', listed(removed.map(namedColumn), MOST_COLUMNS))),
  ...(label === undefined || !(all || isLabelShiftWorthTelling(label)) ? [] : rows('labels', labelLines(label))),
  ...(all ? [] : silentRows(shared.filter((column) => !saysSomething(column)))),
];

const namedColumn = ({ name, type }: Column): string => `${cut(name, 60)} (${type})`;

const RANKS: readonly Grade[] = ['strong', 'moderate', 'unknown', 'stable'];

/** Columns that say something, those that moved most first. */
const columnItems = ({ shared }: ColumnsDifference, all: boolean): readonly Item[] => {
  const told = shared.filter((column) => all || saysSomething(column)).toSorted((a, b) => RANKS.indexOf(a.drift.grade) - RANKS.indexOf(b.drift.grade));
  const shown = all ? told : told.slice(0, MOST_COLUMNS);
  return [...shown.map(columnItem), ...(shown.length < told.length ? [{ line: [faint(`… and ${counted(told.length - shown.length, 'more column')}`)] }] : [])];
};

const columnItem = (column: ColumnDifference): Item => {
  const { name, drift } = column;
  const phrases = [...shapePhrases(column), ...valuePhrases(drift)];
  return {
    line: [cut(name, 60), '  ', GRADE_SPANS[drift.grade](drift.grade === 'unknown' ? 'not known how far' : drift.grade), faint(`  ${measurePhrases(drift).join(', ')}`)],
    inner: phrases.map((phrase): Line => [phrase]),
  };
};

/** Columns that say nothing of interest, as a counter; those of which nothing is known with their names and the reason. */
const silentRows = (columns: readonly ColumnDifference[]): readonly Row[] => {
  const stable = columns.filter(({ drift }) => drift.grade === 'stable').length;
  return [
    ...(stable === 0 ? [] : row('stable', faint(counted(stable, 'column')))),
    ...rows(
      'not known',
      atMost(
        unknownColumns(columns).map(({ because, names }): Line => [open(listed(names, MOST_NAMES)), faint(`  ${because}`)]),
        4,
        'reasons',
      ),
    ),
  ];
};

const MOST_NAMES = 8;

/** Columns of which it is not known how far their values moved, by the reason. */
export const unknownColumns = (columns: readonly ColumnDifference[]): readonly { readonly because: string; readonly names: readonly string[] }[] => {
  const reasons = new Map<string, string[]>();
  for (const { name, drift } of columns) if (drift.grade === 'unknown') reasons.set(drift.because, [...(reasons.get(drift.because) ?? []), cut(name, 60)]);
  return [...reasons].map(([because, names]) => ({ because, names }));
};

/** How the balance of labels moved, as lines. */
const labelLines = ({ column, totalVariation, stabilityIndex, grade, bins }: LabelShift): readonly Line[] => [
  [cut(column, 60), '  ', GRADE_SPANS[grade](grade), faint(`  total variation ${totalVariation.toFixed(3)}, PSI ${stabilityIndex.toFixed(3)}`)],
  ...atMost(
    bins.filter(({ before, after }) => before !== after).map(({ name, before, after }): Line => [`  ${valueText(name)}  ${percent(before)} → ${percent(after)}`]),
    6,
    'labels',
  ),
];
