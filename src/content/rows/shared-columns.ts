import { familyOf } from '#snapshot';
import { quotedName } from '../tables/sql-text.ts';
import { canonicalText } from '../tables/canonical-text.ts';
import { isTime, type ValueType } from '../tables/value-type.ts';
import type { TableRelation } from './table-relation.ts';

/** A column that both tables have, with an expression on each side so that equal values are equal. */
export type SharedColumn = {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Whether the types differ. */
  readonly retyped: boolean;
};

/** The columns that both tables have, in the order of the second. Plain values of one type are compared as they are, others as canonical text. */
export const sharedColumns = (before: TableRelation, after: TableRelation): readonly SharedColumn[] => {
  const known = new Map(before.columns.map((column) => [column.name, column]));
  return after.columns.flatMap((young): readonly SharedColumn[] => {
    const old = known.get(young.name);
    if (old === undefined) return [];
    const { name } = young;
    const column = quotedName(name);
    const retyped = old.type !== young.type;
    const [inner, other] = [old.value, young.value];
    // Members may stand in another order, values of one column of JSON be of several types, and a text spell a time.
    if (inner !== undefined && other !== undefined && (NESTED.has(inner.kind) || NESTED.has(other.kind) || isTextOfTime(inner, other) || isTextOfTime(other, inner)))
      return [{ name, before: valueText(column, inner), after: valueText(column, other), retyped }];
    if (!retyped) return [{ name, before: plainValue(column, old.type), after: plainValue(column, old.type), retyped }];
    return [{ name, before: comparableText(column, old.type, young.type), after: comparableText(column, young.type, old.type), retyped }];
  });
};

const isTextOfTime = (one: ValueType, other: ValueType): boolean => one.kind === 'text' && isTime(other);

const NESTED: ReadonlySet<ValueType['kind']> = new Set(['json', 'struct', 'map', 'list']);

/** Not a number is a missing value, as it is for the libraries that write tables, and so is an empty text, which CSV cannot tell from one. */
const plainValue = (column: string, type: string): string => {
  if (type === 'DOUBLE' || type === 'FLOAT') return `CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END`;
  return type === 'VARCHAR' ? `nullif(${column}, '')` : column;
};

/** The text of a value under rows/v1. A missing value has none. */
const valueText = (column: string, type: ValueType): string => `nullif(${canonicalText(column, type)}, '')`;

/** Names that only the first table has. */
export const columnsOnlyIn = (table: TableRelation, other: TableRelation): readonly string[] => {
  const known = new Set(other.columns.map(({ name }) => name));
  return table.columns.flatMap(({ name }) => (known.has(name) ? [] : [name]));
};

/** The text of a value by which it compares with values of another type: 1 and 1.0 are 1, a date is its first microsecond. */
const comparableText = (column: string, type: string, other: string): string => {
  const [family, others] = [familyOf(type), familyOf(other)];
  if (family === 'number') return numberText(column, type);
  if (family === 'text' && others === 'number') return textOfNumbers(column);
  if (family === 'text' && others === 'truth') return `lower(CAST(${column} AS VARCHAR))`;
  if (isMoment(type) && isMoment(other)) return `CAST(${[type, other].some((one) => one.endsWith('_NS')) ? 'epoch_ns' : 'epoch_us'}(${column}) AS VARCHAR)`;
  return `CAST(${column} AS VARCHAR)`;
};

const isMoment = (type: string): boolean => /^(DATE|TIMESTAMP)/.test(type);

const numberText = (column: string, type: string): string => {
  if (type === 'NUMBER') return column;
  if (type.includes('INT')) return `CAST(${column} AS VARCHAR)`;
  if (type === 'FLOAT') return realText(`CAST(CAST(${column} AS VARCHAR) AS DOUBLE)`);
  if (!type.startsWith('DECIMAL')) return realText(column);
  return `nullif(rows_v1_number(CAST(${column} AS VARCHAR)), '')`;
};

/** The text of a real under rows/v1. A missing value has none, and NaN is one. */
const realText = (value: string): string => `nullif(rows_v1_real(${value}), '')`;

/** Text that spells a number as a program writes it becomes the text of this number; 007 stays what it is, and so does what no real holds. */
const textOfNumbers = (column: string): string => {
  const text = `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN regexp_full_match(${text}, '[1-9][0-9]*|-[1-9][0-9]*|0') THEN ${text} WHEN regexp_full_match(${text}, '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|nan|-?inf') THEN nullif(rows_v1_number(${text}), '') ELSE ${text} END`;
};
