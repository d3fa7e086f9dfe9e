import { countOf, TrainlockError } from '#base';
import type { NearDuplicates, NearOverlap } from '#snapshot';
import type { TableQuery } from '../table-query.ts';
import { bandsFor, comparableText, type Shingle } from './minhash.ts';
import { nearPairs, partText, type PartText } from './near-pairs.ts';
import { quotedName } from '../tables/sql-text.ts';
import { keyColumns, numberedRows, type TableRelation } from './table-relation.ts';

/** A named part of a data set: train, validation, test. */
export type Part = { readonly name: string; readonly table: TableRelation };

export type NearOptions = {
  /** The column of the texts. */
  readonly column: string;
  /** Least Jaccard similarity of the shingles. Range: above 0, at most 1. Default: 0.8. */
  readonly threshold?: number;
  /** Default: 5 characters. */
  readonly shingle?: Shingle;
  /** Default: 20 for each pair of parts. */
  readonly examples?: number;
  /** Most different texts of one part. Default: 200,000; each takes half a kibibyte beside itself. */
  readonly mostTexts?: number;
  /** Most characters of all texts that are held. Default: 200,000,000. */
  readonly mostCharacters?: number;
  /** Most candidates for each pair of parts. Default: 1,000,000. */
  readonly mostCandidates?: number;
};

const THRESHOLD = 0.8;
const SHINGLE: Shingle = { unit: 'character', length: 5 };
const EXAMPLES = 20;
const MOST_TEXTS = 200_000;
const MOST_CHARACTERS = 200_000_000;
const MOST_CANDIDATES = 1_000_000;
/** Characters of one text that are looked at. */
const MOST_OF_A_TEXT = 20_000;
const ROWS_AT_ONCE = 20_000;

/**
 * Texts that are nearly the same in two parts, by MinHash and banding; every pair that is told was computed from its shingles.
 * Takes bounded memory; what was not looked at is said. TL0001 if the column is missing or the threshold is none.
 */
export const findNearDuplicates = async (query: TableQuery, parts: readonly Part[], options: NearOptions): Promise<NearDuplicates> => {
  const { column, threshold = THRESHOLD, shingle = SHINGLE } = options;
  if (!(threshold > 0 && threshold <= 1)) throw new TrainlockError('TL0001', `the threshold of similarity is ${threshold}; it lies above 0 and is at most 1`);
  const bands = bandsFor(threshold);
  const limits: string[] = [];
  const read: ReadPart[] = [];
  for (const part of parts) {
    keyColumns(part.table, [column], part.name);
    const left = (options.mostCharacters ?? MOST_CHARACTERS) - read.reduce((sum, { characters }) => sum + characters, 0);
    read.push(await readTexts(query, part, { column, shingle, mostTexts: options.mostTexts ?? MOST_TEXTS, mostCharacters: left }, limits));
  }
  const settings = { threshold, shingle, bands, examples: options.examples ?? EXAMPLES, mostCandidates: options.mostCandidates ?? MOST_CANDIDATES };
  const pairs = read.flatMap((one, i) =>
    read.slice(i + 1).map((other): NearOverlap => {
      const { count, rows, examples, cut } = nearPairs(one.texts, other.texts, settings);
      if (cut) limits.push(`${one.name} and ${other.name}: only the first ${settings.mostCandidates} candidates were looked at`);
      const share = (part: ReadPart, side: 0 | 1): number => (part.rowCount === 0 ? 0 : rows[side] / part.rowCount);
      return { parts: [one.name, other.name], pairs: count, rows, shares: [share(one, 0), share(other, 1)], examples };
    }),
  );
  return { column, threshold, shingle, foundAtThreshold: bands.foundAtThreshold, pairs, limits };
};

type ReadPart = { readonly name: string; readonly texts: readonly PartText[]; readonly rowCount: number; readonly characters: number };

type ReadSettings = { readonly column: string; readonly shingle: Shingle; readonly mostTexts: number; readonly mostCharacters: number };

/** The different texts of a part with their rows, some thousand rows at a time. */
const readTexts = async (query: TableQuery, { name, table }: Part, settings: ReadSettings, limits: string[]): Promise<ReadPart> => {
  const rows = numberedRows(table, [{ expression: `CAST(${quotedName(settings.column)} AS VARCHAR)` }]);
  const rowCount = Number((await query(`SELECT count(*) AS rows FROM ${table.relation}`))[0]?.['rows'] ?? 0);
  const places = new Map<string, { firstRow: number; rowCount: number }>();
  let characters = 0;
  let long = 0;
  for (let from = 0; from < rowCount; from += ROWS_AT_ONCE) {
    const answer = await query(`SELECT n, left(c0, ${MOST_OF_A_TEXT + 1}) AS text FROM ${rows} WHERE n > ${from} AND n <= ${from + ROWS_AT_ONCE} AND c0 IS NOT NULL ORDER BY n`);
    for (const row of answer) {
      const text = comparableText(String(row['text']), MOST_OF_A_TEXT);
      if (String(row['text']).length > MOST_OF_A_TEXT) long += 1;
      const place = places.get(text);
      if (place !== undefined) place.rowCount += 1;
      else if (places.size >= settings.mostTexts || characters + text.length > settings.mostCharacters) {
        limits.push(`${name}: only the texts before row ${Number(row['n'])} of ${countOf(rowCount, 'row')} were looked at`);
        return { name, texts: textsOf(places, settings), rowCount, characters };
      } else if (text !== '') {
        places.set(text, { firstRow: Number(row['n']), rowCount: 1 });
        characters += text.length;
      }
    }
  }
  if (long > 0) limits.push(`${name}: of ${countOf(long, 'text')} only the first ${MOST_OF_A_TEXT} characters were looked at`);
  return { name, texts: textsOf(places, settings), rowCount, characters };
};

const textsOf = (places: ReadonlyMap<string, { readonly firstRow: number; readonly rowCount: number }>, { shingle }: ReadSettings): readonly PartText[] =>
  [...places].map(([text, place]) => partText(text, place, shingle));
