import { TrainlockError } from '#base';
import type { Overlap, PairOverlap, PartRepeats } from '#snapshot';
import type { TableQuery } from '../table-query.ts';
import { findNearDuplicates, type NearOptions, type Part } from './find-near-duplicates.ts';
import { sharedColumns } from './shared-columns.ts';
import { quotedName } from '../tables/sql-text.ts';
import { columnNames, countIn, keyColumns, numberedRows } from './table-relation.ts';

export type OverlapOptions = {
  /** Columns that name a row or a group, as a patient. Without them rows are the same if all columns that two parts share are equal. */
  readonly key?: readonly string[];
  /** Most examples for each pair of parts. Default: 20. */
  readonly examples?: number;
  /** Looks for texts that are nearly the same. Default: no. */
  readonly near?: NearOptions;
};

const EXAMPLES = 20;

/**
 * What the parts of a data set have in common, pair by pair, and what stands twice inside a part. TL0001 if a column of the key
 * is missing, or two parts have no column in common.
 */
export const findOverlap = async (query: TableQuery, parts: readonly Part[], options: OverlapOptions = {}): Promise<Overlap> => {
  const key = options.key ?? [];
  for (const { name, table } of parts) keyColumns(table, key, name);
  const repeats: PartRepeats[] = [];
  for (const part of parts) repeats.push(await repeatsOf(query, part, key));
  const pairs: PairOverlap[] = [];
  for (const [i, left] of parts.entries()) {
    for (const [j, right] of parts.entries()) {
      if (j > i) pairs.push(await pairOverlap(query, { left, right, totals: [repeats[i]!.rowCount, repeats[j]!.rowCount] }, options));
    }
  }
  return {
    by: key.length === 0 ? { kind: 'row' } : { kind: 'key', columns: key },
    parts: repeats,
    pairs,
    ...(options.near === undefined ? {} : { near: await findNearDuplicates(query, parts, options.near) }),
  };
};

const repeatsOf = async (query: TableQuery, { name, table }: Part, key: readonly string[]): Promise<PartRepeats> => {
  const columns = (key.length === 0 ? table.columns.map((column) => column.name) : key).map((column) => ({ expression: quotedName(column) }));
  const names = columnNames(columns.length);
  const rows = numberedRows(table, columns);
  const groups = `SELECT count(*) AS k FROM ${rows} ${key.length === 0 ? '' : `WHERE ${isWhole(names)}`} GROUP BY ${names.join(', ')} HAVING k > 1`;
  const [answer] = await query(`SELECT count(*) AS repeated, sum(k - 1) AS surplus FROM (${groups})`);
  const [totals] = await query(`SELECT count(*) AS rows, ${key.length === 0 ? '0' : `count(*) FILTER (NOT (${isWhole(names)}))`} AS without_key FROM ${rows}`);
  return {
    part: name,
    rowCount: countIn(totals, 'rows'),
    repeated: countIn(answer, 'repeated'),
    surplus: countIn(answer, 'surplus'),
    withoutKey: countIn(totals, 'without_key'),
  };
};

/** A condition that holds for rows with a value in each of these columns. */
const isWhole = (names: readonly string[]): string => names.map((name) => `${name} IS NOT NULL`).join(' AND ');

type PartPair = { readonly left: Part; readonly right: Part; readonly totals: readonly [number, number] };

const pairOverlap = async (query: TableQuery, { left, right, totals }: PartPair, { key = [], examples = EXAMPLES }: OverlapOptions): Promise<PairOverlap> => {
  const shared = sharedColumns(left.table, right.table).filter(({ name }) => key.length === 0 || key.includes(name));
  if (shared.length === 0) throw new TrainlockError('TL0001', `the parts ${left.name} and ${right.name} have no column in common`);
  const names = columnNames(shared.length);
  const sides = [
    `SELECT 0 AS s, * FROM ${numberedRows(
      left.table,
      shared.map(({ before }) => ({ expression: before })),
    )}`,
    `SELECT 1 AS s, * FROM ${numberedRows(
      right.table,
      shared.map(({ after }) => ({ expression: after })),
    )}`,
  ];
  const counts = 'count(*) FILTER (s = 0) AS l, count(*) FILTER (s = 1) AS r, min(n) FILTER (s = 0) AS fl, min(n) FILTER (s = 1) AS fr';
  const groups = `SELECT ${counts} FROM (${sides.join(' UNION ALL ')}) ${key.length === 0 ? '' : `WHERE ${isWhole(names)}`} GROUP BY ${names.join(', ')} HAVING l > 0 AND r > 0`;
  const [answer] = await query(`SELECT count(*) AS shared, sum(l) AS l, sum(r) AS r FROM (${groups})`);
  const rows = [countIn(answer, 'l'), countIn(answer, 'r')] as const;
  const found = countIn(answer, 'shared') === 0 ? [] : await query(`SELECT fl, fr FROM (${groups}) ORDER BY fl LIMIT ${examples}`);
  return {
    parts: [left.name, right.name],
    shared: countIn(answer, 'shared'),
    rows,
    shares: [totals[0] === 0 ? 0 : rows[0] / totals[0], totals[1] === 0 ? 0 : rows[1] / totals[1]],
    examples: found.map((row) => ({ rows: [countIn(row, 'fl'), countIn(row, 'fr')] })),
    columns: shared.map(({ name }) => name),
  };
};
