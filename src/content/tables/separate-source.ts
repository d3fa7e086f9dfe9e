import { TrainlockError } from '#base';
import { csvDialectOf } from './csv-dialect.ts';
import { linkFiles } from './linked-files.ts';
import { readHead } from './read-head.ts';
import { quotedText } from './sql-text.ts';
import type { TableSession } from './table-session.ts';
import { CONTAINERS, type TableSource } from './table-source.ts';

/** Bytes in which the first record must end. */
const HEAD_BYTES = 1024 * 1024;

/**
 * The tables inside a container; for several files one table if all have the same columns, else one for each. What cannot be looked
 * into stays one source, with its problem where it is known. Throws only if the work was stopped.
 */
export const separateSource = async (session: TableSession, source: TableSource): Promise<readonly TableSource[]> => {
  try {
    if (CONTAINERS.has(source.format) && source.inner === undefined) return await insideOf(session, source);
    if (source.files.length === 1) return [source];
    const keys = new Set<string>();
    for (const [at] of source.files.entries()) keys.add(await columnsKey(session, singleOf(source, at)));
    return keys.size === 1 ? [source] : singleSources(source);
  } catch (error) {
    session.signal()?.throwIfAborted();
    if (source.files.length > 1) return singleSources(source);
    return [{ ...source, problem: error instanceof TrainlockError ? error.message : 'it cannot be looked into' }];
  }
};

const singleOf = (source: TableSource, at: number): TableSource => ({ path: source.files[at]!.name, format: source.format, files: [source.files[at]!] });

/** Every file of a source as a table of its own. */
export const singleSources = (source: TableSource): readonly TableSource[] => source.files.map((_, at) => singleOf(source, at));

const insideOf = async (session: TableSession, source: TableSource): Promise<readonly TableSource[]> => {
  let names: readonly string[] = [];
  await session.reader.ask(
    { kind: 'list', source },
    (answer) => {
      if (answer.kind === 'inner') names = answer.names;
    },
    session.signal(),
  );
  return names.map((inner) => ({ ...source, inner }));
};

/** A text that is the same for files with the same columns. */
const columnsKey = async (session: TableSession, source: TableSource): Promise<string> => {
  const file = source.files[0]!;
  switch (source.format) {
    case 'csv':
    case 'tsv': {
      const dialect = csvDialectOf((await readHead(file.path, file.name, HEAD_BYTES)).toString('utf8'), source.format);
      // Without a header the first record is data; then only the number of fields can be compared.
      const isHeader = dialect?.fields.every((field) => !/^[+-]?[\d.]*$/.test(field)) ?? false;
      return JSON.stringify([dialect?.delimiter, isHeader ? dialect?.fields : dialect?.fields.length]);
    }
    case 'jsonl':
      // Rows may leave members out; together they have all columns.
      return '';
    case 'parquet': {
      const { paths } = await linkFiles(session, source);
      const columns = await session.describe(`read_parquet(${quotedText(paths[0]!)})`);
      return JSON.stringify(columns.map(({ name, type }) => [name, type.toString()]));
    }
    case 'arrow':
    case 'npy':
    case 'npz':
    case 'sqlite':
    case 'hdf5':
      return stagedKey(session, source);
  }
};

const stagedKey = async (session: TableSession, source: TableSource): Promise<string> => {
  let key = '';
  await session.reader.ask(
    { kind: 'columns', source },
    (answer) => {
      if (answer.kind === 'columns') key = JSON.stringify(answer.columns);
      if (answer.kind === 'described') key = JSON.stringify(answer.description.columns);
    },
    session.signal(),
  );
  return key;
};
