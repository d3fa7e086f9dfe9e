/** The items of several lists that are the same thing; undefined where a list has none. */
export type ItemRow<T> = { readonly key: string; readonly items: readonly (T | undefined)[] };

/**
 * Pairs the items of lists by key, in the order of first appearance. Items of one list with the same key are told apart by
 * their order. What has no partner by key is then paired by each weaker key in turn, if that leaves no doubt: one such row per list.
 */
export const pairItems = <T>(lists: readonly (readonly T[])[], keyOf: (item: T) => string, weakKeys: readonly ((item: T) => string | undefined)[]): readonly ItemRow<T>[] => {
  const rows = new Map<string, (T | undefined)[]>();
  for (const [column, list] of lists.entries()) {
    const seen = new Map<string, number>();
    for (const item of list) {
      const name = keyOf(item);
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      const key = count === 0 ? name : `${name} #${count + 1}`;
      const row = rows.get(key) ?? lists.map(() => undefined);
      row[column] = item;
      rows.set(key, row);
    }
  }
  return weakKeys.reduce<readonly ItemRow<T>[]>(
    mergeByWeakKey,
    [...rows].map(([key, items]) => ({ key, items })),
  );
};

const mergeByWeakKey = <T>(rows: readonly ItemRow<T>[], weakKeyOf: (item: T) => string | undefined): readonly ItemRow<T>[] => {
  const groups = new Map<string, ItemRow<T>[]>();
  for (const row of rows) {
    if (row.items.every((item) => item !== undefined)) continue;
    const weak = weakKeyOf(row.items.find((item) => item !== undefined)!);
    if (weak === undefined) continue;
    const group = groups.get(weak);
    if (group === undefined) groups.set(weak, [row]);
    else group.push(row);
  }
  const merged = new Map<ItemRow<T>, ItemRow<T> | undefined>();
  for (const group of groups.values()) {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0 || !isDisjoint(group)) continue;
    merged.set(first, { key: first.key, items: first.items.map((_, column) => group.map((row) => row.items[column]).find((item) => item !== undefined)) });
    for (const other of others) merged.set(other, undefined);
  }
  return rows.flatMap((row) => (merged.has(row) ? (merged.get(row) ?? []) : row));
};

const isDisjoint = <T>(group: readonly ItemRow<T>[]): boolean => (group[0]?.items ?? []).every((_, column) => group.filter((row) => row.items[column] !== undefined).length <= 1);
