import { createHash, randomUUID } from 'node:crypto';
import { canonicalText } from './canonical-text.ts';
import { bareColumns, canonicalTextOfType, inferTypes } from './infer-types.ts';
import { readProblem } from './read-problem.ts';
import { quotedName } from './sql-text.ts';
import { stopOf, type StopOptions } from './stop.ts';
import type { OpenTable, TableEngine } from './table-engine.ts';
import type { TableSource } from './table-source.ts';

export type ContentDigest = { readonly kind: 'seen'; readonly sha256: string; readonly rowCount: number } | { readonly kind: 'unknown'; readonly problem: string };

/** Version of the rules: digests under other rules say nothing about each other. */
const ROWS_VERSION = 'rows/v1';

/**
 * SHA-256 of the rows of a table that is the same whatever their order, the order of the columns, and the format of the file; one
 * other value makes another digest. Rules, which docs/reference/snapshots.md states in full:
 * - every value is a text (canonical-macros.ts, canonical-text.ts): no type is told, so the integer 1, the real 1.0 and the text 1
 *   are the same, while the text 1.0 in a format with types is another;
 * - a column of CSV is of numbers or truth values if all its values are, whatever their order; zeros before a number make a text,
 *   and so does a number that is neither a whole one of 128 bits nor held by a real of 64;
 * - a row is the texts of its columns in the order of their names as bytes, each as its length in bytes, a colon and itself;
 * - the digest is SHA-256 over the version, the names framed alike, and the SHA-256 of all rows in hexadecimal, sorted. Rows that
 *   are there twice count twice. Finding another table with the same digest means breaking SHA-256.
 * Never throws: a signal and the end of the time are problems too.
 */
export const contentDigestOf = async (engine: TableEngine, source: TableSource, options: StopOptions = {}): Promise<ContentDigest> => {
  const stop = stopOf(options);
  try {
    return await engine.within(stop.signal, async () => {
      const table = await engine.open(source, { asTexts: true });
      try {
        return await digestTable(engine, source, table);
      } finally {
        await table.close();
      }
    });
  } catch (error) {
    return { kind: 'unknown', problem: stop.problem() ?? readProblem(error) };
  }
};

const digestTable = async (engine: TableEngine, source: TableSource, table: OpenTable): Promise<ContentDigest> => {
  const problem = table.problem ?? table.merged;
  if (problem !== undefined) return { kind: 'unknown', problem };
  if (table.relation === '') return { kind: 'unknown', problem: 'only its shape is known' };
  const { relation, texts } = source.format === 'csv' || source.format === 'tsv' ? await csvTexts(engine, table) : typedTexts(table);
  const columns = table.columns.map(({ name }, at) => ({ name, text: texts[at]! })).sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return digestOf(engine, relation, columns);
};

/** A relation, and for each of its columns the expression of the canonical text. */
type Texts = { readonly relation: string; readonly texts: readonly string[] };

const typedTexts = ({ relation, columns }: OpenTable): Texts => ({ relation, texts: columns.map(({ name, value }) => canonicalText(quotedName(name), value)) });

type ColumnText = { readonly name: string; readonly text: string };

const frame = (text: string): string => `${Buffer.byteLength(text)}:${text}`;

/** Digests that are handed over at once. Unit: row. */
const BLOCK_ROWS = 100_000;

/** The digests of the rows are sorted into a table, which DuckDB keeps on disk if it must, and taken from it block by block. */
const digestOf = async (engine: TableEngine, relation: string, columns: readonly ColumnText[]): Promise<ContentDigest> => {
  const hash = createHash('sha256').update(`${ROWS_VERSION}\n${columns.map(({ name }) => frame(name)).join('')}\n`);
  const texts = columns.map(({ text }, at) => `${text} AS c${at}`).join(', ');
  const framed = columns.map((_, at) => `rows_v1_frame(c${at})`).join(', ');
  const sorted = quotedName(`digests ${randomUUID()}`);
  await engine.query(`CREATE TABLE ${sorted} AS SELECT sha256(concat(${framed})) AS h FROM (SELECT ${texts} FROM ${relation}) ORDER BY h`);
  try {
    const [counted] = await engine.query(`SELECT count(*) AS n FROM ${sorted}`);
    const rowCount = Number(counted!['n']);
    for (let from = 0; from < rowCount; from += BLOCK_ROWS) {
      const [block] = await engine.query(`SELECT string_agg(h, '' ORDER BY h) AS digests FROM ${sorted} WHERE rowid >= $1 AND rowid < $2`, [from, from + BLOCK_ROWS]);
      hash.update(block!['digests'] as string);
    }
    return { kind: 'seen', sha256: hash.digest('hex'), rowCount };
  } finally {
    // If the work was stopped nothing can be asked any more; the table goes with the engine.
    await engine.query(`DROP TABLE ${sorted}`).catch(() => undefined);
  }
};

/** Those of a table of texts, by the type that all values of a column have. */
const csvTexts = async (engine: TableEngine, { relation, columns }: OpenTable): Promise<Texts> => {
  const names = columns.map(({ name }) => name);
  const types = await inferTypes(engine.query, relation, names);
  return {
    relation: bareColumns(
      relation,
      names.filter((_, at) => types[at] !== 'VARCHAR'),
    ),
    texts: names.map((name, at) => canonicalTextOfType(quotedName(name), types[at]!)),
  };
};
