import type { JsonValue } from '#base';
import { isObject, objectIn, textsIn } from './json-parts.ts';
import type { JsonObject } from './migration.ts';

/** Sections that have another name, by their name before. */
export type Renamed = Readonly<Record<string, string>>;

export const sectionOf = (pointer: string): string => pointer.slice(1).split('/')[0]!;

/** A JSON pointer or a path of one version, as another version writes it. */
export const movedPointer = (pointer: string, renamed: Renamed): string => {
  const section = sectionOf(pointer);
  return Object.hasOwn(renamed, section) ? `/${renamed[section]!}${pointer.slice(section.length + 1)}` : pointer;
};

export type Moved = {
  readonly manifest: JsonObject;
  /** How values were known at places that the version before does not have, by a name that the later one uses: they would say it of others. */
  readonly strangers: JsonObject;
};

/** A manifest points at its own places in four others: what must be understood, how values are known, gaps and findings. */
export const withMovedPointers = (manifest: JsonObject, renamed: Renamed): Moved => {
  const move = (pointer: string): string => movedPointer(pointer, renamed);
  const about = (items: JsonValue | undefined): JsonValue | undefined =>
    Array.isArray(items) ? items.map((item: JsonValue) => (isObject(item) && typeof item['about'] === 'string' ? { ...item, about: move(item['about']) } : item)) : items;
  const capture = objectIn(manifest['capture']);
  const origins = Object.entries(objectIn(capture['origins']));
  const isStranger = ([pointer]: readonly [string, JsonValue]): boolean => Object.values(renamed).includes(sectionOf(pointer));
  const moved = {
    ...(isObject(capture['origins']) ? { origins: Object.fromEntries(origins.filter((one) => !isStranger(one)).map(([pointer, origin]) => [move(pointer), origin])) } : {}),
    ...present('gaps', about(capture['gaps'])),
    ...present('findings', about(capture['findings'])),
  };
  return {
    manifest: {
      ...manifest,
      ...present('critical', textsIn(manifest['critical'], move)),
      ...(isObject(manifest['capture']) ? { capture: { ...capture, ...moved } } : {}),
    },
    strangers: Object.fromEntries(origins.filter(isStranger)),
  };
};

/** The same with how values were known at places of another version, as they stood. */
export const withOrigins = (manifest: JsonObject, origins: JsonObject): JsonObject => {
  const capture = manifest['capture'];
  return isObject(capture) && Object.keys(origins).length > 0 ? { ...manifest, capture: { ...capture, origins: { ...objectIn(capture['origins']), ...origins } } } : manifest;
};

const present = (key: string, value: JsonValue | undefined): JsonObject => (value === undefined ? {} : { [key]: value });
