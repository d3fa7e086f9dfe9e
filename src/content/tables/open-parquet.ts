import { linkFiles } from './linked-files.ts';
import { quotedList, quotedName } from './sql-text.ts';
import type { OpenRelation } from './table-engine.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

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
    const merged = await mergedDecimal(session, files.paths);
    return { relation, ...(merged === undefined ? {} : { merged }) };
  } catch (error) {
    throw files.told(error);
  }
};

/** Most digits of a decimal of DuckDB; wider ones are read as reals. */
const MOST_DIGITS = 38;

const mergedDecimal = async (session: TableSession, paths: readonly string[]): Promise<string | undefined> => {
  const [found] = await session.query(`SELECT name FROM parquet_schema(${quotedList(paths)}) WHERE logical_type LIKE 'DecimalType%' AND precision > ${MOST_DIGITS} LIMIT 1`);
  return found === undefined ? undefined : `the column ${JSON.stringify(found['name'])} holds decimals with more than ${MOST_DIGITS} digits`;
};

/** What of Parquet files is looked at less exactly than it was written, in words: times with a zone have microseconds in DuckDB. */
export const limitsOfParquet = async (session: TableSession, source: TableSource): Promise<readonly string[]> => {
  const { paths } = await linkFiles(session, source);
  const found = await session.query(
    `SELECT DISTINCT name FROM parquet_schema(${quotedList(paths)}) WHERE logical_type LIKE 'TimestampType(isAdjustedToUTC=1%NANOS=NanoSeconds%' ORDER BY name`,
  );
  return found.map(({ name }) => `the times of ${JSON.stringify(name)} in ${source.path} have nanoseconds and a zone; they are looked at to the microsecond`);
};
