import type { JsonValue } from '#base';
import { isObject, objectIn, textsIn } from './json-parts.ts';
import type { JsonObject } from './migration.ts';

/** Sections that have another name, by their name before. */
export type Renamed = Readonly<Record<string, string>>;

/** A JSON pointer of one version, as another version writes it. */
const movedPointer = (pointer: string, renamed: Renamed): string => {
  const [, section = '', rest = ''] = /^\/([^/]*)(.*)$/s.exec(pointer) ?? [];
  return Object.hasOwn(renamed, section) ? `/${renamed[section]!}${rest}` : pointer;
};

/** A manifest points at its own places in four others: what must be understood, how values are known, gaps and findings. */
export const withMovedPointers = (manifest: JsonObject, renamed: Renamed): JsonObject => {
  const move = (pointer: string): string => movedPointer(pointer, renamed);
  const about = (items: JsonValue | undefined): JsonValue | undefined =>
    Array.isArray(items) ? items.map((item: JsonValue) => (isObject(item) && typeof item['about'] === 'string' ? { ...item, about: move(item['about']) } : item)) : items;
  const capture = objectIn(manifest['capture']);
  const origins = capture['origins'];
  const moved = {
    ...(isObject(origins) ? { origins: Object.fromEntries(Object.entries(origins).map(([pointer, origin]) => [move(pointer), origin])) } : {}),
    ...present('gaps', about(capture['gaps'])),
    ...present('findings', about(capture['findings'])),
  };
  return {
    ...manifest,
    ...present('critical', textsIn(manifest['critical'], move)),
    ...(isObject(manifest['capture']) ? { capture: { ...capture, ...moved } } : {}),
  };
};

const present = (key: string, value: JsonValue | undefined): JsonObject => (value === undefined ? {} : { [key]: value });
