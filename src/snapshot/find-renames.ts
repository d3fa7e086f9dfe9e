import type { FileEntry } from '#digest';

/** Files that are gone and files that came. */
export type Departures = {
  readonly removed: readonly FileEntry[];
  readonly added: readonly FileEntry[];
  readonly renamed: readonly { readonly from: FileEntry; readonly to: FileEntry }[];
};

/**
 * Pairs files that are gone with files that came and hold the same bytes, one to one: first those that kept the last part of
 * their path, then in the order of the paths. Empty files say nothing of each other and are never paired.
 */
export const findRenames = ({ removed, added }: Pick<Departures, 'removed' | 'added'>): Departures => {
  const gone = new Map<string, FileEntry[]>();
  for (const entry of removed) {
    if (entry.size === 0) continue;
    const alike = gone.get(contentOf(entry));
    if (alike === undefined) gone.set(contentOf(entry), [entry]);
    else alike.push(entry);
  }
  if (gone.size === 0) return { removed, added, renamed: [] };
  const partners = new Map<FileEntry, FileEntry>();
  const taken = new Set<FileEntry>();
  const pair = (to: FileEntry, from: FileEntry | undefined): void => {
    if (from === undefined) return;
    partners.set(to, from);
    taken.add(from);
  };
  const came = added.filter((entry) => gone.has(contentOf(entry)));
  const kept = new Map(removed.map((entry) => [`${contentOf(entry)} ${baseOf(entry)}`, entry]));
  for (const to of came) {
    const from = kept.get(`${contentOf(to)} ${baseOf(to)}`);
    if (from !== undefined && !taken.has(from) && from.size > 0) pair(to, from);
  }
  for (const [content, alike] of gone) gone.set(content, alike.filter((entry) => !taken.has(entry)).toReversed());
  for (const to of came) if (!partners.has(to)) pair(to, gone.get(contentOf(to))?.pop());
  return {
    removed: removed.filter((entry) => !taken.has(entry)),
    added: added.filter((entry) => !partners.has(entry)),
    renamed: added.flatMap((to) => (partners.has(to) ? [{ from: partners.get(to)!, to }] : [])),
  };
};

const contentOf = ({ sha256, size }: FileEntry): string => `${sha256} ${size}`;

const baseOf = ({ path }: FileEntry): string => path.slice(path.lastIndexOf('/') + 1);
