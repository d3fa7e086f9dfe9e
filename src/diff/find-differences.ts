import type { JsonValue } from '#base';
import { type ChangeClass, type Field, fieldAt, type Manifest, memberNames, type Risk, schemaPathOf } from '#manifest';
import type { Cell, Difference, EqualThing, FieldChange } from './comparison.ts';
import { hiddenReason } from './hidden-values.ts';
import { itemName, weakKeys } from './item-names.ts';
import { isObject, jsonEqual, memberAt, textAt } from './json-equal.ts';
import { pairItems } from './pair-items.ts';
import { weigh } from './relevance.ts';
import { sequenceDetail } from './sequence-detail.ts';

/** What stands at one place in each manifest; undefined where it is not recorded. */
type Values = readonly (JsonValue | undefined)[];

/** A place: its schema path, and the names of the things that hold it. */
type Place = { readonly path: string; readonly within: readonly string[]; /** Titles of the objects between a thing and its field. */ readonly inside?: string };

export type Findings = { readonly differences: readonly Difference[]; readonly equal: readonly EqualThing[] };

/**
 * Walks manifests by schema path and tells every thing that is equal and every thing that is not proven equal. A thing is an
 * item of a list with keys, an object that stands for bytes, or a single field.
 */
export const findDifferences = (manifests: readonly Manifest[]): Findings => {
  const differences: Difference[] = [];
  const equal: EqualThing[] = [];
  const walk = new Walk(manifests, differences, equal);
  walk.members({ path: '', within: [] }, manifests as unknown as Values);
  return { differences, equal };
};

const UNKNOWN: Cell = { kind: 'unknown', because: 'not recorded' };

const cellOf = (value: JsonValue | undefined): Cell => (value === undefined ? UNKNOWN : { kind: 'value', value });

const known = (values: Values): readonly JsonValue[] => values.filter((value) => value !== undefined);

const allEqual = (values: readonly JsonValue[]): boolean => values.every((value) => jsonEqual(value, values[0]));

/** Derived from other fields, or facts about the act of recording: never a cause. */
const BOOKKEEPING = new Set([
  '/randomness/unseededCount',
  '/randomness/repeatableCount',
  '/randomness/packageUnseededCount',
  '/evaluation/metrics/*/process',
  '/evaluation/verdict/because',
  '/outputs/*/before',
  '/logs/output/*/file',
  '/logs/output/*/maskings',
  '/randomness/generators/*/calls',
]);

const isContext = (field: Field | undefined): boolean =>
  field !== undefined && (field.class === 'context' || field.unit === 'RFC 3339 UTC' || field.path.startsWith('/run/usage') || BOOKKEEPING.has(field.path));

/** Objects that are one thing: they stand for bytes. */
const isUnit = (path: string): boolean => fieldAt(`${path}/sha256`) !== undefined || path === '/randomness/root' || path === '/randomness/hashSeed';

/** Items of an incomplete list that are still told one by one. */
const FEW = 3;

type Shape = 'keyed-list' | 'list' | 'map' | 'unit' | 'object' | 'leaf';

const shapeOf = (path: string): Shape => {
  if (fieldAt(`${path}/*`) !== undefined) return fieldAt(path)?.key === undefined ? 'list' : 'keyed-list';
  if (fieldAt(`${path}/{}`) !== undefined) return 'map';
  if (memberNames(path).length === 0) return 'leaf';
  return isUnit(path) ? 'unit' : 'object';
};

class Walk {
  private readonly manifests: readonly Manifest[];
  private readonly differences: Difference[];
  private readonly equal: EqualThing[];
  private readonly sameRoot: boolean;

  constructor(manifests: readonly Manifest[], differences: Difference[], equal: EqualThing[]) {
    this.manifests = manifests;
    this.differences = differences;
    this.equal = equal;
    const roots = new Set(manifests.map(({ randomness }) => randomness.root?.commitment));
    this.sameRoot = roots.size === 1 && !roots.has(undefined);
  }

  /** The members of an object, also those that this version of the schema does not know. */
  members(place: Place, values: Values): void {
    const names = new Set([...memberNames(place.path), ...values.flatMap((value) => (isObject(value) ? Object.keys(value) : []))]);
    for (const name of names)
      this.visit(
        { ...place, path: `${place.path}/${name}` },
        values.map((value) => memberAt(value, name)),
      );
  }

  private visit(place: Place, values: Values): void {
    const recorded = known(values);
    if (recorded.length === 0) return;
    if (recorded.length < values.length && allEqual(recorded)) return this.report(place, this.nameOf(place), values.map(cellOf), []);
    switch (shapeOf(place.path)) {
      case 'keyed-list':
        return this.keyedList(place, values);
      case 'map':
        return this.map(place, values);
      case 'unit':
        return this.thing(place, this.nameOf(place), values.map(cellOf));
      case 'object':
        return this.members(place, values);
      case 'list':
      case 'leaf':
        return allEqual(recorded) ? this.same(place, this.nameOf(place)) : this.report(place, this.nameOf(place), values.map(cellOf), []);
    }
  }

  private keyedList(place: Place, values: Values): void {
    const key = fieldAt(place.path)?.key ?? [];
    const lists = values.map((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : []));
    const rows = pairItems(lists, (item) => JSON.stringify(key.map((member) => memberAt(item, member) ?? null)), weakKeys(place.path));
    const cellRows = rows.map(({ items }) => items.map((item, column): Cell => (item === undefined ? this.missing(place.path, values, column) : { kind: 'value', value: item })));
    const open = new Set(cellRows.filter((cells) => cells.some((cell) => cell.kind === 'unknown')));
    if (open.size > FEW) this.reportMany(place, [...open]);
    for (const [i, cells] of cellRows.entries()) {
      if (open.size > FEW && open.has(cells)) continue;
      const some = rows[i]!.items.find((item) => item !== undefined)!;
      this.thing({ path: `${place.path}/*`, within: place.within }, [...place.within, itemName(place.path, some, key)].join(' › '), cells);
    }
  }

  /** A list that may be incomplete in some manifests: its items there are told once, not one by one. */
  private reportMany(place: Place, rows: readonly (readonly Cell[])[]): void {
    const cells = this.manifests.map(
      (_, column): Cell => rows.map((cells) => cells[column]!).find((cell) => cell.kind === 'unknown') ?? { kind: 'value', value: `${rows.length} entries` },
    );
    this.report(place, this.nameOf(place), cells, []);
  }

  /** Why a list lacks an item: it has none, the list is not recorded, or the record itself says that the list may be incomplete. */
  private missing(listPath: string, lists: Values, column: number): Cell {
    if (lists[column] === undefined) return UNKNOWN;
    const gap = this.manifests[column]?.capture.gaps.find(({ about }) => about !== '' && listPath.startsWith(schemaPathOf(about) ?? '?'));
    return gap === undefined ? { kind: 'absent' } : { kind: 'unknown', because: `the list may be incomplete: ${gap.reason}` };
  }

  private map(place: Place, values: Values): void {
    const keys = new Set(values.flatMap((value) => (isObject(value) ? Object.keys(value) : [])));
    const path = `${place.path}/{}`;
    for (const key of keys) {
      const inner = values.map((value) => (isObject(value) ? value[key] : undefined));
      if (shapeOf(path) === 'map') this.map({ path, within: [...place.within, key] }, inner);
      else {
        const label = [...place.within, key].join(' › ');
        const cells = inner.map((value, column): Cell => (value === undefined && values[column] !== undefined ? { kind: 'absent' } : cellOf(value)));
        if (cells.every((cell) => cell.kind === 'value') && allEqual(known(inner))) this.same({ path, within: place.within }, label);
        else this.report({ path, within: place.within }, label, cells, []);
      }
    }
  }

  /** An item or an object that is one thing: its own fields are its changes, lists with keys inside it are things of their own. */
  private thing(place: Place, label: string, cells: readonly Cell[]): void {
    const items = cells.map((cell) => (cell.kind === 'value' ? cell.value : undefined));
    const present = known(items);
    const hidden = present.map((item) => hiddenReason(place.path, item, { sameRoot: this.sameRoot }));
    const changes: FieldChange[] = [];
    if (present.length > 1) this.changesOf({ path: place.path, within: [label] }, cells, changes);
    if (present.length === cells.length && isSameBuild(place.path, present)) for (const [i, change] of changes.entries()) changes[i] = { ...change, context: true };
    const differs = present.length < cells.length || changes.some((change) => !change.context);
    if (!differs && hidden.some((reason) => reason !== undefined))
      return this.report(
        place,
        label,
        hidden.map((because, column): Cell => (because === undefined ? cells[column]! : { kind: 'unknown', because, of: present[column]! })),
        changes,
      );
    if (differs || changes.length > 0) return this.report(place, label, cells, changes);
    this.same(place, label);
  }

  private changesOf(place: Place, cells: readonly Cell[], out: FieldChange[]): void {
    const values = cells.map((cell) => (cell.kind === 'value' ? cell.value : undefined));
    if (!values.every((value) => value === undefined || isObject(value))) return this.changeOf(place, cells, out);
    const names = new Set([...memberNames(place.path), ...values.flatMap((value) => (isObject(value) ? Object.keys(value) : []))]);
    for (const name of names) {
      const path = `${place.path}/${name}`;
      const inner = cells.map((cell): Cell => (cell.kind === 'value' ? cellOf(memberAt(cell.value, name)) : cell));
      const recorded = known(inner.map((cell) => (cell.kind === 'value' ? cell.value : undefined)));
      if (recorded.length === 0) continue;
      const shape = shapeOf(path);
      if (shape === 'keyed-list')
        this.visit(
          { path, within: place.within },
          inner.map((cell) => (cell.kind === 'value' ? cell.value : undefined)),
        );
      else if (recorded.length === inner.length && allEqual(recorded)) continue;
      else if ((shape === 'object' || shape === 'unit') && recorded.length > 1) this.changesOf({ ...place, path, inside: `${titleOf(path)} ` }, inner, out);
      else this.changeOf({ ...place, path }, inner, out);
    }
  }

  private changeOf(place: Place, cells: readonly Cell[], out: FieldChange[]): void {
    const field = fieldAt(place.path);
    out.push({
      path: place.path,
      title: `${place.inside ?? ''}${titleOf(place.path)}`,
      ...(field?.unit === undefined ? {} : { unit: field.unit }),
      cells,
      context: isContext(field),
    });
  }

  private nameOf(place: Place): string {
    return [...place.within, ...titlesOf(place)].join(' › ');
  }

  private same(place: Place, label: string): void {
    this.equal.push({ path: place.path, label, class: isContext(fieldAt(place.path)) ? 'context' : (fieldAt(place.path)?.class ?? 'context') });
  }

  private report(place: Place, label: string, cells: readonly Cell[], changes: readonly FieldChange[]): void {
    const field = fieldAt(place.path);
    const strongest = strongestField(field, changes);
    const items = cells.map((cell) => (cell.kind === 'value' ? cell.value : undefined));
    const weight = weigh(strongest.risk, place.path, items, this.manifests);
    const parent = fieldAt(place.path.replace(/\/(\*|\{\})$/, ''));
    this.differences.push({
      path: place.path,
      label,
      title: field?.title === undefined || field.title === '' ? (parent?.title ?? '') : field.title,
      class: strongest.class,
      risk: weight.risk,
      score: weight.score,
      swap: field?.swap ?? false,
      kind: kindOf(cells, changes),
      cells,
      changes,
      details: sequenceDetail(cells),
    });
  }
}

/** What people call a field; the name of its member where the schema has no title. */
const titleOf = (path: string): string => fieldAt(path)?.title || path.slice(path.lastIndexOf('/') + 1);

/** Titles of a field and of the objects that hold it, below the section or the thing it belongs to. */
const titlesOf = ({ path, within }: Place): readonly string[] => {
  if (path === '/randomness/root') return ['Entropy root'];
  const parts = path.split('/').slice(1);
  const from = within.length > 0 ? parts.length - 1 : Math.min(1, parts.length - 1);
  return parts.slice(from).map((part, i) => fieldAt(`/${parts.slice(0, from + i + 1).join('/')}`)?.title || part);
};

/** A shared library is what its build id says: where it lies and which package claims it are no causes. */
const isSameBuild = (path: string, items: readonly JsonValue[]): boolean =>
  path === '/dependencies/native/*' &&
  ['buildId', 'sha256'].some((member) => textAt(items[0], member) !== '' && items.every((item) => textAt(item, member) === textAt(items[0], member)));

const RISKS: readonly Risk[] = ['low', 'medium', 'high'];

/** Class and risk of the change that matters most; context only if nothing else changed. A field that the schema does not know is taken as configuration. */
const strongestField = (own: Field | undefined, changes: readonly FieldChange[]): { readonly class: ChangeClass; readonly risk: Risk } => {
  if (own === undefined && changes.length === 0) return { class: 'config', risk: 'low' };
  const fields = changes.filter((change) => !change.context).flatMap((change) => fieldAt(change.path) ?? []);
  if (changes.length > 0 && fields.length === 0 && changes.every((change) => change.context)) return { class: 'context', risk: 'low' };
  const candidates = fields.length > 0 ? fields : own === undefined ? [] : [own];
  const best = candidates.reduce<Field | undefined>((a, b) => (a === undefined || RISKS.indexOf(b.risk) > RISKS.indexOf(a.risk) ? b : a), undefined);
  if (best === undefined) return { class: 'config', risk: 'low' };
  return { class: isContext(best) ? 'context' : best.class, risk: best.risk };
};

const kindOf = (cells: readonly Cell[], changes: readonly FieldChange[]): Difference['kind'] => {
  const definite = changes.filter((change) => !change.context).some((change) => !allEqual(known(change.cells.map((cell) => (cell.kind === 'value' ? cell.value : undefined)))));
  if (definite) return 'changed';
  if (changes.length === 0 && !allEqual(known(cells.map((cell) => (cell.kind === 'value' ? cell.value : undefined))))) return 'changed';
  if (cells.some((cell) => cell.kind === 'absent')) return 'only-in';
  return changes.length > 0 && changes.every((change) => change.context) && cells.every((cell) => cell.kind === 'value') ? 'changed' : 'unknown';
};
