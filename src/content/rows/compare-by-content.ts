import { compareMultisets, equalPairs } from './compare-multisets.ts';
import { type ComparedRows, numberedSides, reorderedCount, type RowTables } from './row-tables.ts';
import { countIn } from './table-relation.ts';

/** Compares rows wherever they stand: what both have is the same, what only one has was added or removed. */
export const compareByContent = async (tables: RowTables): Promise<ComparedRows> => {
  const { query, examples } = tables;
  const [sides, width] = [numberedSides(tables), tables.columns.length];
  const { examples: found, hasRepeated, isUneven, ...counts } = await compareMultisets({ query, width, examples }, sides);
  const reordered = counts.same === 0 ? 0 : countIn((await query(reorderedCount(equalPairs(sides, { width, hasRepeated }))))[0], 'reordered');
  return {
    by: { kind: 'content' },
    ...counts,
    changed: 0,
    reordered: reordered > 0 && isUneven ? undefined : reordered,
    columns: [],
    examples: [...found.removed, ...found.added],
  };
};
