import { linkFiles } from './linked-files.ts';
import { quotedList, quotedName } from './sql-text.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Largest record of JSON lines. Unit: byte. */
const RECORD_BYTES = 64 * 1024 ** 2;

/** Loads JSON lines, strictly. Types are those of all records: the order of the rows must not matter. */
export const openJsonLines = async (session: TableSession, source: TableSource): Promise<string> => {
  const files = await linkFiles(session, source);
  const relation = quotedName(session.newName());
  try {
    await session.query(
      `CREATE TABLE ${relation} AS SELECT * FROM read_json(${quotedList(files.paths)}, format = 'newline_delimited', sample_size = -1, union_by_name = true, ignore_errors = false, maximum_object_size = ${RECORD_BYTES})`,
    );
  } catch (error) {
    throw files.told(error);
  }
  return relation;
};

/**
 * Makes Parquet files a view: they are read column by column as they are asked for. All values are read once here, so that a damaged
 * page is told before anything else is.
 */
export const openParquet = async (session: TableSession, source: TableSource): Promise<string> => {
  const files = await linkFiles(session, source);
  const relation = quotedName(session.newName());
  try {
    await session.query(`CREATE VIEW ${relation} AS SELECT * FROM read_parquet(${quotedList(files.paths)}, union_by_name = false)`);
    const columns = await session.describe(relation);
    await session.query(`SELECT ${columns.map(({ name }) => `count(${quotedName(name)})`).join(', ')} FROM ${relation}`);
  } catch (error) {
    throw files.told(error);
  }
  return relation;
};
