import { compareBytes, concatBytes, utf8 } from '#base';
import { type FileEntry, lineOfEntry, problemOfEntry } from './file-entry.ts';
import { bytesOfName } from './file-name.ts';

/** An entry as a caller has it: mode may be the permission bits in octal. */
export type FileEntryInput = Omit<FileEntry, 'mode'> & { readonly mode?: string };

/** Lines per piece that is encoded at once: one string of a whole list could be longer than a string may be. */
const PIECE = 10_000;

/**
 * The bytes of a file list: one line per file in canonical JSON, sorted by the bytes of the path, each ended by a line feed. The
 * same files give the same bytes, in whatever order they come. Of the permission bits only "executable" enters, because the
 * others depend on the umask of the machine. An entry that occurs twice is written once.
 * Throws TypeError, naming the path, for an entry that no list may hold or two entries that contradict each other.
 */
export const fileListOf = (entries: readonly FileEntryInput[]): Uint8Array => {
  const lines: string[] = [];
  let last: Uint8Array | undefined;
  for (const { entry, bytes } of sorted(entries)) {
    const problem = problemOfEntry(entry);
    if (problem !== undefined) throw new TypeError(`${entry.path}: ${problem}`);
    const line = lineOfEntry(entry);
    if (last !== undefined && compareBytes(last, bytes) === 0) {
      if (line !== lines.at(-1)) throw new TypeError(`${entry.path}: two entries with different content`);
      continue;
    }
    lines.push(line);
    last = bytes;
  }
  return encode(lines);
};

type Keyed = { readonly entry: FileEntry; readonly bytes: Uint8Array };

/** Sorted by the bytes of the path, each path encoded once. */
const sorted = (entries: readonly FileEntryInput[]): readonly Keyed[] =>
  entries.map((entry) => ({ entry: normal(entry), bytes: bytesOfName(entry) })).sort((a, b) => compareBytes(a.bytes, b.bytes));

const normal = (entry: FileEntryInput): FileEntry => ({
  path: entry.path,
  ...(entry.raw === undefined ? {} : { raw: entry.raw }),
  sha256: entry.sha256,
  size: entry.size,
  ...(isExecutable(entry.mode) ? { mode: 'x' as const } : {}),
  ...(entry.link === undefined ? {} : { link: entry.link }),
});

const isExecutable = (mode: string | undefined): boolean => mode === 'x' || (mode !== undefined && /^[0-7]+$/.test(mode) && (Number.parseInt(mode, 8) & 0o111) !== 0);

const encode = (lines: readonly string[]): Uint8Array => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < lines.length; at += PIECE) pieces.push(utf8(`${lines.slice(at, at + PIECE).join('\n')}\n`));
  return concatBytes(...pieces);
};
