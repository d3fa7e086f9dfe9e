import { nearest, TrainlockError } from '#base';
import type { ValueType } from '../tables/value-type.ts';

/** A table or view of DuckDB. */
export type TableRelation = {
  /** Its name as SQL takes it, quoted. It must give its rows in the order of the file each time it is read. */
  readonly relation: string;
  /** Its columns, or those that are to be looked at. */
  readonly columns: readonly RelationColumn[];
};

export type RelationColumn = { readonly name: string; readonly type: string; /** What its values are, if that is known. */ readonly value?: ValueType };

/** A column of a relation and the expression that stands for its value. */
export type Selected = { readonly expression: string };

/** A subquery with the numbers of the rows from 1 as n and the expressions as c0, c1, …: names of columns may be anything, these are not. */
export const numberedRows = ({ relation }: TableRelation, columns: readonly Selected[]): string =>
  `(SELECT ${['row_number() OVER () AS n', ...columns.map(({ expression }, i) => `${expression} AS c${i}`)].join(', ')} FROM ${relation})`;

/** The columns of a key. TL0001 with the nearest name if there is no such column. */
export const keyColumns = (table: TableRelation, key: readonly string[], where: string): readonly string[] => {
  const known = new Set(table.columns.map(({ name }) => name));
  for (const name of key) {
    if (known.has(name)) continue;
    const near = nearest(name, known);
    const names = [...known].slice(0, MOST_NAMES).join(', ');
    throw new TrainlockError('TL0001', `there is no column ${JSON.stringify(name)} in the table ${where}`, {
      ...(near === undefined ? {} : { fix: `did you mean ${JSON.stringify(near)}?` }),
      notes: [`its columns are: ${names}${known.size > MOST_NAMES ? ` and ${known.size - MOST_NAMES} more` : ''}`],
    });
  }
  return key;
};

const MOST_NAMES = 20;

/** A whole number of an answer of DuckDB. */
export const countIn = (row: Readonly<Record<string, unknown>> | undefined, name: string): number => {
  const value = row?.[name];
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
};

/** c0, c1, … */
export const columnNames = (count: number, prefix: string = ''): readonly string[] => Array.from({ length: count }, (_, i) => `${prefix}c${i}`);

/** A condition that holds if any of these columns of b and a differ; a missing value equals a missing value. */
export const anyDiffers = (count: number): string =>
  count === 0
    ? 'false'
    : columnNames(count)
        .map((column) => `b.${column} IS DISTINCT FROM a.${column}`)
        .join(' OR ');
