/** Overlapping pieces of a text by which texts are compared. */
export type Shingle = { readonly unit: 'word' | 'character'; readonly length: number };

/** Numbers of a signature: one for each permutation. */
const PERMUTATIONS = 128;

/**
 * Text as it is compared: compatible letters are one (NFKC), capitals small, white space one blank, and nothing after `most`
 * characters is looked at.
 */
export const comparableText = (text: string, most: number): string => text.slice(0, most).normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** The different shingles of a comparable text; a text that is shorter than one is its own shingle. Empty for no text. */
export const shinglesOf = (text: string, { unit, length }: Shingle): ReadonlySet<string> => {
  if (text === '') return new Set();
  const letters = unit === 'word' ? text.split(' ') : Array.from(text);
  const glue = unit === 'word' ? ' ' : '';
  if (letters.length <= length) return new Set([letters.join(glue)]);
  const shingles = new Set<string>();
  for (let i = 0; i + length <= letters.length; i += 1) shingles.add(letters.slice(i, i + length).join(glue));
  return shingles;
};

/** Shared shingles as part of all shingles of both: 0 to 1. */
export const jaccard = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let shared = 0;
  for (const shingle of small) if (large.has(shingle)) shared += 1;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
};

/**
 * For each permutation the smallest place of a shingle. The part of equal numbers in two signatures estimates the Jaccard
 * similarity. Source: A. Broder, On the resemblance and containment of documents, 1997.
 */
export const signatureOf = (shingles: ReadonlySet<string>): Uint32Array => {
  const signature = new Uint32Array(PERMUTATIONS).fill(0xffff_ffff);
  for (const shingle of shingles) {
    const hash = hashOf(shingle);
    for (let i = 0; i < PERMUTATIONS; i += 1) {
      const place = (Math.imul(hash, FACTORS[i]!) + SUMMANDS[i]!) >>> 0;
      if (place < signature[i]!) signature[i] = place;
    }
  }
  return signature;
};

/** The part of equal numbers of two signatures. */
export const likeness = (a: Uint32Array, b: Uint32Array): number => {
  let equal = 0;
  for (let i = 0; i < PERMUTATIONS; i += 1) if (a[i] === b[i]) equal += 1;
  return equal / PERMUTATIONS;
};

/** Final mixing of 32 bits. Source: MurmurHash3, fmix32, A. Appleby, public domain. */
const mixed = (bits: number): number => {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** FNV-1a over UTF-16 code units, mixed. Source: FNV-1a, 32 bits, offset basis 0x811c9dc5, prime 0x01000193. */
const hashOf = (text: string): number => {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return mixed(hash);
};

/** Golden ratio in 32 bits, by which the seeds of the permutations are spread. Source: D. Knuth, The Art of Computer Programming, vol. 3, §6.4. */
const STEP = 0x9e37_79b9;

/** Permutation i takes x to factor * x + summand modulo 2^32. They are the same for ever, so that the same texts give the same pairs. */
const FACTORS = Uint32Array.from({ length: PERMUTATIONS }, (_, i) => mixed(Math.imul(2 * i + 1, STEP)) | 1);
const SUMMANDS = Uint32Array.from({ length: PERMUTATIONS }, (_, i) => mixed(Math.imul(2 * i + 2, STEP)));

/** Signatures are cut into bands; texts that agree in one band whole are candidates. */
export type Bands = {
  readonly count: number;
  readonly rows: number;
  /** The chance that a pair just at the threshold agrees in a band. */
  readonly foundAtThreshold: number;
};

const LEAST_CHANCE = 0.99;

/**
 * The longest bands, and with them the fewest false candidates, by which a pair at the threshold is found in 99 of 100 cases.
 * Source: J. Leskovec, A. Rajaraman, J. Ullman, Mining of Massive Datasets, §3.4: 1 - (1 - s^rows)^count.
 */
export const bandsFor = (threshold: number): Bands => {
  for (let rows = PERMUTATIONS; rows > 1; rows -= 1) {
    const count = Math.floor(PERMUTATIONS / rows);
    const foundAtThreshold = 1 - (1 - threshold ** rows) ** count;
    if (foundAtThreshold >= LEAST_CHANCE) return { count, rows, foundAtThreshold };
  }
  return { count: PERMUTATIONS, rows: 1, foundAtThreshold: 1 - (1 - threshold) ** PERMUTATIONS };
};

/** A number for one band of a signature; equal bands have equal numbers. */
export const bandHash = (signature: Uint32Array, band: number, { rows }: Bands): number => {
  let hash = 0x811c_9dc5 ^ band;
  for (let i = band * rows; i < (band + 1) * rows; i += 1) hash = mixed(hash ^ signature[i]!);
  return hash;
};
