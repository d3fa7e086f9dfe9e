import { escapeControl } from '#base';

/** Longest account of a problem. Unit: character. */
const LONGEST = 500;

/**
 * What went wrong while a table was read, and where, in words that hold no value of a row: DuckDB quotes the line it stumbled over.
 * `names` are the names of files by the path under which DuckDB sees them.
 */
export const readProblem = (error: unknown, names: ReadonlyMap<string, string> = new Map()): string => {
  const message = error instanceof Error ? error.message : String(error);
  const text = csvProblem(message, names) ?? jsonProblem(message, names) ?? otherProblem(message, names);
  return escapeControl(text).slice(0, LONGEST);
};

const csvProblem = (message: string, names: ReadonlyMap<string, string>): string | undefined => {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  if (line === undefined) return undefined;
  const file = /^\s*file = (.*)$/m.exec(message)?.[1];
  const name = names.size > 1 && file !== undefined ? names.get(file) : undefined;
  return `${name === undefined ? '' : `${name}, `}line ${line}: ${csvReason(message)}`;
};

const csvReason = (message: string): string => {
  // The line itself stands between these words; what it says must not be taken for a reason.
  const told = message.replace(/^Original Line:[^]*?\n(?=Expected Number|Value with|Error when|Invalid unicode|Maximum line|Possible|$)/m, '');
  const fields = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(told);
  if (fields !== null) return `${fields[2]} fields where ${fields[1]} are expected`;
  if (/unterminated quote/.test(told)) return 'a quote is not closed, or stands in the middle of a field';
  if (/Invalid unicode/.test(told)) return 'the text is not UTF-8';
  if (/Maximum line size/.test(told)) return 'the line is longer than can be read';
  const type = /Could not convert string [^]* to '([A-Z ()0-9,_]+)'/.exec(told)?.[1];
  return type === undefined ? 'the line does not follow the rules of CSV' : `a value is not of the type ${type} of its column`;
};

const jsonProblem = (message: string, names: ReadonlyMap<string, string>): string | undefined => {
  const found = /Malformed JSON in file "([^"]*)", (?:at byte \d+ )?in (?:line|record\/value) (\d+): ([a-zA-Z ,-]*)/.exec(message);
  if (found === null) return undefined;
  const name = names.size > 1 ? names.get(found[1]!) : undefined;
  // DuckDB 1.5 counts the line behind the one it means; a test watches over it.
  return `${name === undefined ? '' : `${name}, `}line ${Number(found[2]) - 1}: not JSON: ${found[3]!.trim()}`;
};

const otherProblem = (message: string, names: ReadonlyMap<string, string>): string => {
  if (/^INTERRUPT/i.test(message)) return 'the reading was stopped';
  if (message.startsWith('Out of Memory Error')) return 'there is not enough memory or disk space to read it';
  if (message.startsWith('Permission Error')) return 'it lies outside the folders that may be read';
  if (/sniffing file/.test(message)) return 'it does not look like a table of fields and lines';
  let text = message.split('\n')[0]!.replace(/^[A-Za-z ]{1,40} Error: /, '');
  for (const [path, name] of names) text = text.replaceAll(path, name);
  const known = new Set(names.values());
  // What stands in quotes may be a value.
  return text.replace(/(["'])([^"']*)\1/g, (whole, _quote, inner: string) => (known.has(inner) ? whole : '…')) || 'it cannot be read';
};
