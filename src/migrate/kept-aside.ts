import type { JsonValue } from '#base';
import { isObject, objectIn, without } from './json-parts.ts';
import type { JsonObject } from './migration.ts';

/** Values by the JSON pointers at which they stood. */
export type Kept = JsonObject;

/** Whether a value that lies there is one that this step put there. */
export type Accepts = (value: JsonValue, manifest: JsonObject) => boolean;

/** How extensions were that were there, and empty: taking the last thing out of others takes them away. */
const EXTENSIONS = '/extensions';

/**
 * Keeps values for which a version has no field among the extensions, under a name of ours. Nothing that lies there is replaced, and nothing
 * of others is taken for ours: where the name is taken, the next number behind it is used, also if nothing is to be kept.
 */
export const setAside = (manifest: JsonObject, name: string, kept: Kept): JsonObject => {
  const extensions = objectIn(manifest['extensions']);
  const taken = boxesOf(name, extensions);
  if (Object.keys(kept).length + taken.length === 0) return manifest;
  const isMarked = taken.length > 0 || (manifest['extensions'] !== undefined && Object.keys(extensions).length === 0);
  return { ...manifest, extensions: { ...extensions, [boxAt(name, taken.length)]: { ...kept, ...(isMarked ? { [EXTENSIONS]: {} } : {}) } } };
};

/** Takes back what `setAside` kept last. Where one thing of it is not accepted, all of it stays where it is: then it is of others. */
export const takeBack = (manifest: JsonObject, name: string, accepts: Readonly<Record<string, Accepts>>): { readonly manifest: JsonObject; readonly kept: Kept } => {
  const extensions = objectIn(manifest['extensions']);
  const box = boxesOf(name, extensions).at(-1);
  const held = box === undefined ? undefined : extensions[box];
  const isOurs = ([pointer, value]: readonly [string, JsonValue]): boolean => pointer === EXTENSIONS || (Object.hasOwn(accepts, pointer) && accepts[pointer]!(value, manifest));
  if (box === undefined || !isObject(held) || Object.keys(held).length === 0 || !Object.entries(held).every(isOurs)) return { manifest, kept: {} };
  const others = without(extensions, [box]);
  const isGone = Object.keys(others).length === 0 && held[EXTENSIONS] === undefined;
  return { manifest: isGone ? without(manifest, ['extensions']) : { ...manifest, extensions: others }, kept: without(held, [EXTENSIONS]) };
};

const boxAt = (name: string, at: number): string => (at === 0 ? name : `${name}.${at}`);

/** The name and the numbers behind it that are taken. */
const boxesOf = (name: string, extensions: JsonObject): readonly string[] => {
  const taken: string[] = [];
  while (extensions[boxAt(name, taken.length)] !== undefined) taken.push(boxAt(name, taken.length));
  return taken;
};
