import { escapeControl, formatDuration } from '#base';
import { faint, type Line, open, strong } from './page.ts';
import { renderText } from './render-text.ts';

/** A list of runs in columns; a column is named as on the command line. */
export type RunTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | boolean | undefined)[])[] };

type Cell = RunTable['rows'][number][number];

/** Longest text of one cell. */
const MAX_CELL = 60;

/** The table for a terminal, without a last line feed. */
export const renderRunTable = (table: RunTable, colour: boolean): string =>
  renderText(
    [
      {
        kind: 'table',
        head: table.columns.map((column) => column.replace(/^(metric|param|tag)\./, '')),
        rows: table.rows.map((row) => row.map((cell, index) => lineOf(table.columns[index] ?? '', cell))),
      },
    ],
    colour,
  );

const lineOf = (column: string, cell: Cell): Line => {
  if (cell === undefined) return [faint('-')];
  const text = cut(textOf(column, cell));
  if (column === 'id') return [strong(text)];
  if (column === 'state' && cell !== 'finished') return [open(text)];
  return column === 'exit' && cell !== 0 ? [open(text)] : [text];
};

/** How a value looks best to people. */
const textOf = (column: string, cell: Exclude<Cell, undefined>): string => {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (column === 'id') return String(cell).slice(0, 8);
  if (column === 'digest' || column === 'commit') return String(cell).slice(0, 12);
  if (column === 'started' || column === 'finished') return String(cell).replace('T', ' ').slice(0, 19);
  if (column === 'duration' && typeof cell === 'number') return formatDuration(cell * 1000);
  return String(cell);
};

const cut = (text: string): string => (text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text);

/**
 * The table as CSV with a head, lines ended by CR LF. Values are exact. Text that a spreadsheet would take for a formula gets an
 * apostrophe in front; control characters are escaped.
 * Source: RFC 4180; OWASP, "CSV Injection".
 */
export const renderRunCsv = (table: RunTable): string => [table.columns, ...table.rows].map((row) => row.map(csvCell).join(',')).join('\r\n');

const csvCell = (cell: Cell): string => {
  if (cell === undefined) return '';
  const text = escapeControl(String(cell));
  const harmless = isNumber(text) || !/^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? text : `'${text}`;
  return /[",;]|^ | $/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

const isNumber = (text: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || /^-?Infinity$/.test(text);
