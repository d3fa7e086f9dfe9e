/** One value of the result of a statement, in the one form that it has whatever database it comes from. */
export type Cell =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly text: 'true' | 'false' }
  /** A number in decimal as the database writes it; NaN, Infinity, -Infinity. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Bytes in base64. */
  | { readonly kind: 'bytes'; readonly text: string }
  /** RFC 3339: with a time zone always in UTC (Z); without one as it is, without Z. */
  | { readonly kind: 'time'; readonly text: string };

/** A column is named once: a second one of the same name gets :1, a third one :2, as SQLite does. */
export const distinctNames = (names: readonly string[]): readonly string[] => {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}:${times}`;
  });
};

/** One row as a line of JSON: names in the order of the columns, numbers as text so that none is rounded. */
export const jsonLine = (columns: readonly string[], cells: readonly Cell[]): string =>
  `{${columns.map((name, index) => `${JSON.stringify(name)}:${jsonValue(cells[index]!)}`).join(',')}}\n`;

const jsonValue = (cell: Cell): string => (cell.kind === 'null' ? 'null' : cell.kind === 'boolean' ? cell.text : JSON.stringify(cell.text.toWellFormed()));

/** Cells as a line of CSV: nothing for null, quotes for the empty text and where they are needed, LF. Source: RFC 4180 §2, but for the line end. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map((cell) => (cell.kind === 'null' ? '' : csvText(cell.text.toWellFormed()))).join(',')}\n`;

const csvText = (text: string): string => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
