import { type JsonValue, pointerToken } from '#base';
import { isObject } from './json-object.ts';

/** Where two values differ, as JSON pointers, at most `most` of them. Values that are equal have none. Source: RFC 6901. */
export const differingPlaces = (a: JsonValue | undefined, b: JsonValue | undefined, most: number = 20): readonly string[] => {
  const places: string[] = [];
  collect(a, b, '', (place) => places.push(place) < most);
  return places;
};

/** False once enough was found. */
type Found = (place: string) => boolean;

const collect = (a: JsonValue | undefined, b: JsonValue | undefined, place: string, found: Found): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right]: readonly (readonly JsonValue[])[] = [a, b];
    for (let at = 0; at < Math.max(left!.length, right!.length); at += 1) if (!collect(left![at], right![at], `${place}/${at}`, found)) return false;
    return true;
  }
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) if (!collect(a[key], b[key], `${place}/${pointerToken(key)}`, found)) return false;
    return true;
  }
  return found(place);
};
