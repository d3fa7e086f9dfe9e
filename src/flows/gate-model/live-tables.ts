import { stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatBytes, formatDuration, makeRedactor } from '#base';
import { openTableEngine, profileTables, type TableEngine, type TableSource } from '#content';
import { makeTemporaryFolder, readBounded } from '#files';
import { type Column, MOST_PROFILED_COLUMNS, type ProfiledTable } from '#snapshot';
import { tableFormatOfBytes } from './table-format-of-bytes.ts';

/** Bytes of a table; its name tells the format, if it has an ending that is known. */
export type LiveSample = { readonly name: string; readonly bytes: Uint8Array };

type Because = { readonly because: string; readonly fix: string };

/** Reads tables of live inputs within bounds. */
export type LiveTables = {
  readonly namesOf: (sample: LiveSample) => Promise<{ readonly names: readonly string[] } | Because>;
  /** The figures of the first rows, every value counted: they are compared, and not told. */
  readonly profileOf: (sample: LiveSample, mostRows: number) => Promise<{ readonly table: ProfiledTable; readonly hasMore: boolean } | Because>;
};

/** Largest sample that is read. Unit: byte. */
const MOST_SAMPLE_BYTES = 64 * 1024 * 1024;
/** Longest time for a sample to come, and to be looked at: of very many columns each takes its time. Unit: ms. */
const MOST_MS = 300_000;
/** Memory for it. Unit: byte. */
const MEMORY_BYTES = 1024 ** 3;

const TOO_LARGE: Because = { because: `the sample is larger than ${formatBytes(MOST_SAMPLE_BYTES)}`, fix: 'give fewer rows: head -n 1001 FILE > sample.csv' };

/** The bytes of a sample, of a file or of standard input. Throws TL0002 if it is not there. */
export const liveSample = async (sample: string, workingDirectory: string): Promise<LiveSample | Because> => {
  if (sample === '-') return fromStandardInput();
  const path = resolve(workingDirectory, sample);
  const facts = await stat(path).catch(() => undefined);
  return facts !== undefined && facts.size > MOST_SAMPLE_BYTES ? TOO_LARGE : { name: sample, bytes: await readBounded(path, MOST_SAMPLE_BYTES) };
};

const fromStandardInput = async (): Promise<LiveSample | Because> => {
  const timer = setTimeout(() => process.stdin.destroy(new Error('timeout')), MOST_MS);
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of process.stdin) {
      size += (piece as Buffer).length;
      if (size > MOST_SAMPLE_BYTES) return TOO_LARGE;
      pieces.push(piece as Buffer);
    }
  } catch {
    return { because: `standard input gave no whole sample within ${formatDuration(MOST_MS)}`, fix: 'write the sample into a file, and name it' };
  } finally {
    clearTimeout(timer);
  }
  return { name: '-', bytes: Buffer.concat(pieces) };
};

/** Opens what reads tables, in a folder of its own that is gone afterwards with everything in it. */
export const withLiveTables = async <T>(use: (tables: LiveTables | Because) => Promise<T>): Promise<T> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-sample-');
  try {
    const opening = await openTableEngine({ folders: [folder.path], temporaryFolder: folder.path, memoryBytes: MEMORY_BYTES });
    if (opening.kind === 'unavailable') return await use({ because: `tables cannot be read: ${opening.reason}`, fix: opening.fix });
    try {
      return await use(tablesOf(opening.engine, folder.path));
    } finally {
      await opening.engine.close();
    }
  } finally {
    await folder.remove().catch(() => undefined);
  }
};

const tablesOf = (engine: TableEngine, folder: string): LiveTables => {
  let count = 0;
  const sourceOf = async ({ name, bytes }: LiveSample): Promise<TableSource | Because> => {
    const format = tableFormatOfBytes(name, bytes);
    if (format === undefined)
      return {
        because: `${name === '-' ? 'what came' : name} is no table that can be read as a sample`,
        fix: 'give a CSV, TSV, JSON lines, Parquet or Arrow file, not compressed',
      };
    if (separatorsOf(bytes) >= MOST_PROFILED_COLUMNS && (format === 'csv' || format === 'tsv')) return TOO_WIDE;
    const path = join(folder, `sample-${(count += 1)}.${format}`);
    await writeFile(path, bytes, { mode: 0o600 });
    return { path: `sample.${format}`, format, files: [{ name: `sample.${format}`, path }] };
  };
  return {
    namesOf: async (sample) => {
      const source = await sourceOf(sample);
      if ('because' in source) return source;
      const table = await engine.within(AbortSignal.timeout(MOST_MS), () => engine.open(source)).catch(() => undefined);
      const names = table?.problem === undefined ? table?.columns.map(({ name }) => name) : undefined;
      await table?.close();
      return names === undefined ? { because: 'the inputs of the canary cannot be read as a table', fix: 'give the canary a table with names of columns' } : { names };
    },
    profileOf: async (sample, mostRows) => {
      const source = await sourceOf(sample);
      if ('because' in source) return source;
      const options = { mostRows: mostRows + 1, minCategoryRows: 1, mostCategories: MOST_LISTED, identifiers: true, timeoutMs: MOST_MS, redactor: makeRedactor() };
      const counted = await shapeOf(engine, source, mostRows + 1);
      if ('because' in counted) return counted;
      const [table] = await profileTables(engine, [source], { ...options, mostRows });
      if (table?.columns === undefined || table.rowCount === undefined || table.columns.length === 0) return unreadable(table?.problem);
      return { table: { columns: table.columns.map(withoutSecret), rowCount: table.rowCount }, hasMore: counted.rows > mostRows };
    },
  };
};

const TOO_WIDE: Because = { because: `the sample has more than ${MOST_PROFILED_COLUMNS} columns`, fix: 'give the columns that the model takes' };

/** How often the most frequent separator stands in the first line: with very many columns a table is not opened at all, because that alone takes long. */
const separatorsOf = (bytes: Uint8Array): number => {
  const end = bytes.indexOf(0x0a);
  const line = Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('latin1');
  return Math.max(...[',', ';', '\t', '|'].map((separator) => line.split(separator).length - 1));
};

/** A name is told: one that looks like a secret is not. */
const withoutSecret = (column: Column): Column => ({ ...column, name: makeRedactor().redact(column.name).text });

/** Values of a column that are counted one by one. */
const MOST_LISTED = 1000;

const unreadable = (problem: string | undefined): Because => ({
  because: `the sample cannot be read: ${problem ?? 'it holds no table'}`,
  fix: 'give a whole table: names of columns, then rows',
});

/** Columns and rows, before anything is measured: both are bounded. */
const shapeOf = async (engine: TableEngine, source: TableSource, mostRows: number): Promise<{ readonly rows: number } | Because> => {
  try {
    return await engine.within(AbortSignal.timeout(MOST_MS), async () => {
      const table = await engine.open(source);
      try {
        if (table.problem !== undefined) return unreadable(table.problem);
        if (table.columns.length > MOST_PROFILED_COLUMNS) return TOO_WIDE;
        if (table.relation === '') return { rows: 0 };
        const [row] = await engine.query(`SELECT count(*) AS n FROM (SELECT 1 FROM ${table.relation} LIMIT ${mostRows})`);
        return { rows: Number(row!['n']) };
      } finally {
        await table.close();
      }
    });
  } catch {
    return unreadable(`it took longer than ${formatDuration(MOST_MS)}`);
  }
};
