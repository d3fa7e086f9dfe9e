import { type MediaKind, mediaKindOf } from './media-kind.ts';

/** Files of one kind that are told together. */
export type MediaGroup = {
  /** Folder relative to the root; . for the root. */
  readonly path: string;
  readonly kind: MediaKind;
  /** Paths relative to the root. */
  readonly names: readonly string[];
  /** Files by the folder they lie in, if the folders stand side by side like labels. */
  readonly classes?: readonly { readonly name: string; readonly count: number }[];
};

type Folder = { readonly kind: MediaKind; readonly folder: string; readonly names: string[] };

/** Parts of a data set that stand side by side as well, but are no labels. */
const SPLIT = /^(train|training|test|testing|val|valid|validation|dev|eval|holdout)$/i;

/**
 * Groups media files by kind and folder. Two or more folders side by side, in whose parent no file of the kind lies, are the classes
 * of that parent, unless they are named like the parts of a split. Sorted by path.
 */
export const mediaGroups = (names: readonly string[]): readonly MediaGroup[] => {
  const folders = new Map<string, Folder>();
  for (const name of names) {
    const kind = mediaKindOf(name);
    if (kind === undefined) continue;
    const folder = folderOf(name);
    const key = `${kind}\0${folder}`;
    const group = folders.get(key) ?? { kind, folder, names: [] };
    group.names.push(name);
    folders.set(key, group);
  }
  const bySide = new Map<string, Folder[]>();
  for (const one of folders.values()) {
    const key = `${one.kind}\0${one.folder === '.' ? '/' : folderOf(one.folder)}`;
    const side = bySide.get(key) ?? [];
    side.push(one);
    bySide.set(key, side);
  }
  const groups: MediaGroup[] = [];
  for (const side of bySide.values()) {
    const { kind, folder } = side[0]!;
    const parent = folderOf(folder);
    const areClasses = side.length > 1 && !folders.has(`${kind}\0${parent}`) && side.some((one) => !SPLIT.test(baseOf(one.folder)));
    if (!areClasses) groups.push(...side.map((one) => ({ path: one.folder, kind, names: one.names })));
    else groups.push({ path: parent, kind, names: side.flatMap((one) => one.names), classes: classesOf(side) });
  }
  return groups.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.kind < b.kind ? -1 : 1));
};

/** Most classes that are told. Source: schema/snapshot/v0.schema.json. */
const MOST_CLASSES = 10_000;

const classesOf = (side: readonly Folder[]): NonNullable<MediaGroup['classes']> =>
  side
    .map(({ folder, names }) => ({ name: baseOf(folder), count: names.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_CLASSES);

const folderOf = (name: string): string => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '.');

const baseOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1);
