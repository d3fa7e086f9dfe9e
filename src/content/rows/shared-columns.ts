import { familyOf } from '#snapshot';
import { quotedName } from '../tables/sql-text.ts';
import type { TableRelation } from './table-relation.ts';

/** A column that both tables have, with an expression on each side so that equal values are equal. */
export type SharedColumn = {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Whether the types differ. */
  readonly retyped: boolean;
};

/** The columns that both tables have, in the order of the second. Values of one type are compared as they are, others as canonical text. */
export const sharedColumns = (before: TableRelation, after: TableRelation): readonly SharedColumn[] => {
  const types = new Map(before.columns.map(({ name, type }) => [name, type]));
  return after.columns.flatMap(({ name, type }): readonly SharedColumn[] => {
    const old = types.get(name);
    if (old === undefined) return [];
    const column = quotedName(name);
    if (old === type) return [{ name, before: column, after: column, retyped: false }];
    return [{ name, before: canonicalText(column, old, type), after: canonicalText(column, type, old), retyped: true }];
  });
};

/** Names that only the first table has. */
export const columnsOnlyIn = (table: TableRelation, other: TableRelation): readonly string[] => {
  const known = new Set(other.columns.map(({ name }) => name));
  return table.columns.flatMap(({ name }) => (known.has(name) ? [] : [name]));
};

/** The text of a value by which it compares with values of another type: 1 and 1.0 are 1, a date is its first microsecond. */
const canonicalText = (column: string, type: string, other: string): string => {
  const [family, others] = [familyOf(type), familyOf(other)];
  if (family === 'number') return numberText(column, type);
  if (family === 'text' && others === 'number') return textOfNumbers(column);
  if (family === 'text' && others === 'truth') return `lower(CAST(${column} AS VARCHAR))`;
  if (isMoment(type) && isMoment(other)) return `CAST(${[type, other].some((one) => one.endsWith('_NS')) ? 'epoch_ns' : 'epoch_us'}(${column}) AS VARCHAR)`;
  return `CAST(${column} AS VARCHAR)`;
};

const isMoment = (type: string): boolean => /^(DATE|TIMESTAMP)/.test(type);

const numberText = (column: string, type: string): string => {
  if (type.includes('INT')) return `CAST(${column} AS VARCHAR)`;
  if (type === 'FLOAT') return realText(`CAST(CAST(${column} AS VARCHAR) AS DOUBLE)`);
  if (!type.startsWith('DECIMAL')) return realText(column);
  const digits = `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN real_holds(${digits}) THEN ${realText(`CAST(${column} AS DOUBLE)`)} WHEN contains(${digits}, '.') THEN rtrim(rtrim(${digits}, '0'), '.') ELSE ${digits} END`;
};

/** The text of a real under rows/v1. A missing value has none, and NaN is one. */
const realText = (value: string): string => `nullif(rows_v1_real(${value}), '')`;

/** Text that spells a number as a program writes it becomes the text of this number; 007 stays what it is, and so does what no real holds. */
const textOfNumbers = (column: string): string => {
  const text = `CAST(${column} AS VARCHAR)`;
  return `CASE WHEN regexp_full_match(${text}, '[1-9][0-9]*|-[1-9][0-9]*|0') THEN ${text} WHEN regexp_full_match(${text}, '-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|nan|-?inf') AND real_holds(${text}) THEN ${realText(`TRY_CAST(${text} AS DOUBLE)`)} ELSE ${text} END`;
};
