import type { NearPair } from '#snapshot';
import { bandHash, type Bands, jaccard, likeness, type Shingle, shinglesOf, signatureOf } from './minhash.ts';

/** A different text of a part, with the rows that hold it. */
export type PartText = { readonly text: string; readonly firstRow: number; readonly rowCount: number; readonly signature: Uint32Array };

export type NearPairsOptions = {
  readonly threshold: number;
  readonly shingle: Shingle;
  readonly bands: Bands;
  readonly examples: number;
  /** Most candidates that are looked at. */
  readonly mostCandidates: number;
};

export type FoundPairs = {
  readonly count: number;
  readonly rows: readonly [number, number];
  readonly examples: readonly NearPair[];
  /** Whether there were more candidates than were looked at. */
  readonly cut: boolean;
};

export const partText = (text: string, place: { readonly firstRow: number; readonly rowCount: number }, shingle: Shingle): PartText => ({
  text,
  ...place,
  signature: signatureOf(shinglesOf(text, shingle)),
});

/** A pair whose signatures are less alike than the threshold by this much is not worth computing: four standard deviations of the estimate. */
const CLEARLY_BELOW = 0.15;

/** Pairs of texts of two parts at or above a threshold. One band after the other, so that one table is held at a time. */
export const nearPairs = (left: readonly PartText[], right: readonly PartText[], options: NearPairsOptions): FoundPairs => {
  const { threshold, shingle, bands } = options;
  const seen = new Set<number>();
  const found = makeFound(options.examples);
  for (let band = 0; band < bands.count; band += 1) {
    const buckets = new Map<number, number[]>();
    for (const [i, { signature }] of left.entries()) {
      const hash = bandHash(signature, band, bands);
      const bucket = buckets.get(hash);
      if (bucket === undefined) buckets.set(hash, [i]);
      else bucket.push(i);
    }
    for (const [j, text] of right.entries()) {
      for (const i of buckets.get(bandHash(text.signature, band, bands)) ?? []) {
        const pair = i * right.length + j;
        if (seen.has(pair)) continue;
        if (seen.size >= options.mostCandidates) return { ...found.result(left, right), cut: true };
        seen.add(pair);
        if (likeness(left[i]!.signature, text.signature) < threshold - CLEARLY_BELOW) continue;
        const similarity = left[i]!.text === text.text ? 1 : jaccard(shinglesOf(left[i]!.text, shingle), shinglesOf(text.text, shingle));
        if (similarity >= threshold) found.add(i, j, { rows: [left[i]!.firstRow, text.firstRow], similarity });
      }
    }
  }
  return { ...found.result(left, right), cut: false };
};

const makeFound = (most: number) => {
  const sides = [new Set<number>(), new Set<number>()] as const;
  let examples: NearPair[] = [];
  let count = 0;
  const best = (): NearPair[] => examples.toSorted((x, y) => y.similarity - x.similarity || x.rows[0] - y.rows[0] || x.rows[1] - y.rows[1]).slice(0, most);
  return {
    add: (i: number, j: number, pair: NearPair): void => {
      sides[0].add(i);
      sides[1].add(j);
      count += 1;
      examples.push(pair);
      if (examples.length > 10 * most + 100) examples = best();
    },
    result: (left: readonly PartText[], right: readonly PartText[]) => {
      const rows = (texts: readonly PartText[], side: ReadonlySet<number>): number => [...side].reduce((sum, i) => sum + texts[i]!.rowCount, 0);
      return { count, rows: [rows(left, sides[0]), rows(right, sides[1])] as const, examples: best() };
    },
  };
};
