import { linkFiles } from './linked-files.ts';
import { quotedList, quotedName, quotedText } from './sql-text.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Largest record of JSON lines. Unit: byte. */
const RECORD_BYTES = 64 * 1024 ** 2;

export type OpenRelation = {
  readonly relation: string;
  /** Why values that differ in the file may be equal here; absent if none are. */
  readonly merged?: string;
};

/** Loads JSON lines, strictly. Types are those of all records: the order of the rows must not matter. */
export const openJsonLines = async (session: TableSession, source: TableSource): Promise<OpenRelation> => {
  const files = await linkFiles(session, source);
  const relation = quotedName(session.newName());
  try {
    await session.query(
      `CREATE TABLE ${relation} AS SELECT * FROM read_json(${quotedList(files.paths)}, format = 'newline_delimited', sample_size = -1, union_by_name = true, ignore_errors = false, maximum_object_size = ${RECORD_BYTES})`,
    );
    const merged = await mergedNumber(session, files.paths, await session.describe(relation));
    return merged === undefined ? { relation } : { relation, merged };
  } catch (error) {
    throw files.told(error);
  }
};

/**
 * DuckDB makes a column real if one of its numbers is, and then whole numbers lose what a real cannot hold. Reals of JSON are of 64
 * bits for all its readers. Source: RFC 7493, 2.2.
 */
const mergedNumber = async (session: TableSession, paths: readonly string[], columns: Described): Promise<string | undefined> => {
  const reals = columns.filter(({ type }) => type.toString().includes('DOUBLE')).map(({ name }) => name);
  if (reals.length === 0) return undefined;
  const read = `read_json(${quotedList(paths)}, format = 'newline_delimited', columns = {${reals.map((name) => `${quotedText(name)}: 'JSON'`).join(', ')}}, ignore_errors = false, maximum_object_size = ${RECORD_BYTES})`;
  for (const name of reals) {
    const text = `CAST(${quotedName(name)} AS VARCHAR)`;
    const numbers = `regexp_extract_all(regexp_replace(${text}, '"(\\\\.|[^"\\\\])*"', '""', 'g'), '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?')`;
    const long = `SELECT unnest(${numbers}) AS number FROM ${read} WHERE regexp_matches(${text}, '[0-9]{16}|[eE][+]?[0-9]{3}')`;
    const [found] = await session.query(`SELECT number FROM (${long}) WHERE NOT real_holds(number) LIMIT 1`);
    if (found !== undefined) return `the column ${JSON.stringify(name)} holds reals and ${String(found['number']).slice(0, MOST_DIGITS)}, which no real of 64 bits can be`;
  }
  return undefined;
};

type Described = Awaited<ReturnType<TableSession['describe']>>;

/** Longest number that is told. */
const MOST_DIGITS = 60;

/**
 * Makes Parquet files a view: they are read column by column as they are asked for. All values are read once here, so that a damaged
 * page is told before anything else is.
 */
export const openParquet = async (session: TableSession, source: TableSource): Promise<OpenRelation> => {
  const files = await linkFiles(session, source);
  const relation = quotedName(session.newName());
  try {
    await session.query(`CREATE VIEW ${relation} AS SELECT * FROM read_parquet(${quotedList(files.paths)}, union_by_name = false)`);
    const columns = await session.describe(relation);
    await session.query(`SELECT ${columns.map(({ name }) => `count(${quotedName(name)})`).join(', ')} FROM ${relation}`);
  } catch (error) {
    throw files.told(error);
  }
  return { relation };
};
