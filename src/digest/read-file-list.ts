import { accepted, fromUtf8, type Problem, type Reading, rejected } from '#base';
import { compareEntries, type FileEntry, lineOfEntry, lineProblem, problemOfEntry } from './file-entry.ts';
import { isWhole, linesOfList } from './list-lines.ts';

/** Most files of one list. */
const MAX_ENTRIES = 50_000_000;

/** Most problems that are told: behind them nothing is new. */
const MAX_PROBLEMS = 100;

/**
 * Reads a file list from untrusted bytes. Only the canonical form is accepted: known keys in order, no white space, sorted,
 * no path twice, no path that leaves the folder. Never throws; problems carry their line.
 */
export const readFileList = (bytes: Uint8Array): Reading<readonly FileEntry[]> => {
  const entries: FileEntry[] = [];
  const problems: Problem[] = [];
  let number = 0;
  for (const line of linesOfList(bytes)) {
    number += 1;
    const entry = number > MAX_ENTRIES ? `more than ${MAX_ENTRIES} files` : entryInLine(line);
    const problem = typeof entry === 'string' ? entry : orderProblem(entries.at(-1), entry);
    if (problem !== undefined) problems.push(lineProblem(number, problem));
    else if (typeof entry !== 'string') entries.push(entry);
    if (problems.length >= MAX_PROBLEMS || number > MAX_ENTRIES) break;
  }
  if (problems.length === 0 && !isWhole(bytes)) problems.push(lineProblem(number + 1, 'the last line does not end with a line feed'));
  return problems.length === 0 ? accepted(entries) : rejected(...problems);
};

/** The entry of one line, without its line feed, or what is wrong with it. The bytes are hostile. */
export const entryInLine = (line: Uint8Array): FileEntry | string => {
  const entry = entryOfLine(line);
  return typeof entry === 'string' ? entry : (problemOfEntry(entry) ?? entry);
};

const orderProblem = (before: FileEntry | undefined, entry: FileEntry): string | undefined => {
  if (before === undefined) return undefined;
  const order = compareEntries(before, entry);
  if (order < 0) return undefined;
  return order === 0 ? 'the path is named twice' : 'the paths are not sorted by their bytes';
};

/**
 * One line, or what is wrong with it. The bytes are hostile; JSON.parse alone would let duplicate and unknown keys through, so
 * the line is written again from what was read and must be the same.
 */
const entryOfLine = (bytes: Uint8Array): FileEntry | string => {
  const text = fromUtf8(bytes);
  if (text === undefined) return 'the line is not UTF-8';
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the line is not a JSON object';
  const { path, raw, sha256, size, mode, link } = value as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || typeof sha256 !== 'string' || typeof size !== 'number') return 'path, sha256 or size is missing';
  if (!isOptionalText(raw) || !isOptionalText(mode) || !isOptionalText(link)) return 'raw, mode or link is not text';
  const entry = {
    path,
    ...(raw === undefined ? {} : { raw }),
    sha256,
    size,
    ...(mode === undefined ? {} : { mode: mode as 'x' }),
    ...(link === undefined ? {} : { link }),
  };
  return lineOfEntry(entry) === text ? entry : 'the line is not in canonical form, or has keys that are not known';
};

const isOptionalText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
