import type { DuckDBType } from '@duckdb/node-api';
import { bareColumns, inferTypes, valueOfType } from './infer-types.ts';
import { linkFiles } from './linked-files.ts';
import { quotedList, quotedName, quotedText } from './sql-text.ts';
import type { OpenRelation } from './table-engine.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Largest record of JSON lines. Unit: byte. */
const RECORD_BYTES = 64 * 1024 ** 2;

/**
 * Loads JSON lines, strictly. Types are those of all records: the order of the rows must not matter. DuckDB takes texts for days, times
 * and identifiers, and changes them; here a text is a text, and a time only where all texts of a column are written as one.
 */
export const openJsonLines = async (session: TableSession, source: TableSource): Promise<OpenRelation> => {
  const files = await linkFiles(session, source);
  try {
    const detected = await session.describe(readJson(files.paths, ALL_RECORDS));
    const columns = detected.map(({ name, type }) => ({ name, type: typeText(type, 'kept'), plain: typeText(type, 'as texts') }));
    const changed = columns.filter(({ type, plain }) => type !== plain);
    if ((await namesClash(session, files.paths, columns)) && (changed.length > 0 || columnsOfReals(detected).length > 0))
      return { ...(await load(session, readJson(files.paths, ALL_RECORDS))), merged: CLASH };
    const relation = await load(
      session,
      changed.length === 0
        ? readJson(files.paths, ALL_RECORDS)
        : readJson(files.paths, `columns = {${columns.map(({ name, plain }) => `${quotedText(name)}: ${quotedText(plain)}`).join(', ')}}`),
    );
    const texts = columns.flatMap(({ name, plain }) => (plain === 'VARCHAR' ? [name] : []));
    const merged = (await mergedWhole(session, files.paths, detected)) ?? (await mergedReal(session, files.paths, detected));
    return { relation: await withTimes(session, relation.relation, texts), ...(merged === undefined ? {} : { merged }) };
  } catch (error) {
    throw files.told(error);
  }
};

const ALL_RECORDS = 'sample_size = -1, union_by_name = true';

const CLASH = 'names of its columns differ in their case alone, and whether every value of them can be held cannot be told';

const readJson = (paths: readonly string[], options: string): string =>
  `read_json(${quotedList(paths)}, format = 'newline_delimited', ${options}, ignore_errors = false, maximum_object_size = ${RECORD_BYTES})`;

const readObjects = (paths: readonly string[]): string => `read_json_objects(${quotedList(paths)}, format = 'newline_delimited', maximum_object_size = ${RECORD_BYTES})`;

const load = async (session: TableSession, read: string): Promise<{ readonly relation: string }> => {
  const relation = quotedName(session.newName());
  await session.query(`CREATE TABLE ${relation} AS SELECT * FROM ${read}`);
  return { relation };
};

/** Types that DuckDB guesses from texts. */
const GUESSED = /^(UUID|DATE|TIME\b|TIMESTAMP)/;

/** A type as SQL takes it. */
const typeText = (type: DuckDBType, guessed: 'kept' | 'as texts'): string => {
  if (type.alias !== undefined) return type.alias;
  if ('entryTypes' in type) return `STRUCT(${type.entryNames.map((name, at) => `${quotedName(name)} ${typeText(type.entryTypes[at]!, guessed)}`).join(', ')})`;
  if ('keyType' in type) return `MAP(${typeText(type.keyType, guessed)}, ${typeText(type.valueType, guessed)})`;
  if ('valueType' in type) return `${typeText(type.valueType, guessed)}[]`;
  const text = type.toString();
  return guessed === 'as texts' && GUESSED.test(text) ? 'VARCHAR' : text;
};

/** Whether DuckDB gave a column a name that no record has, because it does not tell names apart by their case. */
const namesClash = async (session: TableSession, paths: readonly string[], columns: readonly { readonly name: string }[]): Promise<boolean> => {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  if (!columns.some(({ name }) => /_\d+$/.test(name) && names.has(name.replace(/_\d+$/, '').toLowerCase()))) return false;
  const keys = await session.query(`SELECT DISTINCT unnest(json_keys(json)) AS key FROM ${readObjects(paths)}`);
  return new Set(keys.map(({ key }) => String(key).toLowerCase())).size < keys.length;
};

/** Columns of texts as times, where all of them are written as such. */
const withTimes = async (session: TableSession, relation: string, names: readonly string[]): Promise<string> => {
  const types = await inferTypes(session.query, relation, names);
  const times = names.filter((_, at) => /^(DATE|TIMESTAMP)/.test(types[at]!));
  if (times.length === 0) return relation;
  const told = times.map((name) => `${valueOfType(quotedName(name), types[names.indexOf(name)]!)} AS ${quotedName(name)}`);
  const view = quotedName(session.newName());
  await session.query(`CREATE VIEW ${view} AS SELECT * REPLACE (${told.join(', ')}) FROM ${bareColumns(relation, times)}`);
  return view;
};

type Described = Awaited<ReturnType<TableSession['describe']>>;

/** Columns in which numbers may become reals: those of reals, and those of values of several types, which keep whole numbers of 64 bits. */
const columnsOfReals = (columns: Described): readonly { readonly name: string; readonly keepsWhole: boolean }[] =>
  columns.flatMap(({ name, type }) => {
    const text = typeText(type, 'kept');
    return /DOUBLE|JSON/.test(text) ? [{ name, keepsWhole: !text.includes('DOUBLE') }] : [];
  });

/** Longest number that is told. */
const MOST_DIGITS = 60;

const told = (number: unknown): string => String(number).slice(0, MOST_DIGITS);

/** A text of JSON without what stands inside quotes. */
const unquoted = (json: string): string => `regexp_replace(${json}, '"(\\\\.|[^"\\\\])*"', '""', 'g')`;

/** And the number is no whole one of 64 bits. */
const KEPT_WHOLE = " AND NOT (regexp_full_match(number, '-?[0-9]+') AND (try_cast(number AS BIGINT) IS NOT NULL OR try_cast(number AS UBIGINT) IS NOT NULL))";

/** DuckDB makes a column real if one of its numbers is, and then whole numbers lose what a real cannot hold. */
const mergedWhole = async (session: TableSession, paths: readonly string[], columns: Described): Promise<string | undefined> => {
  const reals = columnsOfReals(columns);
  if (reals.length === 0) return undefined;
  const read = readJson(paths, `columns = {${reals.map(({ name }) => `${quotedText(name)}: 'JSON'`).join(', ')}}`);
  for (const { name, keepsWhole } of reals) {
    const text = `CAST(${quotedName(name)} AS VARCHAR)`;
    const numbers = `regexp_extract_all(${unquoted(text)}, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')`;
    const long = `SELECT unnest(${numbers}) AS number FROM ${read} WHERE regexp_matches(${text}, '[0-9][0-9.]{15}|[eE][+-]?[0-9]{3}')`;
    const [found] = await session.query(`SELECT number FROM (${long}) WHERE NOT real_holds(number)${keepsWhole ? KEPT_WHOLE : ''} LIMIT 1`);
    if (found !== undefined) return `the column ${JSON.stringify(name)} holds reals and ${told(found['number'])}, which no real of 64 bits can be`;
  }
  return undefined;
};

/** Reals with more digits than a real has are rounded as they are read. The text of the records is looked at. */
const mergedReal = async (session: TableSession, paths: readonly string[], columns: Described): Promise<string | undefined> => {
  if (columnsOfReals(columns).length === 0) return undefined;
  const text = 'CAST(json AS VARCHAR)';
  const numbers = `regexp_extract_all(${unquoted(text)}, '-?[0-9]+([.][0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)')`;
  const long = `SELECT unnest(${numbers}) AS number FROM ${readObjects(paths)} WHERE regexp_matches(${text}, '[0-9][0-9.]{15}|[eE]-?[0-9]{3}')`;
  const [found] = await session.query(`SELECT number FROM (${long}) WHERE NOT real_holds(number) LIMIT 1`);
  return found === undefined ? undefined : `it holds the number ${told(found['number'])}, which no real of 64 bits can be`;
};
