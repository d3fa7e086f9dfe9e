import { escapeControl, TrainlockError } from '#base';
import type { Column, Table } from '#snapshot';
import { contentDigestOf } from './content-digest.ts';
import { categoriesOf } from './profile-categories.ts';
import { countValues, type Figures, measureMoments, measureQuantiles, measureRanges } from './profile-figures.ts';
import { histogramOf } from './profile-histogram.ts';
import { type Detail, detailOf, type ProfileOptions } from './profile-options.ts';
import { readProblem } from './read-problem.ts';
import { stopOf } from './stop.ts';
import type { OpenTable, TableEngine } from './table-engine.ts';
import type { TableSource } from './table-source.ts';
import { isNumber, isTime, type TableColumn } from './value-type.ts';

/**
 * What one table says: rows, columns in order, and their figures. What cannot be read whole has a problem and no figures. Never
 * throws: a signal and the end of the time are problems too.
 */
export const profileTable = async (engine: TableEngine, source: TableSource, options: ProfileOptions = {}): Promise<Table> => {
  const base = baseOf(source);
  const stop = stopOf(options);
  try {
    return await engine.within(stop.signal, async () => {
      const table = await engine.open(source);
      try {
        return { ...base, ...(await contentOf(engine, firstRows(table, options), options)) };
      } finally {
        await table.close();
      }
    });
  } catch (error) {
    return { ...base, problem: stop.problem() ?? (error instanceof TrainlockError ? error.message : readProblem(error)) };
  }
};

/**
 * Profiles tables one after the other, with the digests of their rows if they are asked for; a problem with one leaves the others
 * alone. Containers are opened, and files that differ are told apart.
 */
export const profileTables = async (
  engine: TableEngine,
  sources: readonly TableSource[],
  options: ProfileOptions & { readonly digests?: boolean } = {},
): Promise<readonly Table[]> => {
  const tables: Table[] = [];
  for (const source of sources) {
    const stop = stopOf(options);
    const separated = await engine.within(stop.signal, () => engine.separate(source)).catch((error: unknown) => [{ ...source, problem: stop.problem() ?? readProblem(error) }]);
    for (const one of separated) {
      const table = await profileTable(engine, one, options);
      tables.push(options.digests === true && table.problem === undefined ? { ...table, ...(await digestPart(engine, one, options)) } : table);
    }
  }
  return tables;
};

const digestPart = async (engine: TableEngine, source: TableSource, options: ProfileOptions): Promise<Pick<Table, 'contentSha256'>> => {
  const content = await contentDigestOf(engine, source, options);
  return content.kind === 'seen' ? { contentSha256: content.sha256 } : {};
};

/** Longest name that is told. Unit: character. Source: schema/snapshot/v0.schema.json. */
const LONGEST_LABEL = 1024;

/** A name or type as the document takes it. */
const labelOf = (text: string): string => (text === '' ? '(no name)' : text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`);

const baseOf = (source: TableSource): Table => ({
  path: source.path,
  ...(source.inner === undefined ? {} : { inner: labelOf(source.inner) }),
  format: source.format,
  fileCount: source.files.length,
});

/** The same table, of which only the first rows are asked about. */
const firstRows = (table: OpenTable, { mostRows }: ProfileOptions): OpenTable =>
  mostRows === undefined || table.relation === '' ? table : { ...table, relation: `(SELECT * FROM ${table.relation} LIMIT ${Math.trunc(mostRows)})` };

const contentOf = async (engine: TableEngine, table: OpenTable, options: ProfileOptions): Promise<Partial<Table>> => {
  const columns = table.columns.map(({ name, type }): Column => ({ name: labelOf(name), type: labelOf(type) }));
  if (table.problem !== undefined) return { ...(columns.length === 0 ? {} : { columns }), problem: escapeControl(table.problem) };
  if (table.relation === '') return { columns, ...(table.rowCount === undefined ? {} : { rowCount: table.rowCount }) };
  const [counted] = await engine.query(`SELECT count(*) AS n FROM ${table.relation}`);
  const rowCount = Number(counted!['n']);
  const label = options.label !== undefined && table.columns.some(({ name }) => name === options.label) ? { label: labelOf(options.label) } : {};
  return { rowCount, columns: await profileColumns(engine, { table, rowCount, columns }, options), ...label };
};

type Profiled = { readonly table: OpenTable; readonly rowCount: number; readonly columns: readonly Column[] };

const profileColumns = async (engine: TableEngine, { table, rowCount, columns }: Profiled, options: ProfileOptions): Promise<readonly Column[]> => {
  const details = table.columns.map(({ name }): Detail => detailOf(name, options));
  const figures: Figures[] = table.columns.map(() => ({}));
  const measure = async (wanted: (column: TableColumn, detail: Detail) => boolean, ask: (part: readonly TableColumn[]) => Promise<readonly Figures[]>): Promise<void> => {
    const places = table.columns.flatMap((column, at) => (wanted(column, details[at]!) ? [at] : []));
    const answers = await ask(places.map((at) => table.columns[at]!));
    for (const [i, at] of places.entries()) figures[at] = { ...figures[at], ...answers[i] };
  };
  const { relation } = table;
  await measure(
    (_, detail) => detail !== 'off',
    (part) => countValues(engine.query, relation, part),
  );
  if (rowCount > 0) {
    await measure(
      (_, detail) => detail === 'full',
      (part) => measureRanges(engine.query, relation, part),
    );
    await measure(
      ({ value }, detail) => detail === 'full' && isNumber(value),
      (part) => measureMoments(engine.query, relation, part),
    );
    await measure(
      ({ value }, detail) => detail === 'full' && (isNumber(value) || isTime(value)),
      (part) => measureQuantiles(engine.query, relation, { columns: part, rowCount }),
    );
  }
  const profiled: Column[] = [];
  for (const [at, column] of table.columns.entries()) {
    const detail = details[at]!;
    const shape = detail === 'full' && rowCount > 0 ? await shapeOf(engine, { relation, column, rowCount, figures: figures[at]! }, options) : {};
    profiled.push({ ...columns[at]!, detail, ...figures[at], ...shape });
  }
  return profiled;
};

type Shaped = { readonly relation: string; readonly column: TableColumn; readonly rowCount: number; readonly figures: Figures };

/** Histogram of numbers; categories of texts, truth values and the label. */
const shapeOf = async (engine: TableEngine, { relation, column, rowCount, figures }: Shaped, options: ProfileOptions): Promise<Partial<Column>> => {
  const histogram = isNumber(column.value) ? await histogramOf(engine.query, relation, column) : undefined;
  const counted = column.value.kind === 'text' || column.value.kind === 'boolean' || column.name === options.label;
  const rows = { present: rowCount - (figures.missing ?? 0), distinct: figures.distinct ?? 0 };
  return { ...(histogram === undefined ? {} : { histogram }), ...(counted ? await categoriesOf(engine.query, { relation, column, rows }, options) : {}) };
};
