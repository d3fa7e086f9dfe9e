import { fromUtf8 } from './bytes.ts';
import { JsonReader, Malformed, type Watch } from './json-reader.ts';
import { pointerKeys } from './pointer.ts';

/**
 * Lines, from 1, at which the given places of an accepted document stand (the line of the key, for members); a place that
 * does not exist has none. Reads the text once more, whatever the number of places; meant for messages.
 */
export const linesOf = (bytes: Uint8Array, pointers: ReadonlySet<string>): ReadonlyMap<string, number> => {
  const text = fromUtf8(bytes) ?? '';
  const lines = new Map<string, number>();
  const count = lineCounter(text);
  const root: Watch = { below: new Map() };
  for (const pointer of pointers) place(root, pointer).found = (offset) => void lines.set(pointer, count(offset));
  try {
    new JsonReader(text, { maxDepth: 1000, maxKeys: Number.MAX_SAFE_INTEGER }).document(root);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  return lines;
};

const place = (root: Watch, pointer: string): Watch => {
  let here = root;
  for (const key of pointerKeys(pointer)) {
    const next: Watch = here.below.get(key) ?? { below: new Map() };
    here.below.set(key, next);
    here = next;
  }
  return here;
};

/** Line of an offset; the offsets must not fall, so that all of them together cost one pass over the text. */
const lineCounter = (text: string): ((offset: number) => number) => {
  let line = 1;
  let next = text.indexOf('\n');
  return (offset) => {
    while (next !== -1 && next < offset) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
};
