import { countOf } from '#base';
import type { Manifest } from '#manifest';
import { type Cell, type Predictions, readPredictions } from './read-predictions.ts';

type Canary = Pick<NonNullable<Manifest['evaluation']['canary']>, 'format' | 'absoluteTolerance' | 'flips'>;

/** A value that is another one than was recorded. Rows count from 1. */
export type DifferingCell = { readonly row: number; readonly column: string; readonly recorded: string; readonly here: string };

export type PredictionFigures = {
  readonly rows: number;
  /** Rows that are decided otherwise. */
  readonly flips: number;
  /** Largest difference of a real number. */
  readonly maxAbsolute: number;
  /** The first of them. */
  readonly differing: readonly DifferingCell[];
};

/** What a model says here beside what it said when it was trained. `because` is one sentence for people. */
export type PredictionOutcome =
  | { readonly kind: 'bit'; readonly because: string }
  | ({ readonly kind: 'tolerance' | 'different'; readonly because: string } & PredictionFigures)
  /** They cannot be compared value by value, and the bytes differ. */
  | { readonly kind: 'other'; readonly because: string };

const MOST_TOLD = 5;

const SAME_BYTES: PredictionOutcome = { kind: 'bit', because: 'the same bytes as when the model was trained' };

/** Why predictions could prove nothing, whatever a model says later; undefined if they could. */
export const vainPredictions = (bytes: Uint8Array, format: Canary['format']): string | undefined => {
  if (format === 'bytes') return bytes.length === 0 ? 'there are no predictions' : undefined;
  const reading = readPredictions(bytes, format);
  return reading.kind === 'rejected' ? reading.problems[0]!.message : undefined;
};

/**
 * Compares predictions with those that were recorded. The same bytes are the same; otherwise row by row: a text, or a whole number, that is
 * another one is a decision that flipped, and so is a row of probabilities (that sum to 1) whose largest is another one; of real numbers
 * the largest difference counts. Never throws.
 */
export const comparePredictions = (recorded: Uint8Array, here: Uint8Array, canary: Canary): PredictionOutcome => {
  const isSame = recorded.length === here.length && recorded.every((byte, at) => byte === here[at]);
  if (canary.format === 'bytes')
    return recorded.length > 0 && isSame ? SAME_BYTES : { kind: 'other', because: recorded.length === 0 ? 'nothing was recorded' : 'other bytes than when the model was trained' };
  const [before, now] = [readPredictions(recorded, canary.format), readPredictions(here, canary.format)];
  if (before.kind === 'rejected') return { kind: 'other', because: `what was recorded cannot be compared: ${before.problems[0]!.message}` };
  if (isSame) return SAME_BYTES;
  if (now.kind === 'rejected') return { kind: 'other', because: `what it says here cannot be compared: ${now.problems[0]!.message}` };
  const misfit = misfitOf(before.value, now.value);
  if (misfit !== undefined) return { kind: 'other', because: misfit };
  const figures = figuresOf(before.value, now.value);
  const tolerated = figures.flips <= canary.flips && figures.maxAbsolute <= Number(canary.absoluteTolerance);
  return { kind: tolerated ? 'tolerance' : 'different', because: textOf(figures, canary), ...figures };
};

const textOf = ({ flips, rows, maxAbsolute }: PredictionFigures, canary: Canary): string =>
  `${flips} of ${countOf(rows, 'row')} decided otherwise (${canary.flips} allowed), largest difference ${maxAbsolute} (${canary.absoluteTolerance} allowed)`;

/** Names and order of columns decide which number means what. */
const misfitOf = (before: Predictions, now: Predictions): string | undefined => {
  if (before.rows.length !== now.rows.length) return `${countOf(now.rows.length, 'row')} here, ${before.rows.length} when it was trained`;
  const at = before.rows.findIndex((row, index) => !haveSameNames(row, now.rows[index]!));
  return at < 0 ? undefined : `row ${at + 1} has other columns, or in another order, than when it was trained`;
};

const haveSameNames = (a: ReadonlyMap<string, Cell>, b: ReadonlyMap<string, Cell>): boolean => {
  const names = [...b.keys()];
  return a.size === b.size && [...a.keys()].every((name, at) => name === names[at]);
};

const figuresOf = (before: Predictions, now: Predictions): PredictionFigures => {
  const differing: DifferingCell[] = [];
  let [flips, maxAbsolute] = [0, 0];
  for (const [index, row] of before.rows.entries()) {
    const other = now.rows[index]!;
    let isFlipped = hasOtherChoice(row, other);
    for (const [column, cell] of row) {
      const difference = differenceOf(cell, other.get(column)!);
      if (difference === 0) continue;
      if (difference === 'flip') isFlipped = true;
      else maxAbsolute = Math.max(maxAbsolute, difference);
      if (differing.length < MOST_TOLD) differing.push({ row: index + 1, column, recorded: shown(cell), here: shown(other.get(column)!) });
    }
    if (isFlipped) flips += 1;
  }
  return { rows: before.rows.length, flips, maxAbsolute, differing };
};

const shown = (cell: Cell): string => (cell.kind === 'text' ? cell.text.slice(0, 80) : String(cell.value));

/** 0 for the same; how far apart two reals are; a flip for anything else. */
const differenceOf = (before: Cell, now: Cell): number | 'flip' => {
  // No number is written as a text is.
  if (before.kind === 'text' || now.kind === 'text') return before.text === now.text ? 0 : 'flip';
  // Beyond 2^53 two whole numbers can be one number here: what was written decides.
  if (before.isWhole && now.isWhole && !Number.isSafeInteger(before.value)) return before.text === now.text && before.value === now.value ? 0 : 'flip';
  if (Object.is(before.value, now.value) || before.value === now.value) return 0;
  // A class that is printed as 3.0 is still a class.
  if ((before.isWhole || now.isWhole) && Number.isInteger(before.value) && Number.isInteger(now.value)) return 'flip';
  const difference = Math.abs(before.value - now.value);
  // What is not finite on one side only is no number that can be close to another.
  return Number.isNaN(difference) ? Infinity : difference;
};

const isDistribution = (row: ReadonlyMap<string, Cell>): boolean => {
  let sum = 0;
  for (const cell of row.values()) {
    if (cell.kind === 'text' || !(cell.value >= 0)) return false;
    sum += cell.value;
  }
  return Math.abs(sum - 1) < 1e-3;
};

/** Of probabilities the largest is the decision. */
const hasOtherChoice = (before: ReadonlyMap<string, Cell>, now: ReadonlyMap<string, Cell>): boolean =>
  isDistribution(before) && isDistribution(now) && largest(before) !== largest(now);

const largest = (row: ReadonlyMap<string, Cell>): string => {
  let [name, most] = ['', -1];
  for (const [column, cell] of row) if (cell.kind === 'number' && cell.value > most) [name, most] = [column, cell.value];
  return name;
};
