import { accepted, type Reading, rejected } from '#base';
import { fieldReader, type FieldValue, numberOf } from './run-fields.ts';
import type { RunRecord } from './run-record.ts';

/** Sorts by a field; a leading - turns the order round. Runs without a value come last either way; equal ones keep their order. */
export const sortRuns = (runs: readonly RunRecord[], by: string): Reading<readonly RunRecord[]> => {
  const down = by.startsWith('-');
  const read = fieldReader(down ? by.slice(1) : by);
  if (typeof read !== 'function') return rejected(read);
  return accepted([...runs].sort((a, b) => order(read(a), read(b), down)));
};

const order = (a: FieldValue, b: FieldValue, down: boolean): number => {
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const [x, y] = [numberOf(a), numberOf(b)];
  const up = x !== undefined && y !== undefined ? x - y : String(a) < String(b) ? -1 : Number(String(a) > String(b));
  return down ? -up : up;
};

/** A metric that is not a number says nothing about better or worse. */
const isMissing = (value: FieldValue): boolean => value === undefined || value === 'NaN';
