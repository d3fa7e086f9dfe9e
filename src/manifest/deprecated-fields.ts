import { pointerKeys, pointerToken } from '#base';
import { allFields, type Field } from './field-dictionary.ts';
import type { Manifest } from './generated/manifest-types.ts';

/** A field of a record that is still read and not to be written any more. */
export type DeprecatedField = { readonly pointer: string } & NonNullable<Field['deprecated']>;

/** Most places that are told. */
const MOST = 100;

/** The deprecated fields that a manifest has, in the order of the schema. */
export const deprecatedFields = (manifest: Manifest): readonly DeprecatedField[] =>
  allFields()
    .flatMap(({ path, deprecated }) => (deprecated === undefined ? [] : placesOf(manifest, pointerKeys(path)).map((pointer) => ({ pointer, ...deprecated }))))
    .slice(0, MOST);

/** The places at which a value has something along a path of the schema. */
const placesOf = (value: unknown, [key, ...rest]: readonly string[], above = ''): readonly string[] => {
  if (key === undefined) return [above];
  if (typeof value !== 'object' || value === null) return [];
  const keys = key === '*' || key === '{}' ? Object.keys(value) : Object.hasOwn(value, key) ? [key] : [];
  return keys.flatMap((one) => placesOf((value as Readonly<Record<string, unknown>>)[one], rest, `${above}/${pointerToken(one)}`));
};
