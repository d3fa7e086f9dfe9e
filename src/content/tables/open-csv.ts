import { TrainlockError } from '#base';
import { type CsvDialect, csvDialectOf } from './csv-dialect.ts';
import { bareColumns, inferTypes, isNarrow, strictValue, valueOfType } from './infer-types.ts';
import { type LinkedFiles, linkFiles } from './linked-files.ts';
import { readHead } from './read-head.ts';
import { quotedList, quotedName, quotedText } from './sql-text.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Bytes in which the first record must end. */
const HEAD_BYTES = 1024 * 1024;
/** Longest line, and the longest of the second attempt. Unit: byte. */
const LINE_BYTES = 2 * 1000 ** 2;
const LONG_LINE_BYTES = 64 * 1000 ** 2;

type Layout = { readonly header: boolean; readonly columns: readonly { readonly name: string; readonly type: string }[] };

export type LoadedCsv = {
  readonly relation: string;
  /** Columns of numbers of which not all can be held by a number of the machine: they are canonical texts. */
  readonly numbers: readonly string[];
};

type Options = { readonly delimiter: string; readonly escape: string; readonly lineBytes: number };

/**
 * Loads a table of fields and lines, once, strictly: no line is skipped, no field is filled in. With `asTexts` all values are the
 * texts that stand in the file. Gives the relation, or undefined if there is not even a header. Throws what DuckDB throws; the
 * problem in it is told by its line.
 */
export const loadCsv = async (session: TableSession, source: TableSource, asTexts: boolean): Promise<LoadedCsv | undefined> => {
  const first = source.files[0]!;
  const head = await readHead(first.path, first.name, HEAD_BYTES);
  const notText = whyNotText(head);
  if (notText !== undefined) throw new TrainlockError('TL0002', notText);
  const dialect = csvDialectOf(head.toString('utf8'), source.format);
  if (dialect === undefined) return undefined;
  const files = await linkFiles(session, source);
  try {
    return await load(session, files, { dialect, asTexts, escapes: head.includes('\\"') });
  } catch (error) {
    throw files.told(error);
  }
};

/** Why bytes are no table of fields and lines: a header with zero bytes would even reach the names of columns. */
const whyNotText = (head: Buffer): string | undefined => {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'it is UTF-16; tables of fields and lines are read as UTF-8';
  return head.includes(0) ? 'there are zero bytes in it: it is no text' : undefined;
};

type Reading = { readonly dialect: CsvDialect; readonly asTexts: boolean; readonly escapes: boolean };

/** So many columns may turn out to be of another type, each with one more reading, before all are read as texts. */
const MOST_READINGS = 6;

const load = async (session: TableSession, files: LinkedFiles, { dialect, asTexts, escapes }: Reading): Promise<LoadedCsv> => {
  const plain: Options = { delimiter: dialect.delimiter, escape: '"', lineBytes: LINE_BYTES };
  const relation = quotedName(session.newName());
  const attempt = async (options: Options): Promise<LoadedCsv> => {
    let layout = (await sniff(session, files.paths[0]!, { options, dialect })) ?? guess(dialect);
    if (asTexts) layout = allTexts(layout);
    for (let reading = 1; ; reading += 1) {
      try {
        await session.query(`CREATE TABLE ${relation} AS SELECT ${selectedOf(layout)} FROM ${readCsv(files.paths, options, layout)}`);
        return asTexts ? { relation, numbers: [] } : await typed(session, relation, layout);
      } catch (error) {
        // A type that the first rows had and a later one has not is no fault of the file.
        const other = /Could not convert string to [A-Z_ ]+ in column (\d+)/.exec(String(error))?.[1];
        // DuckDB quotes the line it stumbles over: only a column that is read as something else can have failed, and each reading has one less.
        if (other === undefined || !isNarrow(layout.columns[Number(other)]?.type ?? '')) throw error;
        layout = reading < MOST_READINGS ? withText(layout, Number(other)) : allTexts(layout);
      }
    }
  };
  try {
    return await attempt(plain);
  } catch (error) {
    if (/Maximum line size/.test(String(error))) return attempt({ ...plain, lineBytes: LONG_LINE_BYTES });
    if (!escapes || !/CSV Error/.test(String(error))) throw error;
    // Some programs write \" inside quotes; what the first attempt says is told if it is not that.
    return attempt({ ...plain, escape: '\\' }).catch(() => {
      throw error;
    });
  }
};

const withText = (layout: Layout, place: number): Layout => ({
  ...layout,
  columns: layout.columns.map(({ name, type }, at) => ({ name, type: at === place ? 'VARCHAR' : type })),
});

const allTexts = (layout: Layout): Layout => ({ ...layout, columns: layout.columns.map(({ name }) => ({ name, type: 'VARCHAR' })) });

/** Lets DuckDB tell header and types with everything else laid down; undefined if it would have to bend the rules. */
const sniff = async (session: TableSession, path: string, { options, dialect }: { readonly options: Options; readonly dialect: CsvDialect }): Promise<Layout | undefined> => {
  try {
    const [row] = await session.query(
      `SELECT HasHeader AS header, SkipRows AS skipped, list_transform(Columns, lambda c: c.name) AS names, list_transform(Columns, lambda c: c.type) AS types, DateFormat AS days, TimestampFormat AS times FROM sniff_csv(${quotedText(path)}, ${rules(options)})`,
    );
    const names = row?.['names'] as readonly string[];
    const types = row?.['types'] as readonly string[];
    if (Number(row?.['skipped']) !== 0 || names.length !== dialect.fields.length) return undefined;
    // Which number is the month DuckDB guesses: such texts are no days of ours. Yes and no, which it takes for truth values, fail as they are read.
    const isGuess = (type: string): boolean =>
      (type === 'DATE' && !['%Y-%m-%d', null].includes(row?.['days'] as string | null)) || (type.startsWith('TIMESTAMP') && row?.['times'] !== null);
    return {
      header: row?.['header'] === true,
      columns: names.map((name, at) => ({ name, type: isNarrow(types[at]!) && !isGuess(types[at]!) ? types[at]! : 'VARCHAR' })),
    };
  } catch {
    // The rest of the file may be broken; reading it says where.
    return undefined;
  }
};

/** Header and names by the first record alone: a header has no empty field and no number. */
const guess = (dialect: CsvDialect): Layout => {
  const header = dialect.fields.every((field) => field !== '' && !/^[+-]?[\d.]+([eE][+-]?\d+)?$/.test(field));
  const seen = new Map<string, number>();
  const columns = dialect.fields.map((field, at) => {
    const name = header ? field : `column${at}`;
    const before = seen.get(name.toLowerCase()) ?? 0;
    seen.set(name.toLowerCase(), before + 1);
    return { name: before === 0 ? name : `${name}_${before}`, type: 'VARCHAR' };
  });
  return { header, columns };
};

const rules = ({ delimiter, escape, lineBytes }: Options): string =>
  `delim = ${quotedText(delimiter)}, quote = '"', escape = ${quotedText(escape)}, comment = '', skip = 0, strict_mode = true, null_padding = false, ignore_errors = false, max_line_size = ${lineBytes}`;

/** All columns, read as texts and then strictly as what they are: their types were told by the first rows alone. */
const selectedOf = ({ columns }: Layout): string => {
  const strict = columns.flatMap(({ name, type }, at) => (isNarrow(type) ? [`${strictValue(quotedName(name), type, at)} AS ${quotedName(name)}`] : []));
  return strict.length === 0 ? '*' : `* REPLACE (${strict.join(', ')})`;
};

const readCsv = (paths: readonly string[], options: Options, layout: Layout): string => {
  const columns = layout.columns.map(({ name }) => `${quotedText(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quotedList(paths)}, auto_detect = false, header = ${layout.header}, columns = {${columns}}, ${rules(options)})`;
};

/** A view that gives the texts of a table the types that all of them have. */
const typed = async (session: TableSession, relation: string, { columns }: Layout): Promise<LoadedCsv> => {
  const texts = columns.flatMap(({ name, type }) => (type === 'VARCHAR' ? [name] : []));
  const types = await inferTypes(session.query, relation, texts);
  const other = texts.filter((_, at) => types[at] !== 'VARCHAR');
  const told = other.map((name) => `${valueOfType(quotedName(name), types[texts.indexOf(name)]!)} AS ${quotedName(name)}`);
  if (told.length === 0) return { relation, numbers: [] };
  const view = quotedName(session.newName());
  await session.query(`CREATE VIEW ${view} AS SELECT * REPLACE (${told.join(', ')}) FROM ${bareColumns(relation, other)}`);
  return { relation: view, numbers: texts.filter((_, at) => types[at] === 'NUMBER') };
};
