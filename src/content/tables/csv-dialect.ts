import type { TableFormat } from './table-source.ts';

/** How the first record of a table of fields and lines is written. */
export type CsvDialect = {
  readonly delimiter: string;
  readonly fields: readonly string[];
};

/** The first wins where two are equally frequent. */
const DELIMITERS = [',', ';', '\t', '|'];

/**
 * Tells the delimiter by the first record alone: the rest may be broken, and a guess over many lines bends until they fit. undefined
 * if there is no record. `text` is the head of the file.
 */
export const csvDialectOf = (text: string, format: TableFormat): CsvDialect | undefined => {
  const record = firstRecord(text.replace(/^\ufeff/, ''));
  if (record === '') return undefined;
  const counts = DELIMITERS.map((delimiter) => splitRecord(record, delimiter).length);
  const delimiter = format === 'tsv' ? '\t' : DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  return { delimiter, fields: splitRecord(record, delimiter) };
};

const firstRecord = (text: string): string => {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '"') quoted = !quoted;
    else if (!quoted && (letter === '\n' || letter === '\r')) return text.slice(0, at);
  }
  return text;
};

/** Fields of one record, without their quotes. Source: RFC 4180. */
const splitRecord = (record: string, delimiter: string): readonly string[] => {
  const fields: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at <= record.length; at += 1) {
    if (record[at] === '"') quoted = !quoted;
    if (at < record.length && (quoted || record[at] !== delimiter)) continue;
    fields.push(unquoted(record.slice(from, at)));
    from = at + 1;
  }
  return fields;
};

const unquoted = (field: string): string => (field.length >= 2 && field.startsWith('"') && field.endsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
