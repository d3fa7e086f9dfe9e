import { pointerKeys } from '#base';
import { makeFields } from './generated/fields.ts';

/** Class of a change in a field: what kind of cause it is. result and context are not causes. */
export type ChangeClass = 'parameter' | 'code' | 'data' | 'split' | 'seed' | 'package' | 'native' | 'threads' | 'hardware' | 'config' | 'criteria' | 'result' | 'context';

/** Classes of change that may be causes, in the order in which they are told: what usually explains a result comes first. */
export const CAUSE_CLASSES = [
  'code',
  'data',
  'split',
  'parameter',
  'seed',
  'package',
  'native',
  'threads',
  'hardware',
  'config',
  'criteria',
] as const satisfies readonly ChangeClass[];

/** Whether a change of this class may be a cause. */
export const isCauseClass = (word: ChangeClass): boolean => word !== 'result' && word !== 'context';

/** How likely a change in the field changes the result. */
export type Risk = 'high' | 'medium' | 'low';

/** What one field of the manifest means. The data are annotations of the schema. */
export type Field = {
  /** Schema path: array items are *, members of open objects {}. */
  readonly path: string;
  readonly title: string;
  readonly meaning: string;
  readonly unit?: string;
  readonly class: ChangeClass;
  readonly risk: Risk;
  /** Whether the value can be swapped in a replay. */
  readonly swap: boolean;
  /** For lists: the members that identify an item (dotted paths below the item). */
  readonly key?: readonly string[];
  /** It is still read, and not to be written any more: since which version of the schema, why, and what says it now. */
  readonly deprecated?: { readonly since: string; readonly because: string; readonly use?: string };
};

type Dictionary = { readonly fields: readonly Field[]; readonly byPath: ReadonlyMap<string, Field>; readonly members: ReadonlyMap<string, readonly string[]> };

let known: Dictionary | undefined;

/** The dictionary, made on first use and never changed. */
const dictionary = (): Dictionary => (known ??= makeDictionary(makeFields()));

const makeDictionary = (fields: readonly Field[]): Dictionary => {
  const members = new Map<string, string[]>();
  for (const { path } of fields) {
    const cut = path.lastIndexOf('/');
    const name = path.slice(cut + 1);
    if (name === '*' || name === '{}') continue;
    const above = members.get(path.slice(0, cut));
    if (above === undefined) members.set(path.slice(0, cut), [name]);
    else above.push(name);
  }
  return { fields, byPath: new Map(fields.map((field) => [field.path, field])), members };
};

export const allFields = (): readonly Field[] => dictionary().fields;

/** The field of a schema path such as /run/exit/code or /data/* /name (without the blank); undefined if there is none. */
export const fieldAt = (path: string): Field | undefined => dictionary().byPath.get(path);

/** The keys that the object at a schema path may have, in the order of the schema; empty for open objects and for what is no object. */
export const memberNames = (path: string): readonly string[] => dictionary().members.get(path) ?? [];

/** The schema path of a place in a manifest: /data/0/name becomes /data/* /name (without the blank); undefined where the schema knows nothing. */
export const schemaPathOf = (pointer: string): string | undefined => {
  let path = '';
  for (const key of pointerKeys(pointer)) {
    const next = [`${path}/${key}`, ...(/^[0-9]+$/.test(key) ? [`${path}/*`] : []), `${path}/{}`].find((candidate) => dictionary().byPath.has(candidate));
    if (next === undefined) return undefined;
    path = next;
  }
  return path;
};
