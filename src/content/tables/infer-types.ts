import { exhaustive } from '#base';
import { quotedName } from './sql-text.ts';
import type { TableQuery } from '../table-query.ts';

/**
 * Type that all values of a column of texts have together. NUMBER: every value is written as a number, and not all of them can be held
 * by a number of the machine; such a column stays one of texts.
 */
export type TextType = NarrowType | 'NUMBER' | 'VARCHAR';

/** A type that says more of a value than its text does. */
type NarrowType = 'BOOLEAN' | 'BIGINT' | 'HUGEINT' | 'DOUBLE' | 'DATE' | 'TIMESTAMP' | 'TIMESTAMP_NS' | 'TIMESTAMP WITH TIME ZONE';

/** Columns that are looked at in one statement. */
const COLUMNS_AT_ONCE = 100;

/** One with zeros before it is a name made of digits. */
const WHOLE = `'[+-]?(0|[1-9]\\d*)'`;
const NUMBER = '[+-]?((0|[1-9]\\d*)(\\.\\d*)?|\\.\\d+)(e[+-]?\\d+)?';
const DAY = '\\d{4}-\\d\\d-\\d\\d';
const MINUTE = `${DAY}[T ]\\d\\d:\\d\\d`;
const ZONE = '(Z|[+-]\\d\\d(:?\\d\\d)?)';

type Test = (text: string) => string;

/** How values of a type are written. No text of a form may become the value of another: 1.5 is not 2, and no digit is dropped. */
const FORMS: Readonly<Record<NarrowType, Test>> = {
  BOOLEAN: (text) => `lower(${text}) IN ('true', 'false')`,
  BIGINT: (text) => `regexp_full_match(${text}, ${WHOLE}) AND try_cast(${text} AS BIGINT) IS NOT NULL`,
  HUGEINT: (text) => `regexp_full_match(${text}, ${WHOLE}) AND try_cast(${text} AS HUGEINT) IS NOT NULL`,
  DOUBLE: (text) => `regexp_full_match(${text}, '${NUMBER}|nan|[+-]?inf(inity)?', 'i') AND real_holds(${text})`,
  DATE: (text) => `regexp_full_match(${text}, '${DAY}') AND try_cast(${text} AS DATE) IS NOT NULL`,
  TIMESTAMP: (text) => `regexp_full_match(${text}, '${MINUTE}(:\\d\\d(\\.\\d{1,6}0*)?)?') AND try_cast(${text} AS TIMESTAMP) IS NOT NULL`,
  TIMESTAMP_NS: (text) => `regexp_full_match(${text}, '${MINUTE}(:\\d\\d(\\.\\d{1,9}0*)?)?') AND try_cast(${text} AS TIMESTAMP_NS) IS NOT NULL`,
  'TIMESTAMP WITH TIME ZONE': (text) => `regexp_full_match(${text}, '${MINUTE}(:\\d\\d(\\.\\d{1,6}0*)?)? ?${ZONE}') AND try_cast(${text} AS TIMESTAMP WITH TIME ZONE) IS NOT NULL`,
};

/**
 * Texts that DuckDB itself would write for the value: most are, and asking so is cheaper than asking for the form, which all others must
 * have. Its words for endless and ancient days are no texts of a form.
 */
const asWritten = (text: string, type: NarrowType): string =>
  `CAST(try_cast(${text} AS ${type}) AS VARCHAR) = ${text}${/^(DATE|TIMESTAMP)/.test(type) ? ` AND ${text} < ':' AND NOT contains(${text}, '(')` : ''}`;

const isOfType = (text: string, type: NarrowType): string => `CASE WHEN ${asWritten(text, type)} THEN true ELSE ${FORMS[type](text)} END`;

/** Whether texts of a type must be of a form. */
export const isNarrow = (type: string): type is NarrowType => Object.hasOwn(FORMS, type);

/**
 * A relation in which the texts of some columns stand without the spaces around them, which may stand beside every value that is no text.
 * A relation of its own: an expression that is used several times would be computed several times.
 */
export const bareColumns = (relation: string, names: readonly string[]): string =>
  names.length === 0 ? relation : `(SELECT * REPLACE (${names.map((name) => `trim(${quotedName(name)}) AS ${quotedName(name)}`).join(', ')}) FROM ${relation})`;

/**
 * The value of a column of texts that was taken for such values. DuckDB alone would read 007 as 7, 1_000 as 1000, as a whole number
 * 1.5 as 2, and would drop digits that it cannot hold: a text that is not of the form makes the statement fail, and the error
 * says in which column.
 */
export const strictValue = (text: string, type: NarrowType, place: number): string =>
  `CASE WHEN ${text} IS NULL THEN NULL WHEN ${asWritten(text, type)} THEN CAST(${text} AS ${type}) WHEN ${FORMS[type](`trim(${text})`)} THEN CAST(trim(${text}) AS ${type}) ELSE error('Could not convert string to ${type} in column ${place}') END`;

/** The value of a column of texts that all are of a type. The column is bare (see bareColumns), here and below. */
export const valueOfType = (text: string, type: TextType): string => {
  if (type === 'VARCHAR') return text;
  if (type === 'NUMBER') return `CASE WHEN ${text} IS NULL THEN NULL ELSE rows_v1_number(${text}) END`;
  return `CAST(${text} AS ${type})`;
};

/** The canonical text of such a value under rows/v1; never NULL. */
export const canonicalTextOfType = (text: string, type: TextType): string => {
  switch (type) {
    case 'BOOLEAN':
      return `coalesce(lower(${text}), '')`;
    case 'BIGINT':
    case 'HUGEINT':
      return `coalesce(CAST(CAST(${text} AS ${type}) AS VARCHAR), '')`;
    case 'DOUBLE':
      return `rows_v1_real(CAST(${text} AS DOUBLE))`;
    case 'NUMBER':
      return `rows_v1_number(${text})`;
    case 'DATE':
      return `coalesce(CAST(CAST(${text} AS DATE) AS VARCHAR), '')`;
    case 'TIMESTAMP':
    case 'TIMESTAMP_NS':
      return `coalesce(rows_v1_stamp(CAST(CAST(${text} AS ${type}) AS VARCHAR)), '')`;
    case 'TIMESTAMP WITH TIME ZONE':
      return `coalesce(rows_v1_stamp(CAST(CAST(CAST(${text} AS ${type}) AS TIMESTAMP) AS VARCHAR)), '')`;
    case 'VARCHAR':
      return `rows_v1_text(${text})`;
    default:
      return exhaustive(type);
  }
};

/** Candidates, the narrowest first, each with a test that is true if a text may be of it. */
const TESTS: readonly (readonly [Exclude<TextType, 'VARCHAR'>, Test])[] = [
  ...(Object.keys(FORMS) as NarrowType[]).map((type) => [type, (text: string) => isOfType(text, type)] as const),
  ['NUMBER', (text) => `regexp_full_match(${text}, '${NUMBER}', 'i')`],
];

const TYPES: readonly TextType[] = TESTS.map(([type]) => type);

/** Rows that are looked at first: most columns lose their candidates there, and no test of all rows is needed. */
const FIRST_ROWS = 2000;

/**
 * Types of columns of texts, by all their values and not by some of them, so that the order of the rows does not matter. A column
 * without values is of type VARCHAR.
 */
export const inferTypes = async (query: TableQuery, relation: string, names: readonly string[]): Promise<readonly TextType[]> => {
  const types: TextType[] = [];
  for (let from = 0; from < names.length; from += COLUMNS_AT_ONCE) {
    const part = names.slice(from, from + COLUMNS_AT_ONCE).map((name): Candidates => ({ name, types: TYPES }));
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
    TESTS.filter(([type]) => types.includes(type)).map(([type, test]) => `bool_and(${test(quotedName(name))}) AS t${TYPES.indexOf(type)}_${at}`),
  );
  if (asked.length === 0) return columns;
  const [row] = await query(
    `SELECT ${asked.join(', ')} FROM ${bareColumns(
      relation,
      columns.map(({ name }) => name),
    )}`,
  );
  return columns.map(({ name, types }, at) => ({ name, types: types.filter((type) => (row?.[`t${TYPES.indexOf(type)}_${at}`] ?? without) === true) }));
};
