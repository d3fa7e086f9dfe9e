/** What differs between two sets of data: files, then what they say, then rows, as far as the bytes are at hand. */
import { type CompareRowsOptions, isTable } from '#content';
import { compareFiles, compareSnapshots, matchesPattern, passedOver, type Snapshot, type SnapshotDifference, type Table, tableKey, watchedPaths } from '#snapshot';
import { askStore, type Store } from '#store';
import { type AskedRows, comparisonOf, type Declaring } from './declared-data.ts';
import { differingEntries } from './data/differing-entries.ts';
import { erasureNote, lastErasure } from './data/erasure-notes.ts';
import { type DataPlace, findBoth } from './data/find-data.ts';
import { mustBeKnown } from './data/known-columns.ts';
import type { ProfileRequest } from './data/profile-data.ts';
import type { Inside } from './diff-data/look-inside.ts';

export type DiffDataRequest = DataPlace & {
  readonly storeFolder: string;
  readonly now: string;
  readonly before: string;
  readonly after: string;
  /** Compare files alone. */
  readonly filesOnly?: boolean;
  /** What trainlock.yaml says of the data, for what is not asked here. */
  readonly config: Declaring['config'];
  readonly asked: AskedRows;
};

/** How rows and columns are compared. */
export type Comparing = { readonly rows: Pick<CompareRowsOptions, 'key' | 'by' | 'values' | 'examples'>; readonly profile: ProfileRequest };

/** Throws TL0811 if something is not found, TL0306 and TL0307 if lists are missing or damaged, TL0001 if a column of the key is. */
export const diffData = (request: DiffDataRequest): Promise<SnapshotDifference> => askStore(request, (store) => diffIn(store, request));

const diffIn = async (store: Store, request: DiffDataRequest): Promise<SnapshotDifference> => {
  const { before, after, notes } = await findBoth(store, request);
  const comparing = comparisonOf([before, after], request);
  const differing = await differingEntries(store, before.snapshot.list, after.snapshot.list);
  const touched = new Set([...differing.before, ...differing.after].map(({ path }) => path));
  // Most of what reads tables is loaded only if there is one to be read.
  const inside = request.filesOnly !== true && [...touched].some(isTable) ? await import('./diff-data/look-inside.ts') : undefined;
  const erased = { before: await lastErasure(store, before.snapshot.list), after: await lastErasure(store, after.snapshot.list) };
  const looked = await inside?.lookInside(store, { before, after, touched, erased }, comparing);
  const sides = withTables({ before: before.snapshot, after: after.snapshot }, looked, touched);
  if (looked !== undefined && request.asked.label !== undefined) mustBeKnown([...(sides.before.tables ?? []), ...(sides.after.tables ?? [])], { label: request.asked.label });
  const files = compareFiles(differing.before, differing.after, {
    passedOver: passedOver(before.snapshot.list, differing.before),
    watched: watchedPaths(sides.before, sides.after),
  });
  return compareSnapshots(sides.before, sides.after, {
    files,
    rows: looked?.rows ?? [],
    sameFiles: looked?.sameFiles ?? new Set(),
    notes: [...notes, ...(['before', 'after'] as const).flatMap((side) => (erased[side] === undefined ? [] : [`${side}: ${erasureNote(erased[side])}`])), ...(looked?.notes ?? [])],
  });
};

type Documents = { readonly before: Snapshot; readonly after: Snapshot };

/**
 * The documents with the tables that were looked into now. A table of which no file differs is the same on both sides, even if only
 * one document tells of it.
 */
const withTables = (documents: Documents, looked: Inside | undefined, touched: ReadonlySet<string>): Documents => {
  const names = [...new Set([...touched, ...(looked?.names ?? [])])].filter(isTable);
  const single = new Set([...names, ...[...(looked?.before ?? []), ...(looked?.after ?? [])].map(({ path }) => path)]);
  const untouched = ({ tables = [] }: Snapshot): readonly Table[] =>
    tables.filter(({ path }) => !single.has(path) && !(path.includes('*') && names.some((one) => matchesPattern(one, path))));
  const [before, after] = [untouched(documents.before), untouched(documents.after)];
  const side = (snapshot: Snapshot, [own, other]: readonly [readonly Table[], readonly Table[]], now: readonly Table[]): Snapshot => {
    const known = new Set(own.map(tableKey));
    return { ...snapshot, tables: [...own, ...other.filter((table) => !known.has(tableKey(table))), ...now] };
  };
  return { before: side(documents.before, [before, after], looked?.before ?? []), after: side(documents.after, [after, before], looked?.after ?? []) };
};
