import { quotedName } from './sql-text.ts';
import type { TableQuery } from '../table-query.ts';

/** Type that all values of a column of texts have together. */
export type TextType = 'BOOLEAN' | 'BIGINT' | 'DOUBLE' | 'DATE' | 'TIMESTAMP' | 'VARCHAR';

/** Columns that are looked at in one statement. */
const COLUMNS_AT_ONCE = 100;

/** How numbers are written. One with zeros before it is a name made of digits. */
const NUMBER_FORMS = {
  BIGINT: `'[+-]?(0|[1-9]\\d*)'`,
  DOUBLE: `'[+-]?((0|[1-9]\\d*)(\\.\\d*)?|\\.\\d+)(e[+-]?\\d+)?|nan|[+-]?inf(inity)?', 'i'`,
} as const;

/** Whether a type is one of numbers as CSV knows them. */
export const isNumberType = (type: string): type is keyof typeof NUMBER_FORMS => type in NUMBER_FORMS;

/**
 * The value of a column of texts that was taken for numbers. DuckDB alone would read 007 as 7, 1_000 as 1000 and, as a whole number,
 * 1.5 as 2: a text that is not written as such a number makes the statement fail like one that cannot be converted. Spaces around it
 * may stand.
 */
export const strictNumber = (column: string, type: keyof typeof NUMBER_FORMS): string =>
  `CASE WHEN ${column} IS NULL THEN NULL WHEN regexp_full_match(${column}, ${NUMBER_FORMS[type]}) OR regexp_full_match(trim(${column}), ${NUMBER_FORMS[type]}) THEN CAST(${column} AS ${type}) ELSE error('Could not convert string to ${type}') END`;

/** Candidates, the narrowest first, each with a test that is true if a text may be of it. */
const TESTS: readonly (readonly [TextType, (column: string) => string])[] = [
  ['BOOLEAN', (c) => `lower(${c}) IN ('true', 'false')`],
  ['BIGINT', (c) => `regexp_full_match(${c}, ${NUMBER_FORMS.BIGINT}) AND try_cast(${c} AS BIGINT) IS NOT NULL`],
  ['DOUBLE', (c) => `regexp_full_match(${c}, ${NUMBER_FORMS.DOUBLE})`],
  ['DATE', (c) => `regexp_full_match(${c}, '\\d{4}-\\d\\d-\\d\\d') AND try_cast(${c} AS DATE) IS NOT NULL`],
  ['TIMESTAMP', (c) => `regexp_full_match(${c}, '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?') AND try_cast(${c} AS TIMESTAMP) IS NOT NULL`],
];

/** Rows that are looked at first: most columns lose their candidates there, and no test of all rows is needed. */
const FIRST_ROWS = 2000;

/**
 * Types of columns of texts, by all their values and not by some of them, so that the order of the rows does not matter. A column
 * without values is of type VARCHAR.
 */
export const inferTypes = async (query: TableQuery, relation: string, names: readonly string[]): Promise<readonly TextType[]> => {
  const types: TextType[] = [];
  for (let from = 0; from < names.length; from += COLUMNS_AT_ONCE) {
    const part = names.slice(from, from + COLUMNS_AT_ONCE).map((name): Candidates => ({ name, types: TESTS.map(([type]) => type) }));
    // A column without values among the first rows keeps all its candidates.
    const first = await testAll(query, `(SELECT * FROM ${relation} LIMIT ${FIRST_ROWS})`, { columns: part, without: true });
    const all = await testAll(query, relation, { columns: first, without: false });
    types.push(...all.map((column) => column.types[0] ?? 'VARCHAR'));
  }
  return types;
};

type Candidates = { readonly name: string; readonly types: readonly TextType[] };

/** The candidates that no value of the relation rules out; `without` says whether a column without values keeps its own. */
const testAll = async (
  query: TableQuery,
  relation: string,
  { columns, without }: { readonly columns: readonly Candidates[]; readonly without: boolean },
): Promise<readonly Candidates[]> => {
  const asked = columns.flatMap(({ name, types }, at) =>
    TESTS.filter(([type]) => types.includes(type)).map(([type, test]) => `bool_and(${test(quotedName(name))}) AS ${type}_${at}`),
  );
  if (asked.length === 0) return columns;
  const [row] = await query(`SELECT ${asked.join(', ')} FROM ${relation}`);
  return columns.map(({ name, types }, at) => ({ name, types: types.filter((type) => (row?.[`${type}_${at}`] ?? without) === true) }));
};
