import type { Column } from '#snapshot';
import { canonicalText } from './canonical-text.ts';
import { quotedName } from './sql-text.ts';
import type { TableQuery } from '../table-query.ts';
import { isNumber, isReal, isTime, type TableColumn } from './value-type.ts';

/** Figures of one column, as the statement gave them. */
export type Figures = Pick<Column, 'missing' | 'distinct' | 'min' | 'max' | 'mean' | 'standardDeviation' | 'quantiles' | 'lengths'>;

const QUANTILES = ['0.01', '0.05', '0.25', '0.5', '0.75', '0.95', '0.99'];

/** Columns that are asked about in one statement. */
const COLUMNS_AT_ONCE = 100;

/** Up to so many values at once quantiles are exact; exact ones need all values in memory. */
const MOST_EXACT_VALUES = 30_000_000;

/** Digits of means and deviations: the last ones depend on the order in which threads add. */
const DIGITS = 12;

/** NaN is no value: writers of tables use it where one is missing. */
const presence = ({ name, value }: TableColumn): string => (isReal(value) ? `CASE WHEN isnan(${quotedName(name)}) THEN NULL ELSE ${quotedName(name)} END` : quotedName(name));

/** Missing and different values of every column, in few statements. Estimates are never above what can be. */
export const countValues = async (query: TableQuery, relation: string, columns: readonly TableColumn[]): Promise<readonly Pick<Figures, 'missing' | 'distinct'>[]> =>
  inParts(columns, async (part) => {
    const asked = part.map((column, at) => `count(${presence(column)}) AS n${at}, approx_count_distinct(${presence(column)}) AS d${at}`);
    const [row] = await query(`SELECT count(*) AS rows, ${asked.join(', ')} FROM ${relation}`);
    return part.map((_, at) => {
      const present = Number(row![`n${at}`]);
      return { missing: Number(row!['rows']) - present, distinct: Math.min(present, Number(row![`d${at}`])) };
    });
  });

/** Smallest, largest and lengths of every column; columns of other kinds have none. */
export const measureRanges = async (query: TableQuery, relation: string, columns: readonly TableColumn[]): Promise<readonly Pick<Figures, 'min' | 'max' | 'lengths'>[]> =>
  inParts(columns, async (part) => {
    const asked = part.flatMap((column, at) => rangeOf(column, at));
    if (asked.length === 0) return part.map(() => ({}));
    const [row] = await query(`SELECT ${asked.join(', ')} FROM ${relation}`);
    return part.map((_, at) => {
      const [min, max, shortest] = [row![`a${at}`], row![`b${at}`], row![`s${at}`]];
      if (typeof min === 'string' && min !== '') return { min: clip(min), max: clip(max as string) };
      return shortest === undefined || shortest === null ? {} : { lengths: { min: Number(shortest), max: Number(row![`l${at}`]), mean: realText(row![`m${at}`]) ?? '0' } };
    });
  });

const rangeOf = (column: TableColumn, at: number): readonly string[] => {
  const value = presence(column);
  if (isNumber(column.value) || isTime(column.value)) return ['min', 'max'].map((name, i) => `${canonicalText(`${name}(${value})`, column.value)} AS ${'ab'[i]!}${at}`);
  if (column.value.kind !== 'text') return [];
  const length = `length(CAST(${value} AS VARCHAR))`;
  return [`min(${length}) AS s${at}`, `max(${length}) AS l${at}`, `avg(${length}) AS m${at}`];
};

/** Mean and deviation of the finite values of columns of numbers. A figure that no double holds is left out. */
export const measureMoments = async (query: TableQuery, relation: string, columns: readonly TableColumn[]): Promise<readonly Pick<Figures, 'mean' | 'standardDeviation'>[]> =>
  inParts(columns, async (part) => {
    const ask = async (asked: readonly TableColumn[]): Promise<Readonly<Record<string, unknown>>> => {
      const figures = asked.map((column, at) => `avg(${finite(column)}) AS m${at}, stddev_samp(${finite(column)}) AS s${at}`);
      return (await query(`SELECT ${figures.join(', ')} FROM ${relation}`))[0]!;
    };
    const told = (row: Readonly<Record<string, unknown>>, at: number): Pick<Figures, 'mean' | 'standardDeviation'> => {
      const [mean, deviation] = [realText(row[`m${at}`]), realText(row[`s${at}`])];
      return { ...(mean === undefined ? {} : { mean }), ...(deviation === undefined ? {} : { standardDeviation: deviation }) };
    };
    try {
      const row = await ask(part);
      return part.map((_, at) => told(row, at));
    } catch (error) {
      if (!/Out of Range/.test(String(error))) throw error;
      // One column overflows; the others have their figures.
      const rows: Pick<Figures, 'mean' | 'standardDeviation'>[] = [];
      for (const column of part)
        rows.push(
          await ask([column])
            .then((row) => told(row, 0))
            .catch(() => ({})),
        );
      return rows;
    }
  });

const finite = ({ name, value }: TableColumn): string => {
  const column = quotedName(name);
  return isReal(value) ? `CASE WHEN isfinite(${column}) THEN CAST(${column} AS DOUBLE) END` : `CAST(${column} AS DOUBLE)`;
};

/** Quantiles of columns of numbers, dates and times. Exact where the memory allows it, so that two profiles of one table agree. */
export const measureQuantiles = async (
  query: TableQuery,
  relation: string,
  { columns, rowCount }: { readonly columns: readonly TableColumn[]; readonly rowCount: number },
): Promise<readonly Pick<Figures, 'quantiles'>[]> => {
  const exact = rowCount <= MOST_EXACT_VALUES;
  const width = exact ? Math.max(1, Math.min(COLUMNS_AT_ONCE, Math.floor(MOST_EXACT_VALUES / Math.max(1, rowCount)))) : COLUMNS_AT_ONCE;
  return inParts(
    columns,
    async (part) => {
      const asked = part.map((column, at) => {
        // A time of day has no estimate.
        const method = exact || column.value.kind === 'time' ? 'quantile_disc' : 'approx_quantile';
        const list = `${method}(${presence(column)}, [${QUANTILES.join(', ')}])`;
        return `list_transform(${list}, lambda q: ${canonicalText('q', column.value)}) AS q${at}`;
      });
      const [row] = await query(`SELECT ${asked.join(', ')} FROM ${relation}`);
      return part.map((_, at) => {
        const values = row![`q${at}`] as readonly string[] | null;
        return values === null || values.includes('') ? {} : { quantiles: QUANTILES.map((share, i) => ({ at: share, value: clip(values[i]!) })) };
      });
    },
    width,
  );
};

const inParts = async <T, R>(all: readonly T[], work: (part: readonly T[]) => Promise<readonly R[]>, width: number = COLUMNS_AT_ONCE): Promise<readonly R[]> => {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += width) results.push(...(await work(all.slice(from, from + width))));
  return results;
};

/** A real of a figure as text; undefined if there is none. */
const realText = (value: unknown): string | undefined => (typeof value === 'number' && Number.isFinite(value) ? String(Number(value.toPrecision(DIGITS))) : undefined);

/** Longest value that is told. Unit: character. */
const LONGEST_VALUE = 256;

const clip = (value: string): string => value.slice(0, LONGEST_VALUE);
