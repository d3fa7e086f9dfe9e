import { describe, expect, it } from 'vitest';
import type { SampleDeparture } from '#snapshot';
import { type OfColumn, orderRemedies, phraseOf, remedyOf } from './departure-text.ts';

const LONG = 'x'.repeat(101);
const CUT = `${'x'.repeat(100)}…`;

describe('what is wrong with a sample, in words', () => {
  it.each<[OfColumn, string, string]>([
    [{ kind: 'gone', column: 'age' }, 'the sample does not have it', 'bring the column age again'],
    [{ kind: 'gone', column: 'age', insteadOf: 'years' }, 'the sample does not have it; at its place is years', 'rename years to age'],
    [{ kind: 'added', column: 'id' }, 'the model was trained without it', 'leave the column id out'],
    [{ kind: 'type', column: 'age', trained: 'BIGINT', found: 'VARCHAR' }, 'VARCHAR where BIGINT was trained on', 'cast age to BIGINT'],
    [
      { kind: 'outside', column: 'age', side: 'max', trained: '97', found: '1166.4000001' },
      'largest 1166.4, in training 97',
      'look at the unit of age, and at what stands for a missing value',
    ],
    [
      { kind: 'outside', column: 'age', side: 'min', trained: '1.23456789', found: '-9.99e+300' },
      'smallest -9.99e+300, in training 1.23457',
      'look at the unit of age, and at what stands for a missing value',
    ],
    [
      { kind: 'outside', column: 'born', side: 'max', trained: '2020-01-01', found: '2031-12-31\u001b[2J' },
      'largest 2031-12-31\\x1b[2J, in training 2020-01-01',
      'look at the unit of born, and at what stands for a missing value',
    ],
    [
      { kind: 'outside', column: 'text', side: 'max', trained: 'a', found: LONG },
      `largest ${'x'.repeat(100)}, in training a`,
      'look at the unit of text, and at what stands for a missing value',
    ],
    [{ kind: 'infinite', column: 'age' }, 'it has infinite values, and had none in training', 'look for a division by zero before age'],
    [
      { kind: 'narrower', column: 'age', side: 'max', trained: '16', found: '15', beyond: 0.04, sits: 0.081 },
      'largest 15, in training 16, where 4 % of the rows lay above; 8.1 % of the rows sit at 15',
      'do not limit age at 15',
    ],
    [
      { kind: 'narrower', column: 'age', side: 'min', trained: '0', found: '3', beyond: 0.5 },
      'smallest 3, in training 0, where 50 % of the rows lay below',
      'do not limit age at 3',
    ],
    [{ kind: 'narrower', column: 'age', side: 'min', trained: '0', found: '3', beyond: 0 }, 'smallest 3, in training 0', 'do not limit age at 3'],
    [{ kind: 'constant', column: 'age', at: '0' }, '0 in every row', 'look whether age is filled at all'],
    [{ kind: 'constant', column: 'age' }, 'the same value in every row', 'look whether age is filled at all'],
    [{ kind: 'missing', column: 'age', trained: 0, found: 0.001 }, 'missing in 0.1 % of the rows, in training in 0 %', 'look where age gets lost'],
    [{ kind: 'missing', column: 'age', trained: 0.25, found: 0 }, 'missing in 0 % of the rows, in training in 25 %', 'do not fill age where it is missing: training did not'],
    [
      { kind: 'missing', column: 'age', trained: 0.123456, found: 0.0999 },
      'missing in 10 % of the rows, in training in 12 %',
      'do not fill age where it is missing: training did not',
    ],
    [{ kind: 'missing', column: 'age', trained: 0.1, found: 0.1 }, 'missing in 10 % of the rows, in training in 10 %', 'do not fill age where it is missing: training did not'],
    [{ kind: 'missing', column: 'age', trained: 0.0123456, found: 1 }, 'missing in 100 % of the rows, in training in 1.2 %', 'look where age gets lost'],
    [{ kind: 'missing', column: 'age', trained: 0.09567, found: 0.104 }, 'missing in 10 % of the rows, in training in 9.6 %', 'look where age gets lost'],
    [
      { kind: 'new-values', column: 'city', values: 1, rows: 1200 },
      '1 value that training did not have, or hardly, in 1,200 rows',
      'spell the values of city as in training, or train with the new ones',
    ],
    [
      { kind: 'new-values', column: 'city', values: 2, rows: 1 },
      '2 values that training did not have, or hardly, in 1 row',
      'spell the values of city as in training, or train with the new ones',
    ],
    [
      { kind: 'moved', column: 'age', index: 0.4321 },
      'its values are spread otherwise (population stability index 0.43)',
      'look what changed in age since the training: trainlock data diff abc:train FILE',
    ],
    [{ kind: 'like', column: 'age', other: 'height' }, 'its values are like those of height in training', 'give what comes as age as height'],
    [{ kind: 'like', column: 'a\u001bb', other: LONG }, `its values are like those of ${CUT} in training`, `give what comes as a\\x1bb as ${CUT}`],
    [{ kind: 'added', column: 'x'.repeat(100) }, 'the model was trained without it', `leave the column ${'x'.repeat(100)} out`],
    [{ kind: 'added', column: LONG }, 'the model was trained without it', `leave the column ${CUT} out`],
  ])('%j', (departure, phrase, remedy) => {
    expect(phraseOf(departure)).toBe(phrase);
    expect(remedyOf(departure, 'abc:train')).toBe(remedy);
  });

  it('fails loudly for what no program could give', () => {
    expect(() => phraseOf({ kind: 'later', column: 'x' } as unknown as SampleDeparture)).toThrow();
    expect(() => remedyOf({ kind: 'later', column: 'x' } as unknown as OfColumn, '')).toThrow();
  });
});

describe('another order of columns', () => {
  it('is told with how many and the first', () => {
    expect(phraseOf({ kind: 'order', expected: ['a', 'b', 'c'], found: ['a', 'c', 'b'] })).toBe('2 columns at another place, the first at place 2: c where b was in training');
    expect(phraseOf({ kind: 'order', expected: ['a', 'b'], found: ['b', 'a'] })).toBe('2 columns at another place, the first at place 1: b where a was in training');
  });

  it('is mended by the order in full, up to four thousand characters', () => {
    expect(orderRemedies({ kind: 'order', expected: ['a', 'b\u001b'], found: ['b\u001b', 'a'] })).toEqual(['reorder the columns: a, b\\x1b']);
    // 50 names of 78 characters, and ", " between them: 3,998; two more characters in the last name are 4,000.
    const names = (last: number): readonly string[] => Array.from({ length: 50 }, (_, at) => String(at).padEnd(at === 49 ? last : 78, 'x'));
    const list = names(80).join(', ');
    expect(list).toHaveLength(4000);
    expect(orderRemedies({ kind: 'order', expected: names(80), found: names(80).toReversed() })).toEqual([`reorder the columns: ${list}`]);
    const [moves] = orderRemedies({ kind: 'order', expected: names(81), found: [...names(81).slice(0, 48), names(81)[49]!, names(81)[48]!] });
    expect(moves).toBe(`reorder the columns: ${names(81)[48]} to place 49; ${names(81)[49]} to place 50`);
  });

  it('is mended by the first fifty moves, where names are many', () => {
    const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `${at}${'x'.repeat(90)}`);
    const moves = (count: number): string => orderRemedies({ kind: 'order', expected: names(count), found: names(count).toReversed() })[0]!;
    // In fifty there is no middle one that stays.
    expect(moves(50).match(/ to place /g)).toHaveLength(50);
    expect(moves(50)).toMatch(/ to place 50$/);
    expect(moves(60).match(/ to place /g)).toHaveLength(50);
    expect(moves(60)).toMatch(/ to place 50 …$/);
  });
});
