import type { TableName, TablesPairedBy } from './difference.ts';
import type { Snapshot, Table } from './generated/snapshot-types.ts';

export type TablePair = { readonly before: Table; readonly after: Table; readonly pairedBy: TablesPairedBy };

export type TablePairing = { readonly pairs: readonly TablePair[]; readonly added: readonly Table[]; readonly removed: readonly Table[] };

/** A text that stands for the name of a table. */
export const tableKey = ({ path, inner }: TableName): string => JSON.stringify([path, inner ?? null]);

/**
 * Pairs the tables of two snapshots: by path and inner name; then by equal content, for those that were renamed or stored in
 * another format; then by the path without its extension, if only one on each side is left with it.
 */
export const pairTables = (before: Pick<Snapshot, 'tables'>, after: Pick<Snapshot, 'tables'>): TablePairing => {
  let removed = before.tables ?? [];
  let added = after.tables ?? [];
  const pairs: TablePair[] = [];
  for (const [pairedBy, keyOf] of RULES) {
    const candidates = byKey(removed, keyOf);
    const rivals = byKey(added, keyOf);
    const taken = new Set<Table>();
    for (const young of added) {
      const key = keyOf(young);
      const old = key === undefined ? undefined : candidates.get(key)?.find((table) => !taken.has(table));
      if (old === undefined || (pairedBy === 'stem' && (candidates.get(key!)!.length > 1 || rivals.get(key!)!.length > 1))) continue;
      taken.add(old).add(young);
      pairs.push({ before: old, after: young, pairedBy });
    }
    removed = removed.filter((table) => !taken.has(table));
    added = added.filter((table) => !taken.has(table));
  }
  // One table here and one there: whoever compares two files means these.
  if (pairs.length === 0 && removed.length === 1 && added.length === 1) return { pairs: [{ before: removed[0]!, after: added[0]!, pairedBy: 'stem' }], added: [], removed: [] };
  return { pairs, added, removed };
};

type KeyOf = (table: Table) => string | undefined;

const RULES: readonly (readonly [TablesPairedBy, KeyOf])[] = [
  ['path', tableKey],
  ['content', ({ contentSha256 }) => contentSha256],
  ['stem', ({ path, inner }) => JSON.stringify([path.replace(/\.[^./]+$/, ''), inner ?? null])],
];

const byKey = (tables: readonly Table[], keyOf: KeyOf): ReadonlyMap<string, readonly Table[]> => {
  const groups = new Map<string, Table[]>();
  for (const table of tables) {
    const key = keyOf(table);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [table]);
    else group.push(table);
  }
  return groups;
};
