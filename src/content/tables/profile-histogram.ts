import type { Column } from '#snapshot';
import { quotedName, quotedText } from './sql-text.ts';
import type { TableQuery } from '../table-query.ts';
import { isReal, type TableColumn } from './value-type.ts';

type Histogram = NonNullable<Column['histogram']>;

const BINS = 20;

/**
 * Rows by bins of equal width between the smallest and the largest finite value; undefined if there is none, or if the width is
 * beyond doubles. A column with one value has one bin.
 */
export const histogramOf = async (query: TableQuery, relation: string, column: TableColumn): Promise<Histogram | undefined> => {
  const name = quotedName(column.name);
  const where = isReal(column.value) ? `isfinite(${name})` : `${name} IS NOT NULL`;
  const [range] = await query(`SELECT CAST(min(${name}) AS DOUBLE) AS low, CAST(max(${name}) AS DOUBLE) AS high, count(*) AS n FROM ${relation} WHERE ${where}`);
  const [low, high] = [range!['low'], range!['high']];
  if (typeof low !== 'number' || typeof high !== 'number' || !Number.isFinite(high - low)) return undefined;
  if (low === high) return { edges: [String(low), String(high)], counts: [Number(range!['n'])] };
  const width = (high - low) / BINS;
  if (width === 0) return undefined;
  const rows = await query(
    `SELECT least(${BINS - 1}, greatest(0, CAST(floor((CAST(${name} AS DOUBLE) - ${real(low)}) / ${real(width)}) AS INTEGER))) AS bin, count(*) AS n FROM ${relation} WHERE ${where} GROUP BY 1`,
  );
  const counts = Array.from({ length: BINS }, () => 0);
  for (const row of rows) counts[Number(row['bin'])] = Number(row['n']);
  const edges = Array.from({ length: BINS + 1 }, (_, at) => String(at === BINS ? high : low + at * width));
  return { edges, counts };
};

/** A double as SQL takes it: as a parameter a whole one would be taken for an integer. */
const real = (value: number): string => `CAST(${quotedText(String(value))} AS DOUBLE)`;
