import Papa from 'papaparse';
import { accepted, fromUtf8, type JsonValue, pointerToken, type Reading, readJson, rejected, utf8 } from '#base';
import type { Manifest } from '#manifest';

export type PredictionFormat = NonNullable<Manifest['evaluation']['canary']>['format'];

/** One value of a prediction: a number, and whether it is written as a whole one; or any text. */
export type Cell =
  /** `text` as it was written, where it is a whole number. */
  { readonly kind: 'number'; readonly value: number; readonly isWhole: boolean; readonly text?: string } | { readonly kind: 'text'; readonly text: string };

/** Rows of named cells, in the order in which they were given. */
export type Predictions = { readonly rows: readonly ReadonlyMap<string, Cell>[] };

/** Most values that are compared. */
const MOST_CELLS = 200_000;

/** Reads predictions from untrusted bytes. Never throws. */
export const readPredictions = (bytes: Uint8Array, format: Exclude<PredictionFormat, 'bytes'>): Reading<Predictions> => {
  const text = fromUtf8(bytes);
  if (text === undefined) return rejected({ pointer: '', message: 'the predictions are not UTF-8' });
  const reading = format === 'csv' ? readCsv(text) : readJsonLines(text);
  if (reading.kind === 'rejected') return reading;
  // What is empty, or not a number everywhere, is the same whatever the model does.
  const says = reading.value.rows.some((row) => [...row.values()].some((cell) => (cell.kind === 'text' ? cell.text.trim() !== '' : Number.isFinite(cell.value))));
  return says ? accepted(reading.value) : rejected({ pointer: '', message: 'there are no predictions' });
};

/** A first row in which nothing is a number names the columns; without one they are counted. */
const readCsv = (text: string): Reading<Predictions> => {
  // An empty line is a prediction that is empty; that the last line ends is none.
  const { data, errors } = Papa.parse<readonly string[]>(text.replace(/\r?\n$/, ''), { delimiter: ',' });
  const [error] = errors;
  if (error !== undefined) return rejected({ pointer: '', line: (error.row ?? 0) + 1, message: `the predictions are no CSV: ${error.message}` });
  const [first = [], ...rest] = data;
  if (rest.length === 0 && first.every((name) => cellOf(name).kind === 'text'))
    return rejected({ pointer: '', message: 'there are no predictions: one line without a number may be names alone' });
  const isHeader = first.every((name) => cellOf(name).kind === 'text');
  const names = isHeader ? first : first.map((_, at) => String(at + 1));
  if (new Set(names).size < names.length) return rejected({ pointer: '', line: 1, message: 'two columns of the predictions have one name' });
  const rows = isHeader ? rest : data;
  const ragged = rows.findIndex((row) => row.length !== names.length);
  if (ragged >= 0) return rejected({ pointer: '', message: `row ${ragged + 1} of the predictions has ${rows[ragged]!.length} values, the first ${names.length}` });
  if (rows.length * names.length > MOST_CELLS) return rejected({ pointer: '', message: TOO_MANY });
  return accepted({ rows: rows.map((row) => new Map(row.map((value, at) => [names[at]!, cellOf(value)]))) });
};

const TOO_MANY = `the predictions have more than ${MOST_CELLS} values`;

const WHOLE = /^[+-]?[0-9]+$/;
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const UNUSUAL: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
]);

const cellOf = (text: string): Cell => {
  const trimmed = text.trim();
  if (WHOLE.test(trimmed)) return { kind: 'number', value: Number(trimmed), isWhole: true, text: trimmed };
  if (NUMBER.test(trimmed)) return { kind: 'number', value: Number(trimmed), isWhole: false };
  const unusual = UNUSUAL.get(trimmed.toLowerCase());
  return unusual === undefined ? { kind: 'text', text } : { kind: 'number', value: unusual, isWhole: false };
};

const readJsonLines = (text: string): Reading<Predictions> => {
  const rows: ReadonlyMap<string, Cell>[] = [];
  let cells = 0;
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const reading = readJson(utf8(line));
    if (reading.kind === 'rejected') return rejected({ pointer: '', line: at + 1, message: `the predictions are not one JSON value per line: ${reading.problems[0]!.message}` });
    const row = new Map<string, Cell>();
    addCells(reading.value, '', row);
    cells += row.size;
    if (cells > MOST_CELLS) return rejected({ pointer: '', message: TOO_MANY });
    rows.push(row);
  }
  return accepted({ rows });
};

/** Everything in a value that holds nothing else, by its JSON pointer. The depth of the value is bounded by its reader. */
const addCells = (value: JsonValue, pointer: string, row: Map<string, Cell>): void => {
  if (typeof value === 'number') row.set(pointer, { kind: 'number', value, isWhole: Number.isInteger(value) });
  else if (typeof value !== 'object' || value === null) row.set(pointer, { kind: 'text', text: JSON.stringify(value) });
  else {
    const entries = Object.entries(value);
    if (entries.length === 0) row.set(pointer, { kind: 'text', text: Array.isArray(value) ? '[]' : '{}' });
    for (const [key, inner] of entries) addCells(inner as JsonValue, `${pointer}/${pointerToken(key)}`, row);
  }
};
