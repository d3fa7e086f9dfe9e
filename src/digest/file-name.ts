import { compareBytes, concatBytes, fromBase64, toBase64, utf8 } from '#base';

/**
 * The name or path of a file. POSIX names are bytes. Where these bytes are not text that every reader of JSON accepts, `raw`
 * holds them in base64 and `path` is only for display.
 */
export type FileName = { readonly path: string; readonly raw?: string };

/** Code points that are legal in UTF-8 and forbidden in I-JSON. Source: RFC 7493 §2.1, Unicode §23.7. */
const NONCHARACTER = /[\ufdd0-\ufdef]|[\ufffe\uffff]|[\ud83f\ud87f\ud8bf\ud8ff\ud93f\ud97f\ud9bf\ud9ff\uda3f\uda7f\udabf\udaff\udb3f\udb7f\udbbf\udbff][\udffe\udfff]/;

/** The name that stands for these bytes; there is exactly one. */
export const nameOfBytes = (bytes: Uint8Array): FileName => {
  const path = decoder.decode(bytes);
  const isText = !path.includes('\ufffd') || compareBytes(utf8(path), bytes) === 0;
  if (isText && !NONCHARACTER.test(path)) return { path };
  return { path: path.replace(new RegExp(NONCHARACTER, 'g'), '\ufffd'), raw: toBase64(bytes) };
};

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes of a name. Throws TypeError if raw is not base64. */
export const bytesOfName = (name: FileName): Uint8Array => {
  if (name.raw === undefined) return utf8(name.path);
  const bytes = fromBase64(name.raw);
  if (bytes === undefined) throw new TypeError(`raw name of ${name.path} is not base64`);
  return bytes;
};

/** The name alone, of something that has more to it. */
export const nameOf = ({ path, raw }: FileName): FileName => (raw === undefined ? { path } : { path, raw });

/** A text that only this name has: names that are no text may look alike. */
export const nameKey = ({ path, raw }: FileName): string => (raw === undefined ? path : `${path}\0${raw}`);

/** The name without the folders before it. */
export const lastPartOf = (name: FileName): FileName => {
  const bytes = bytesOfName(name);
  return nameOfBytes(bytes.subarray(bytes.lastIndexOf(SLASH) + 1));
};

/** The parts of a path between its slashes, each as a name. */
export const partsOf = (name: FileName): readonly FileName[] => {
  if (name.raw === undefined) return name.path.split('/').map((path) => ({ path }));
  const bytes = bytesOfName(name);
  const parts: FileName[] = [];
  let start = 0;
  for (let end = bytes.indexOf(SLASH); end !== -1; end = bytes.indexOf(SLASH, start)) {
    parts.push(nameOfBytes(bytes.subarray(start, end)));
    start = end + 1;
  }
  return [...parts, nameOfBytes(bytes.subarray(start))];
};

/** The name of something below a folder, relative to that folder; undefined if it does not lie below it. */
export const nameBelow = (name: FileName, folder: FileName): FileName | undefined => {
  const bytes = bytesOfName(name);
  const prefix = withSlash(bytesOfName(folder));
  if (bytes.length <= prefix.length || compareBytes(bytes.subarray(0, prefix.length), prefix) !== 0) return undefined;
  return nameOfBytes(bytes.subarray(prefix.length));
};

/** The name of an entry in a folder. */
export const nameInside = (folder: FileName, entry: FileName): FileName => nameOfBytes(concatBytes(withSlash(bytesOfName(folder)), bytesOfName(entry)));

const SLASH = 0x2f;

const withSlash = (bytes: Uint8Array): Uint8Array => (bytes.at(-1) === SLASH || bytes.length === 0 ? bytes : concatBytes(bytes, Uint8Array.of(SLASH)));
