import { type FileEntry, nameOf } from '#digest';
import type { FileAspect, FilesDifference, ListedFile, Tally } from './files-difference.ts';
import { type Departures, findRenames } from './find-renames.ts';

type MutableTally = { -readonly [K in keyof Tally]: Tally[K] };

/** No files yet. */
const emptyTally = (): MutableTally => ({ count: 0, sizeBytes: 0 });

/** Counts a file. */
export const count = (tally: MutableTally, sizeBytes: number): void => {
  tally.count += 1;
  tally.sizeBytes += sizeBytes;
};

/** What differs between two files of one name. */
export const aspectsOf = (old: FileEntry, young: FileEntry): readonly FileAspect[] => [
  ...(old.sha256 === young.sha256 && old.size === young.size ? [] : (['content'] as const)),
  ...(old.mode === young.mode ? [] : (['mode'] as const)),
  ...(old.link === young.link ? [] : (['link'] as const)),
];

type Departed = Pick<FilesDifference, 'added' | 'removed' | 'renamed' | 'renameSearch'> & {
  /** All renamed files: what they are called now, and what they were called. */
  readonly renames: ReadonlyMap<string, string>;
};

/** Remembers files that came or went, up to a limit, and counts them all. */
export const makeDepartures = (limit: number, most: number) => {
  const sides = { removed: emptyTally(), added: emptyTally() };
  const first = { removed: [] as FileEntry[], added: [] as FileEntry[] };
  let held: { readonly removed: FileEntry[]; readonly added: FileEntry[] } | undefined = { removed: [], added: [] };
  const see = (old: FileEntry | undefined, young: FileEntry | undefined): void => {
    const side = old === undefined ? 'added' : 'removed';
    const entry = (old ?? young)!;
    count(sides[side], entry.size);
    if (first[side].length < most) first[side].push(entry);
    held?.[side].push(entry);
    if (held !== undefined && held.removed.length + held.added.length > limit) held = undefined;
  };
  const result = (): Departed => {
    if (held !== undefined) {
      const found = findRenames(held);
      return { ...summaryOf(found, most), renameSearch: 'done', renames: new Map(found.renamed.map(({ from, to }) => [to.path, from.path])) };
    }
    return {
      added: { ...sides.added, examples: first.added.map(listed) },
      removed: { ...sides.removed, examples: first.removed.map(listed) },
      renamed: { ...emptyTally(), examples: [] },
      renameSearch: 'too-many',
      renames: new Map(),
    };
  };
  return { see, result };
};

const listed = (entry: FileEntry): ListedFile => ({ ...nameOf(entry), sizeBytes: entry.size });

const tallyOf = (files: readonly { readonly sizeBytes: number }[]): Tally => ({ count: files.length, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) });

const summaryOf = ({ removed, added, renamed }: Departures, most: number): Pick<FilesDifference, 'added' | 'removed' | 'renamed'> => {
  const sides = { added: added.map(listed), removed: removed.map(listed) };
  const renames = renamed.map(({ from, to }) => ({ from: nameOf(from), to: nameOf(to), sizeBytes: to.size, also: aspectsOf(from, to) }));
  return {
    added: { ...tallyOf(sides.added), examples: sides.added.slice(0, most) },
    removed: { ...tallyOf(sides.removed), examples: sides.removed.slice(0, most) },
    renamed: { ...tallyOf(renames), examples: renames.slice(0, most) },
  };
};
