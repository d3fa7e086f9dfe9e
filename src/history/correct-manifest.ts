import { escapeControl, type JsonValue, nearest, pointerKeys, valueAt } from '#base';
import { checkManifest, fieldAt, type Manifest, originOf, schemaPathOf } from '#manifest';

/** What a field of people holds. */
export type FieldValue = string | readonly string[];

/**
 * What people say in a manifest, and may correct afterwards: schema paths. Everything else is what a recorder saw, or a promise that was
 * made before the run, such as its criteria: to correct that needs a new run. The list is closed.
 */
const CORRECTABLE: ReadonlyMap<string, 'text' | 'list'> = new Map<string, 'text' | 'list'>([
  ['/run/name', 'text'],
  ['/run/purpose', 'text'],
  ['/run/tags/{}', 'text'],
  ['/annotations/{}', 'text'],
  ['/model/name', 'text'],
  ['/model/owner', 'text'],
  ['/model/tier', 'text'],
  ['/model/intendedUse', 'text'],
  ['/model/limitations', 'list'],
  ['/randomness/why', 'text'],
  ['/randomness/procedure', 'text'],
  ['/data/*/version', 'text'],
  ['/data/*/licence', 'text'],
  ['/data/*/collectedAt', 'text'],
  ['/data/*/sampling', 'text'],
  ['/data/*/filters', 'list'],
  ['/data/*/origin/uri', 'text'],
  ['/data/*/origin/revision', 'text'],
  ['/evaluation/definitions/*/why', 'text'],
]);

/** Whether a place holds a list of texts, and not one text. */
export const isListField = (pointer: string): boolean => CORRECTABLE.get(schemaPathOf(pointer) ?? '') === 'list';

/** Why a place of a manifest may not be corrected; undefined if it may. The pointer is hostile. */
export const correctionProblem = (manifest: Manifest, pointer: string): string | undefined => {
  const path = schemaPathOf(pointer);
  const shown = escapeControl(pointer);
  if (path === undefined || path === '') {
    const near = nearest(pointer, CORRECTABLE.keys());
    return `a manifest has no place ${shown}${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  if (!CORRECTABLE.has(path)) {
    const title = fieldAt(path)?.title ?? '';
    return `${shown}${title === '' ? '' : ` (${title})`} is a fact of the run and not the word of a person: to correct it needs a new run`;
  }
  const value = valueAt(manifest, pointer);
  if (value !== undefined && originOf(manifest, pointer) === 'captured') return `${shown} was captured and not said by a person: to correct it needs a new run`;
  const missing = path.includes('/*') ? listItemAbove(pointer, path) : undefined;
  return missing !== undefined && valueAt(manifest, missing) === undefined ? `the manifest has nothing at ${escapeControl(missing)}` : undefined;
};

/** The place of the item of a list in which a place lies. */
const listItemAbove = (pointer: string, path: string): string => {
  const depth = path.split('/').lastIndexOf('*');
  return pointer
    .split('/')
    .slice(0, depth + 1)
    .join('/');
};

/** What stands at a place that may be corrected; undefined if nothing does. */
export const valueBefore = (manifest: Manifest, pointer: string): FieldValue | undefined => valueAt(manifest, pointer) as FieldValue | undefined;

export const isSameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Why a manifest with this value at a place would be none; undefined if it is one. The place must be one that may be corrected. */
export const valueProblem = (manifest: Manifest, pointer: string, after: FieldValue | undefined): string | undefined => {
  const check = checkManifest(correctManifest(manifest, pointer, after) as unknown as JsonValue);
  if (check.kind === 'accepted') return undefined;
  const [first] = check.problems;
  return `${first?.pointer ?? ''} ${first?.message ?? 'it would be of a newer version'}`;
};

/** The manifest with another value at a place, or with none; objects above it are made where they are missing. */
export const correctManifest = (manifest: Manifest, pointer: string, after: FieldValue | undefined): Manifest =>
  withValue(manifest as unknown as JsonValue, pointerKeys(pointer), after as JsonValue | undefined) as unknown as Manifest;

/** Own members only, whatever their names: a tag may be called __proto__. */
const withValue = (here: JsonValue | undefined, [key, ...rest]: readonly string[], after: JsonValue | undefined): JsonValue | undefined => {
  if (key === undefined) return after;
  if (Array.isArray(here)) return here.map((item: JsonValue, at) => (String(at) === key ? withValue(item, rest, after)! : item));
  const members = new Map<string, JsonValue>(Object.entries((here ?? {}) as Readonly<Record<string, JsonValue>>));
  const value = withValue(members.get(key), rest, after);
  if (value === undefined) members.delete(key);
  else members.set(key, value);
  return Object.fromEntries(members);
};
