import { pointerToken } from '#base';
import { type Manifest, originOf } from '#manifest';
import type { CaseFacts } from './case-facts.ts';
import { type MetNeed, missing } from './met-need.ts';

const MOST_POINTERS = 20;

/** A place of the manifest: filled for every item, and as far as the record says not beside a gap. */
export const recordedNeed = (path: string, { manifest, files }: CaseFacts): MetNeed => {
  const places = placesOf(manifest, path);
  const filled = places.filter(({ isFilled }) => isFilled);
  if (filled.length === 0) return missing(`${path} is not in the record`);
  const evidence = filled.slice(0, MOST_POINTERS).map(({ pointer }) => ({ ...files.statement, pointer: `/predicate${pointer}` }));
  const gap = manifest.capture.gaps.find(({ about }) => filled.some(({ pointer }) => isAbove(about, pointer) || isAbove(pointer, about)));
  if (filled.length < places.length) return { state: 'partly', because: `${path} is recorded for ${filled.length} of ${places.length}`, evidence };
  if (gap !== undefined) return { state: 'partly', because: `${path} is recorded, and not everything was seen there: ${gap.reason}`, evidence };
  const origins = new Set(filled.map(({ pointer }) => originOf(manifest, pointer)));
  if (origins.has('imported')) return { state: 'partly', because: `${path} was imported, and not seen`, evidence };
  return origins.has('declared') ? { state: 'stated', because: `${path} is declared by a person`, evidence } : { state: 'met', because: `${path} is recorded`, evidence };
};

const isAbove = (above: string, pointer: string): boolean => pointer === above || pointer.startsWith(`${above}/`);

type Place = { readonly pointer: string; readonly isFilled: boolean };

/** The places of a path with * for the items of a list. A list without items has none; a member that is not there is one that is not filled. */
const placesOf = (manifest: Manifest, path: string): readonly Place[] => {
  let here: readonly { readonly pointer: string; readonly value: unknown }[] = [{ pointer: '', value: manifest }];
  for (const token of path.split('/').slice(1))
    here = here.flatMap(({ pointer, value }) => {
      if (token === '*') return Array.isArray(value) ? (value as readonly unknown[]).map((item, at) => ({ pointer: `${pointer}/${at}`, value: item })) : [];
      if (token === '{}') return isObject(value) ? Object.entries(value).map(([key, item]) => ({ pointer: `${pointer}/${pointerToken(key)}`, value: item })) : [];
      return [{ pointer: `${pointer}/${token}`, value: isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined }];
    });
  return here.map(({ pointer, value }) => ({ pointer, isFilled: isFilled(value) }));
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An empty list or text says nothing, and neither does a word for not knowing. */
const isFilled = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === 'unknown') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
};
