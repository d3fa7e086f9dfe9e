import { type ColumnInTable, driftOf } from './column-drift.ts';
import { categoryBins, columnIndex, profiledOf } from './drift-bins.ts';
import type { Column, Table } from './generated/snapshot-types.ts';
import { movedPlaces } from './moved-places.ts';
import { familyOf } from './ordered-value.ts';
import { gradeOfIndex, indexOf, sharesOf, totalVariationOf } from './stability-index.ts';
import type { ColumnDifference, ColumnsDifference, LabelShift } from './table-difference.ts';

/** A column with its place among the columns, from 0. */
type Placed = { readonly column: Column; readonly place: number };

/** Compares the columns of two tables by name. undefined if one of the profiles lists no columns. */
export const compareColumns = (before: Table, after: Table): ColumnsDifference | undefined => {
  if (before.columns === undefined || after.columns === undefined) return undefined;
  const pairs = pairColumns(before.columns, after.columns);
  const moved = movedPlaces(pairs.shared.map(({ old }) => old.place));
  const tables = { before, after };
  const shared = pairs.shared.map(({ old, young }, i) => columnDifference({ old, young, moved: moved.has(i) }, tables));
  const label = labelShift(before, after, shared);
  return { added: pairs.added, removed: pairs.removed, shared, ...(label === undefined ? {} : { label }) };
};

type ColumnPair = { readonly old: Placed; readonly young: Placed };

const pairColumns = (before: readonly Column[], after: readonly Column[]) => {
  const gone = new Map<string, Placed>();
  for (const [place, column] of before.entries()) if (!gone.has(column.name)) gone.set(column.name, { column, place });
  const rest = new Set(before);
  const shared: ColumnPair[] = [];
  const added: Column[] = [];
  for (const [place, column] of after.entries()) {
    const same = gone.get(column.name);
    const old = same ?? renamedAt({ column: before[place], place }, column, after);
    if (old === undefined || !rest.delete(old.column)) added.push(column);
    else shared.push({ old, young: { column, place } });
  }
  return { shared, added, removed: before.filter((column) => rest.has(column)) };
};

/** The column that stood at the place of a new one, if it is gone and nothing but its name differs: only then it is obvious that it was renamed. */
const renamedAt = ({ column, place }: { readonly column: Column | undefined; readonly place: number }, young: Column, after: readonly Column[]): Placed | undefined => {
  if (column === undefined || column.type !== young.type || after.some(({ name }) => name === column.name)) return undefined;
  return saysSomething(young) && figuresOf(column) === figuresOf(young) ? { column, place } : undefined;
};

/** Whether a profile holds figures by which a column can be recognised: empty columns and counts alone are all alike. */
const saysSomething = ({ detail, mean, categories = [], quantiles = [], lengths }: Column): boolean =>
  detail !== 'off' && (mean !== undefined || categories.length > 0 || quantiles.length > 0 || lengths !== undefined);

const figuresOf = ({ name: _, ...figures }: Column): string => JSON.stringify(Object.entries(figures).toSorted(([a], [b]) => (a < b ? -1 : 1)));

type Tables = { readonly before: Table; readonly after: Table };

const columnDifference = ({ old, young, moved }: ColumnPair & { readonly moved: boolean }, tables: Tables): ColumnDifference => {
  const [before, after] = [old.column, young.column];
  return {
    name: after.name,
    ...(before.name === after.name ? {} : { renamedFrom: before.name }),
    ...(before.type === after.type ? {} : { types: { before: before.type, after: after.type, sameFamily: familyOf(before.type) === familyOf(after.type) } }),
    ...(moved ? { moved: { from: old.place + 1, to: young.place + 1 } } : {}),
    drift: driftOf(inTable(before, tables.before), inTable(after, tables.after)),
    before,
    after,
  };
};

const inTable = (column: Column, { rowCount, problem }: Table): ColumnInTable => ({ column, rowCount, ...(problem === undefined ? {} : { problem }) });

/** How the balance of the label column moved; undefined if the tables name none, not the same one, or do not show its values. */
const labelShift = (before: Table, after: Table, shared: readonly ColumnDifference[]): LabelShift | undefined => {
  const column = shared.find(({ name }) => name === (after.label ?? before.label));
  if (column === undefined || column.drift.stabilityIndex === undefined) return undefined;
  if (before.label !== undefined && after.label !== undefined && before.label !== (column.renamedFrom ?? column.name)) return undefined;
  const [old, young] = [profiledOf(column.before, before.rowCount), profiledOf(column.after, after.rowCount)];
  if (old === undefined || young === undefined) return undefined;
  const index = columnIndex(old, young);
  if (index === undefined || index.basis === 'missing') return undefined;
  if (index.basis === 'distribution') {
    const totalVariation = index.bins.reduce((sum, bin) => sum + Math.abs(bin.after - bin.before), 0) / 2;
    return { column: column.name, totalVariation, stabilityIndex: index.value, grade: gradeOfIndex(index.value), bins: index.bins };
  }
  const bins = categoryBins(column.before, column.after);
  return { column: column.name, totalVariation: totalVariationOf(bins), stabilityIndex: indexOf(bins), grade: gradeOfIndex(indexOf(bins)), bins: sharesOf(bins) };
};
