import { countOf } from '#base';
import type { ContentFinding } from '#diff';
import { maskVolatile, type RunWindow, type VolatileKind } from './volatile-tokens.ts';

/** A text of one run. */
export type RunText = {
  readonly text: string;
  readonly window: RunWindow;
  /** Paths that were elsewhere in this run, to what stands for them. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
};

export type TextOptions = {
  /** Columns of a table whose names say that they hold durations are no results. */
  readonly separator?: ',' | '\t';
  /** Several processes wrote: the order of lines is that of the scheduler. */
  readonly anyOrder?: boolean;
};

/** Longest text that is compared line by line. Unit: line. */
const MOST_LINES = 2_000_000;

/**
 * Compares two texts that are not equal byte by byte: they differ only in what a clock, a process id or an address says, or they
 * differ. Everything else must be equal, at the same place.
 */
export const compareTexts = (recorded: RunText, replayed: RunText, options: TextOptions = {}): ContentFinding => {
  const [left, right] = [recorded, replayed].map((side) => linesOf(side));
  if (left!.length > MOST_LINES || right!.length > MOST_LINES) return { kind: 'unreadable', because: `the text has more than ${MOST_LINES} lines` };
  const timed = options.separator === undefined ? new Set<number>() : timedColumns(left![0] ?? '', right![0] ?? '', options.separator);
  const masked = [
    left!.map((line) => maskLine(line, recorded.window, timed, options.separator)),
    right!.map((line) => maskLine(line, replayed.window, timed, options.separator)),
  ] as const;
  const found =
    masked[0].length === masked[1].length
      ? compareLines(left!, right!, masked)
      : { kind: 'different' as const, because: `${countOf(left!.length, 'line')} recorded, ${right!.length} in the replay` };
  if (found.kind !== 'different' || options.anyOrder !== true) return found;
  return sameLines(masked[0], masked[1]) ? { kind: 'volatile', because: 'the same lines in another order: several processes wrote them' } : found;
};

/** A column of fit or score times, as scikit-learn names them. */
const TIMED_COLUMN =
  /(?:^|_)(?:fit|score|train|test|elapsed|wall|run|cpu|predict|total)_times?(?:_(?:s|ms|sec|seconds))?$|^(?:elapsed|duration|time|runtime)(?:_(?:s|ms|sec|seconds))?$|^timestamps?$/i;

const timedColumns = (left: string, right: string, separator: string): ReadonlySet<number> =>
  left !== right || left.includes('"') ? new Set() : new Set(left.split(separator).flatMap((name, index) => (TIMED_COLUMN.test(name.trim()) ? [index] : [])));

type Line = { readonly text: string; readonly kinds: readonly VolatileKind[] };

const maskLine = (line: string, window: RunWindow, timed: ReadonlySet<number>, separator: string | undefined): Line => {
  if (timed.size === 0 || separator === undefined || line.includes('"')) return maskVolatile(line, window);
  const cells = line.split(separator);
  const rest = maskVolatile(cells.map((cell, index) => (timed.has(index) && /^[\d.eE+:-]*$/.test(cell.trim()) ? '<duration>' : cell)).join(separator), window);
  return { text: rest.text, kinds: [...new Set([...rest.kinds, 'duration' as const])] };
};

const compareLines = (left: readonly string[], right: readonly string[], masked: readonly [readonly Line[], readonly Line[]]): ContentFinding => {
  const kinds = new Set<VolatileKind>();
  let count = 0;
  for (const [index, line] of left.entries()) {
    if (line === right[index]) continue;
    const [a, b] = [masked[0][index]!, masked[1][index]!];
    if (a.text !== b.text) return { kind: 'different', because: `line ${index + 1}: "${cut(line)}" became "${cut(right[index]!)}"` };
    count += 1;
    for (const kind of a.kinds) kinds.add(kind);
  }
  if (count === 0) return { kind: 'volatile', because: 'the same text but for the redrawing of progress bars' };
  return { kind: 'volatile', because: `${countOf(count, 'line')} ${count === 1 ? 'differs' : 'differ'} only in ${[...kinds].map((kind) => WORDS[kind]).join(', ')}` };
};

const WORDS: Readonly<Record<VolatileKind, string>> = {
  clock: 'clock readings',
  duration: 'durations',
  'process id': 'process ids',
  address: 'addresses',
  'temporary path': 'temporary paths',
};

const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text);

const sameLines = (left: readonly Line[], right: readonly Line[]): boolean => {
  if (left.length !== right.length) return false;
  const [a, b] = [left, right].map((lines) => lines.map((line) => line.text).sort());
  return a!.every((text, index) => text === b![index]);
};

const linesOf = (side: RunText): readonly string[] => {
  const text = (side.moved ?? []).reduce((all, move) => all.replaceAll(move.from, move.to), side.text);
  return text.split('\n').map(lastDrawn);
};

/** A progress bar: how often it was drawn depends on the clock, what stands there at the end does not. */
const PROGRESS = /\d+%\|.*\||\b\d+(?:it|\/\d+) \[|^\s*\d+\/\d+\s/;

const lastDrawn = (line: string): string => {
  if (!line.includes('\r')) return line;
  const drawn = line
    .split('\r')
    .map((part) => part.replaceAll('\u001b[A', ''))
    .filter((part) => part.trim() !== '');
  return drawn.length > 1 && drawn.slice(0, -1).every((part) => PROGRESS.test(part)) ? drawn.at(-1)! : line;
};
