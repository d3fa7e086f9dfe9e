import { describe, expect, it } from 'vitest';
import { categoryColumn, numberColumn } from '../../test/fixtures/snapshots.ts';
import { compareSample, type SampleQuestion } from './compare-sample.ts';
import type { Column } from './generated/snapshot-types.ts';
import type { ProfiledTable } from './recorded-profile.ts';
import type { SampleDeparture } from './sample-departure.ts';

/** Numbers that look random and are the same for ever. Source: mulberry32, T. Ettinger, public domain. */
const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

const many = <T>(count: number, value: () => T): readonly T[] => Array.from({ length: count }, value);

const table = (rowCount: number, columns: readonly Column[], label?: string): ProfiledTable => ({ rowCount, columns, ...(label === undefined ? {} : { label }) });

/** Pixels as of scanned digits: whole numbers from 0 to 16, a third of them 0. */
const pixel = (next: () => number): number => (next() < 0.3 ? 0 : Math.floor(next() * 17));

const countries = (rowCount: number, next: () => number): Column => {
  const counts: Record<string, number> = {};
  for (let row = 0; row < rowCount; row += 1) {
    const name = ['at', 'de', 'fr', 'it'][Math.min(3, Math.floor(-Math.log(1 - next()) * 1.5))]!;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return categoryColumn('country', counts);
};

const rows = (rowCount: number, seed: number) => {
  const next = dice(seed);
  return {
    age: many(rowCount, () => 20 + Math.floor(next() * 60)),
    pressure: many(rowCount, () => 120 + 15 * normal(next)),
    pixel: many(rowCount, () => pixel(next)),
    skewed: many(rowCount, () => Math.exp(normal(next))),
    country: countries(rowCount, next),
  };
};

type Rows = { readonly [K in keyof ReturnType<typeof rows>]: ReturnType<typeof rows>[K] };

const profiled = (rowCount: number, { age, pressure, pixel: dots, country }: Rows, extra: readonly Column[] = []): ProfiledTable =>
  table(rowCount, [numberColumn('age', age, 'BIGINT'), numberColumn('pressure', pressure), numberColumn('pixel', dots, 'BIGINT'), country, ...extra]);

const TRAINED = profiled(2000, rows(2000, 1));
const LIVE = rows(1000, 2);
const CLEAN = profiled(1000, LIVE);

const found = (sample: ProfiledTable, more: Partial<SampleQuestion> = {}): readonly SampleDeparture[] => compareSample({ trained: TRAINED, sample, ...more }).departures;

const withColumn = (name: string, column: Column): ProfiledTable =>
  table(
    1000,
    CLEAN.columns.map((one) => (one.name === name ? { ...column, name } : one)),
  );

const kinds = (departures: readonly SampleDeparture[]): readonly string[] => departures.map((one) => (one.kind === 'order' ? 'order' : `${one.kind} ${one.column}`));

describe('a sample of live inputs', () => {
  it('that is like the training has nothing to be told of', () => {
    expect(compareSample({ trained: TRAINED, sample: CLEAN })).toEqual({ departures: [], columns: ['age', 'pressure', 'pixel', 'country'], unseen: [], untrained: [] });
  });

  it.each([30, 100, 1000, 3000])('of %i rows is hardly ever taken for another population by chance, also where a few values are far from the others', (rowCount) => {
    const whole = (count: number, seed: number): ProfiledTable => {
      const drawn = rows(count, seed);
      return profiled(count, drawn, [numberColumn('skewed', drawn.skewed)]);
    };
    const trained = whole(2000, 1);
    const wrong = Array.from({ length: 100 }, (_, seed) => compareSample({ trained, sample: whole(rowCount, 100 + seed) }).departures).filter(
      (departures) => departures.length > 0,
    );
    expect(wrong).toEqual([]);
  });

  const [age, pressure, dots, country] = CLEAN.columns as readonly [Column, Column, Column, Column];
  const TABLE: readonly (readonly [string, ProfiledTable, readonly string[]])[] = [
    ['two columns at each other’s place', table(1000, [pressure, age, dots, country]), ['order']],
    ['one column moved to the end', table(1000, [pressure, dots, country, age]), ['order']],
    [
      'the values of two columns swapped',
      table(1000, [{ ...pressure, name: 'age' }, { ...age, name: 'pressure' }, dots, country]),
      ['outside age', 'outside pressure', 'like age', 'like pressure'],
    ],
    ['a column with another name', table(1000, [{ ...age, name: 'years' }, pressure, dots, country]), ['gone age']],
    ['a column that is gone', table(1000, [age, pressure, country]), ['gone pixel']],
    ['a column more', table(1000, [...CLEAN.columns, { ...age, name: 'id' }]), ['added id']],
    ['texts for numbers', withColumn('age', categoryColumn('age', { young: 500, old: 500 })), ['type age']],
    ['whole numbers for reals', withColumn('pressure', { ...pressure, type: 'BIGINT' }), []],
    ['numbers for texts', withColumn('country', age), ['type country']],
    [
      'values that are limited',
      withColumn(
        'pixel',
        numberColumn(
          'pixel',
          LIVE.pixel.map((value) => Math.min(15, value)),
          'BIGINT',
        ),
      ),
      ['narrower pixel'],
    ],
    [
      'values that are limited from below',
      withColumn(
        'age',
        numberColumn(
          'age',
          LIVE.age.map((value) => Math.max(40, value)),
          'BIGINT',
        ),
      ),
      ['narrower age'],
    ],
    [
      'zero in every row',
      withColumn(
        'pixel',
        numberColumn(
          'pixel',
          LIVE.pixel.map(() => 0),
          'BIGINT',
        ),
      ),
      ['constant pixel'],
    ],
    ['one country in every row', withColumn('country', categoryColumn('country', { de: 1000 })), ['constant country']],
    [
      'another unit',
      withColumn(
        'pressure',
        numberColumn(
          'pressure',
          LIVE.pressure.map((value) => value / 7.5),
        ),
      ),
      ['outside pressure'],
    ],
    [
      'a number that stands for a missing value',
      withColumn(
        'age',
        numberColumn(
          'age',
          LIVE.age.map((value, at) => (at % 20 === 0 ? -999 : value)),
          'BIGINT',
        ),
      ),
      ['outside age'],
    ],
    ['a largest value that is hardly larger', withColumn('age', { ...age, max: '82' }), []],
    [
      'a smaller range',
      withColumn(
        'age',
        numberColumn(
          'age',
          LIVE.age.map((value) => 30 + value / 2),
        ),
      ),
      ['narrower age', 'narrower age'],
    ],
    [
      'two values that are a little beyond',
      withColumn(
        'age',
        numberColumn(
          'age',
          LIVE.age.map((value, at) => (at < 2 ? 85 : value)),
          'BIGINT',
        ),
      ),
      [],
    ],
    [
      'forty values that are a little beyond',
      withColumn(
        'age',
        numberColumn(
          'age',
          LIVE.age.map((value, at) => (at < 40 ? 85 : value)),
          'BIGINT',
        ),
      ),
      ['outside age'],
    ],
    ['infinite values', withColumn('pressure', { ...pressure, max: 'Infinity' }), ['infinite pressure']],
    [
      'huge values',
      withColumn(
        'pressure',
        numberColumn(
          'pressure',
          LIVE.pressure.map((value, at) => (at === 7 ? 1e308 : value)),
        ),
      ),
      ['outside pressure'],
    ],
    [
      'values that are missing',
      withColumn(
        'pressure',
        numberColumn(
          'pressure',
          LIVE.pressure.map((value, at) => (at % 20 === 0 ? null : value)),
        ),
      ),
      ['missing pressure'],
    ],
    [
      'a single value that is missing, where none was',
      withColumn(
        'pressure',
        numberColumn(
          'pressure',
          LIVE.pressure.map((value, at) => (at === 3 ? null : value)),
        ),
      ),
      ['missing pressure'],
    ],
    ['nothing but missing values', withColumn('pressure', { name: 'pressure', type: 'VARCHAR', detail: 'full', missing: 1000, distinct: 0 }), ['missing pressure']],
    ['a new country', withColumn('country', categoryColumn('country', { at: 480, de: 250, fr: 130, it: 139, xx: 1 })), ['new-values country']],
    ['names instead of countries', withColumn('country', { name: 'country', type: 'VARCHAR', detail: 'full', missing: 0, distinct: 990 }), ['new-values country']],
    [
      'countries too long to be listed',
      withColumn('country', { ...categoryColumn('country', { at: 480, de: 250, fr: 130, it: 130 }), distinct: 14, otherCount: 10 }),
      ['new-values country'],
    ],
    ['a country less', withColumn('country', categoryColumn('country', { at: 540, de: 300, fr: 160 })), ['moved country']],
  ];
  it.each(TABLE)('with %s', (_, sample, expected) => {
    expect(kinds(found(sample))).toEqual(expected);
  });

  it('tells bounds and shares as they are', () => {
    expect(
      found(
        withColumn(
          'pixel',
          numberColumn(
            'pixel',
            LIVE.pixel.map((value) => Math.min(15, value)),
            'BIGINT',
          ),
        ),
      )[0],
    ).toMatchObject({ side: 'max', trained: '16', found: '15' });
    expect(found(table(1000, [{ ...age, name: 'years' }, pressure, dots, country]))).toEqual([{ kind: 'gone', column: 'age', insteadOf: 'years' }]);
    expect(found(table(1000, [pressure, age, dots, country]))).toEqual([
      { kind: 'order', expected: ['age', 'pressure', 'pixel', 'country'], found: ['pressure', 'age', 'pixel', 'country'] },
    ]);
    expect(found(withColumn('country', categoryColumn('country', { at: 480, de: 250, fr: 130, it: 138, xx: 1, yy: 1 })))).toEqual([
      { kind: 'new-values', column: 'country', values: 2, rows: 2 },
    ]);
  });

  it('may hold the label, or not, and is asked for the columns that the model takes', () => {
    const trained = { ...TRAINED, columns: [...TRAINED.columns, { ...numberColumn('ill', [0, 1, 1]), name: 'ill' }], label: 'ill' };
    const labelled = table(1000, [...CLEAN.columns, numberColumn('ill', [5, 6])]);
    expect(compareSample({ trained, sample: CLEAN }).departures).toEqual([]);
    expect(compareSample({ trained, sample: labelled }).departures).toEqual([]);
    expect(kinds(compareSample({ trained, sample: CLEAN, inputs: ['pressure', 'age'] }).departures)).toEqual(['order', 'added pixel', 'added country']);
    expect(compareSample({ trained, sample: table(1000, [pressure]), inputs: ['pressure', 'ill'] }).departures).toEqual([]);
    expect(compareSample({ trained, sample: table(1000, [pressure]), inputs: ['pressure', 'height'] })).toMatchObject({
      untrained: ['height'],
      departures: [{ kind: 'gone', column: 'height' }],
    });
  });

  it('is not compared by what a profile does not tell', () => {
    const off = { ...TRAINED, columns: TRAINED.columns.map(({ name, type }): Column => ({ name, type, detail: 'off' })) };
    expect(compareSample({ trained: off, sample: CLEAN })).toMatchObject({ departures: [], unseen: ['age', 'pressure', 'pixel', 'country'] });
    const counts = { ...TRAINED, columns: TRAINED.columns.map(({ name, type }): Column => ({ name, type, detail: 'counts', missing: 0, distinct: 9 })) };
    expect(compareSample({ trained: counts, sample: CLEAN })).toMatchObject({ departures: [], unseen: ['age', 'pressure', 'pixel', 'country'] });
    expect(kinds(compareSample({ trained: counts, sample: withColumn('age', { ...age, missing: 5 }) }).departures)).toEqual(['missing age']);
  });

  it('of dates is not compared by when they are: dates go on', () => {
    const day = (from: number): Column => ({ name: 'day', type: 'DATE', detail: 'full', missing: 0, min: `${from}-01-01`, max: `${from}-12-31` });
    expect(compareSample({ trained: table(100, [day(2024)]), sample: table(100, [day(2026)]) })).toMatchObject({ departures: [], unseen: ['day'] });
  });

  it('without rows has columns all the same', () => {
    const empty = table(
      0,
      CLEAN.columns.map(({ name, type }): Column => ({ name, type, detail: 'full', missing: 0, distinct: 0 })),
    );
    expect(found(empty)).toEqual([]);
    expect(kinds(found(table(0, empty.columns.toReversed())))).toEqual(['order']);
  });
});
