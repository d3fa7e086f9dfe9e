/** One reference token of a JSON pointer. Source: RFC 6901 §3. */
export const pointerToken = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The JSON pointer of a path of keys and indexes. */
export const pointerOf = (path: readonly (string | number)[]): string => path.map((part) => `/${pointerToken(String(part))}`).join('');

/** The keys of a JSON pointer; empty for the whole document. Source: RFC 6901 §4. */
export const pointerKeys = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(pointer.startsWith('/') ? 1 : 0)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value at a JSON pointer; undefined if the document has nothing there. */
export const valueAt = (document: unknown, pointer: string): unknown => {
  let here = document;
  for (const key of pointerKeys(pointer)) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    if (Array.isArray(here) && !/^[0-9]+$/.test(key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
};
