import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandsFor, comparableText, jaccard, likeness, shinglesOf, signatureOf } from './minhash.ts';
import { nearPairs, partText } from './near-pairs.ts';

const CHARACTERS = { unit: 'character', length: 5 } as const;
const WORDS = { unit: 'word', length: 3 } as const;

describe('shinglesOf', () => {
  it.each<[string, typeof CHARACTERS | typeof WORDS, readonly string[]]>([
    ['abcdef', CHARACTERS, ['abcde', 'bcdef']],
    ['abc', CHARACTERS, ['abc']],
    ['', CHARACTERS, []],
    ['a b c d', WORDS, ['a b c', 'b c d']],
    ['a b', WORDS, ['a b']],
    ['😀😀😀😀😀😀', CHARACTERS, ['😀😀😀😀😀']],
  ])('of %j by %j are %j', (text, shingle, shingles) => {
    expect([...shinglesOf(text, shingle)]).toEqual(shingles);
  });
});

describe('comparableText', () => {
  it('takes capitals, white space and compatible letters for the same', () => {
    expect(comparableText('  The\n\tﬁne  CAT ', 100)).toBe('the fine cat');
  });
});

describe('signatureOf', () => {
  it('is the same for ever', () => {
    // Computed by a second program from the documented constants.
    expect(Array.from(signatureOf(new Set(['abcde']))).slice(0, 4)).toEqual([1697694879, 1747016771, 4177551225, 1143016849]);
  });

  it('estimates the Jaccard similarity within four standard deviations', () => {
    for (let shared = 0; shared <= 200; shared += 10) {
      const set = (letter: string): ReadonlySet<string> =>
        new Set([...Array.from({ length: shared }, (_, i) => `s${i}`), ...Array.from({ length: 200 - shared }, (_, i) => `${letter}${i}`)]);
      const [a, b] = [set('a'), set('b')];
      const exact = jaccard(a, b);
      expect(Math.abs(likeness(signatureOf(a), signatureOf(b)) - exact)).toBeLessThanOrEqual(4 * Math.sqrt((exact * (1 - exact)) / 128) + 1e-9);
    }
  });
});

describe('bandsFor', () => {
  it.each([0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1])('finds pairs at %d nearly always', (threshold) => {
    const bands = bandsFor(threshold);
    expect(bands.foundAtThreshold).toBeGreaterThanOrEqual(0.99);
    expect(bands.count * bands.rows).toBeLessThanOrEqual(128);
  });
});

describe('nearPairs', () => {
  const options = { threshold: 0.6, shingle: CHARACTERS, bands: bandsFor(0.6), examples: 5, mostCandidates: 10_000 };
  const part = (texts: readonly string[]) => texts.map((text, i) => partText(text, { firstRow: i + 1, rowCount: 1 }, CHARACTERS));

  it('finds what a comparison of every text with every text finds', () => {
    const letters = fc.array(fc.stringMatching(/^[a-d ]{20,60}$/), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(letters, fc.nat(), (texts, at) => {
        const changed = texts.map((text) => `${text.slice(0, at % text.length)}x${text.slice((at % text.length) + 1)}`);
        const every = texts.flatMap((text) => changed.filter((other) => jaccard(shinglesOf(text, CHARACTERS), shinglesOf(other, CHARACTERS)) >= 0.6));
        const { count } = nearPairs(part(texts), part(changed), options);
        expect(count).toBeLessThanOrEqual(every.length);
        expect(count).toBeGreaterThanOrEqual(every.length - 1);
      }),
      { seed: 7 },
    );
  });

  it('says so if there are more candidates than may be looked at', () => {
    const texts = part(Array.from({ length: 30 }, (_, i) => `the quick brown fox jumps over the lazy dog ${i}`));
    expect(nearPairs(texts, texts, { ...options, mostCandidates: 10 })).toMatchObject({ cut: true });
    expect(nearPairs(texts, texts, options)).toMatchObject({ count: 900, rows: [30, 30], cut: false, examples: [{ rows: [1, 1], similarity: 1 }, {}, {}, {}, {}] });
  });
});
