import { describe, expect, it } from 'vitest';
import { driftOf } from './column-drift.ts';
import { compareColumns } from './compare-columns.ts';
import type { Column, Table } from './generated/snapshot-types.ts';
import { movedPlaces } from './moved-places.ts';
import { orderedValue } from './ordered-value.ts';
import { indexOf } from './stability-index.ts';

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** A column of categories: a:50 b:30. */
const categories = (text: string, extra: Partial<Column> = {}): Column => ({
  name: 'c',
  type: 'VARCHAR',
  missing: 0,
  categories: text.split(' ').map((word) => ({ value: word.split(':')[0]!, count: Number(word.split(':')[1]) })),
  otherCount: 0,
  ...extra,
});

const rowsOf = ({ categories: shown = [], otherCount = 0, missing = 0, histogram }: Column): number =>
  Math.max(
    shown.reduce((total, { count }) => total + count, otherCount),
    sum(histogram?.counts ?? []),
  ) + missing;

/** A column of numbers with bins of one width. */
const numbers = (counts: readonly number[], { from = 0, width = 1, ...extra }: Partial<Column> & { from?: number; width?: number } = {}): Column => ({
  name: 'x',
  type: 'DOUBLE',
  missing: 0,
  min: String(from),
  max: String(from + width * counts.length),
  histogram: { edges: [...counts, 0].map((_, i) => String(from + i * width)), counts },
  ...extra,
});

const drift = (before: Column, after: Column) => driftOf({ column: before, rowCount: rowsOf(before) }, { column: after, rowCount: rowsOf(after) });

describe('population stability index', () => {
  // Reference values: numpy, sum((a - b) * log(a / b)) with shares of at least half a row.
  it.each<[string, string, string, number, string]>([
    ['three categories that moved a little', 'a:50 b:30 c:20', 'a:40 b:30 c:30', 0.06286086594223739, 'stable'],
    ['a category that vanished', 'a:50 b:50', 'a:100 b:0', 2.626132832344078, 'strong'],
    ['two categories that changed places', 'a:60 b:40', 'a:40 b:60', 0.1621860432432657, 'moderate'],
    ['a reversed order', 'a:10 b:20 c:30 d:40', 'a:40 b:30 c:20 d:10', 0.9128696382935673, 'strong'],
    ['other counts with the same shares', 'a:10 b:20', 'a:20 b:40', 0, 'stable'],
  ])('is exact for %s', (_, before, after, value, grade) => {
    const result = drift(categories(before), categories(after));
    expect(result.stabilityIndex).toMatchObject({ basis: 'categories', exact: true });
    expect(result.stabilityIndex!.value).toBeCloseTo(value, 12);
    expect(result.grade).toBe(grade);
  });

  it('takes missing values as a bin of their own', () => {
    const result = drift(categories('a:50 b:30', { missing: 20 }), categories('a:40 b:30', { missing: 30 }));
    expect(result.stabilityIndex!.value).toBeCloseTo(0.06286086594223739, 12);
    expect(result.missing).toEqual({ before: 0.2, after: 0.3 });
  });

  it('of bins that agree in their borders is that of the counts', () => {
    const [before, after] = [
      [10, 20, 30, 40],
      [40, 30, 20, 10],
    ];
    const result = drift(numbers(before), numbers(after));
    expect(result.stabilityIndex).toMatchObject({ basis: 'distribution', exact: false, atLeast: result.stabilityIndex!.value });
    expect(result.stabilityIndex!.value).toBeCloseTo(indexOf(before.map((count, i) => ({ name: '', before: count, after: after[i]! }))), 12);
    expect(result.stabilityIndex!.value).toBeCloseTo(0.9128696382935673, 12);
    expect(result.distance!.estimate).toBeCloseTo(0.4, 12);
    expect(result.distance!.atLeast).toBeCloseTo(0.4, 12);
  });

  it('does not call a die of six sides drifting because one throw of a seventh side moved the bins', () => {
    const die = [3333, 3334, 3333, 3333, 3333, 3334];
    const bins = (top: number, extra: readonly number[]): Column => {
      const counts = Array.from({ length: 20 }, () => 0);
      for (const [side, count] of [...die, ...extra].entries()) counts[Math.min(19, Math.floor((side * 20) / top))]! += count;
      return { ...numbers(counts, { width: top / 20 }), type: 'BIGINT', min: '0', max: String(top) };
    };
    const result = drift(bins(5, []), bins(6, [1]));
    expect(result.stabilityIndex!.value).toBeLessThan(0.001);
    expect(result).toMatchObject({ grade: 'stable', range: { max: { before: '5', after: '6', change: 'grown' } } });
  });

  it('tells what chance alone would exceed in one case of twenty', () => {
    // scipy.stats.chi2.ppf(0.95, 2) * (1 / 100 + 1 / 100)
    expect(drift(categories('a:50 b:30 c:20'), categories('a:50 b:30 c:20')).stabilityIndex!.byChance).toBeCloseTo(5.99146 * 0.02, 2);
  });

  it('merges values that one side may hold among the others', () => {
    const result = drift(categories('a:50 b:30', { otherCount: 20 }), categories('a:50 c:30', { otherCount: 20 }));
    expect(result.stabilityIndex).toMatchObject({ exact: false, value: 0, bins: [{ name: 'a' }, { name: '(others)', before: 0.5, after: 0.5 }] });
    expect([result.newCategories, result.vanishedCategories]).toEqual([[], []]);
  });

  it('does not call a column stable of which most values are not shown', () => {
    const column = categories('a:10', { otherCount: 90 });
    expect(drift(column, column)).toMatchObject({ grade: 'unknown', because: 'the profiles show only some of the values' });
  });

  it('tells values that are new for certain, and those that the other side can have in a few rows only', () => {
    const after = categories('a:50 c:30');
    expect(drift(categories('a:50 b:30'), after)).toMatchObject({ newCategories: [{ value: 'c', count: 30, certain: true }], vanishedCategories: [{ value: 'b', certain: true }] });
    expect(drift(categories('a:50 b:27', { otherCount: 3 }), after)).toMatchObject({
      newCategories: [{ value: 'c', count: 30, certain: false }],
      vanishedCategories: [{ value: 'b', certain: true }],
    });
  });

  it('tells a constant from another constant', () => {
    const constant = (value: number): Column => numbers([100], { from: value, width: 0 });
    expect(drift(constant(5), constant(5)).grade).toBe('stable');
    for (const [other, side] of [
      [4, 'min'],
      [7, 'max'],
    ] as const) {
      expect(drift(constant(5), constant(other))).toMatchObject({ grade: 'strong', distance: { estimate: 1 } });
      expect(drift(constant(5), constant(other)).edges.map((edge) => edge.kind === 'clipped')).not.toContain(true);
      expect(drift(constant(5), constant(other)).range![side].change).toBe('grown');
    }
  });

  it('takes infinite values for the ends of a column, not for its bins', () => {
    const column = numbers([10, 20, 30, 40], { max: 'Infinity' });
    expect(drift(column, column)).toMatchObject({ grade: 'stable', stabilityIndex: { basis: 'distribution', value: 0 } });
  });
});

describe('driftOf', () => {
  it.each<[string, Partial<Column>, Partial<Column>, string]>([
    ['is turned off', { detail: 'off' }, {}, 'the profile of this column is turned off'],
    ['holds values of another kind', { type: 'BIGINT' }, {}, 'values of type BIGINT do not compare with values of type VARCHAR'],
  ])('leaves a column unknown whose profile %s', (_, before, after, because) => {
    expect(drift({ ...categories('a:1'), ...before }, { ...categories('a:1'), ...after })).toMatchObject({ grade: 'unknown', because });
  });

  it('leaves a column unknown if its table could not be read whole', () => {
    const column = categories('a:1');
    expect(driftOf({ column, rowCount: 1, problem: 'line 3: a quote is not closed' }, { column, rowCount: 1 })).toMatchObject({
      grade: 'unknown',
      because: 'the table before could not be read whole: line 3: a quote is not closed',
    });
  });

  it('grades a column of which only missing values are known no better than unknown', () => {
    const counts = (missing: number) => ({ column: { name: 'c', type: 'VARCHAR', detail: 'counts' as const, missing }, rowCount: 100 });
    expect(driftOf(counts(10), counts(10))).toMatchObject({ grade: 'unknown', because: 'the profiles tell only which rows have no value' });
    expect(driftOf(counts(10), counts(60))).toMatchObject({ grade: 'strong', stabilityIndex: { basis: 'missing' } });
  });

  it('tells by how many standard deviations the mean moved, and a range that shrank', () => {
    const result = drift(numbers([5, 5], { mean: '10', standardDeviation: '4' }), numbers([5, 5], { from: 0.5, width: 0.5, mean: '12', standardDeviation: '4' }));
    expect(result).toMatchObject({ meanShift: 0.5, range: { min: { before: '0', after: '0.5', change: 'shrunk' }, max: { change: 'shrunk' } } });
  });

  it('does not call a column stable whose mean moved far', () => {
    const result = drift(numbers([5, 5], { mean: '10', standardDeviation: '4' }), numbers([5, 5], { mean: '12.5', standardDeviation: '4' }));
    expect(result).toMatchObject({ grade: 'moderate', because: 'the mean moved by 0.63 standard deviations' });
  });

  const ages = [40, 90, 160, 220, 220, 160, 70, 40];

  it.each<[string, Column, Column, readonly object[]]>([
    ['a clipped column by its fullest bin', numbers(ages, { width: 10 }), numbers([40, 90, 160, 220, 220, 270], { width: 10 }), [{ kind: 'clipped', side: 'max', at: '60' }]],
    ['a column clipped from below', numbers(ages, { width: 10 }), numbers([290, 220, 220, 160, 70, 40], { from: 20, width: 10 }), [{ kind: 'clipped', side: 'min', at: '20' }]],
    [
      'a clipped column by its quantiles',
      numbers(ages, { width: 10 }),
      numbers([40, 90, 160, 220, 220, 270], { width: 10, quantiles: [{ at: '0.9', value: '60' }] }),
      [{ kind: 'clipped', side: 'max', at: '60' }],
    ],
    [
      'a placeholder far outside',
      numbers(ages, { width: 10 }),
      numbers([900, 0, 0, 0, 0, 0, 0, 0, 0, 100], { width: 99.9, max: '999', quantiles: [{ at: '0.95', value: '999' }] }),
      [{ kind: 'new-extreme', side: 'max', at: '999' }],
    ],
    [
      'a placeholder far outside by its bin alone',
      numbers(ages, { width: 10 }),
      numbers([960, 0, 0, 0, 0, 0, 0, 0, 0, 40], { width: 99.9, max: '999' }),
      [{ kind: 'new-extreme', side: 'max', at: '999', share: 0.04, rows: { count: 40, of: 1000, exact: false } }],
    ],
    [
      'one row of thirty far outside as one row',
      numbers([10, 10, 10], { width: 10 }),
      numbers([10, 10, 9, 0, 0, 0, 0, 0, 0, 1], { width: 10, max: '99' }),
      [{ kind: 'new-extreme', side: 'max', at: '99', rows: { count: 1, of: 30, exact: true } }],
    ],
    ['a range that grew by a few rows as nothing unusual', numbers(ages, { width: 10 }), numbers([...ages, 20, 10], { width: 10 }), []],
    ['rows beyond a value that were left out as no clipping', numbers(ages, { width: 10 }), numbers(ages.slice(0, 6), { width: 10 }), []],
    ['another unit as no clipping', numbers(ages, { width: 10 }), numbers(ages, { width: 0.1 }), []],
    ['the same range', numbers(ages), numbers(ages.toReversed()), []],
  ])('finds %s', (_, before, after, edges) => {
    const result = drift(before, after);
    expect(result.edges).toMatchObject(edges);
    if (edges.length > 0) expect(['moderate', 'strong']).toContain(result.grade);
  });

  it.each<[string, Column, Column, RegExp]>([
    [
      'stable',
      numbers([9900, 100, 0, 0], { width: 100 }),
      numbers([9000, 900, 90, 10], { width: 30 }),
      /^the bins are too coarse: up to 100 % of the rows may have moved inside them$/,
    ],
    ['strong', numbers([8000, 1500, 400, 100], { width: 100 }), numbers([9800, 150, 30, 20], { width: 400 }), /^the bins are too coarse: an index from 0\.0\d+ on is possible$/],
  ])('does not call a column %s whose bins are too coarse to tell', (_, before, after, because) => {
    const result = drift(before, after);
    expect(result.grade).toBe('unknown');
    expect(result.because).toMatch(because);
  });

  it('compares dates by their quantiles', () => {
    const dates = (year: number): Column => ({
      name: 'd',
      type: 'DATE',
      missing: 0,
      min: `${year}-01-01`,
      max: `${year}-12-31`,
      quantiles: ['0.25', '0.5', '0.75'].map((at, i) => ({ at, value: `${year}-0${3 + 3 * i}-15` })),
    });
    const among = (column: Column) => ({ column, rowCount: 365 });
    expect(driftOf(among(dates(2020)), among(dates(2020))).grade).toBe('stable');
    expect(driftOf(among(dates(2020)), among(dates(2021)))).toMatchObject({
      grade: 'strong',
      stabilityIndex: { bins: [{ name: '< 2020-03-15', after: 0 }, {}, { name: '2020-06-15 – 2020-09-15', after: 0 }, { name: '≥ 2020-09-15', after: 1 }] },
      distance: { estimate: 1 },
      range: { max: { change: 'grown' } },
    });
  });
});

const table = (columns: readonly Column[], extra: Partial<Table> = {}): Table => ({
  path: 't.csv',
  format: 'csv',
  fileCount: 1,
  rowCount: columns[0] === undefined ? 0 : rowsOf(columns[0]),
  columns,
  ...extra,
});
const named = (name: string, text = 'a:50 b:50', extra: Partial<Column> = {}): Column => ({ ...categories(text), name, ...extra });

describe('compareColumns', () => {
  it('tells columns that came, went, were moved and got another type', () => {
    const result = compareColumns(
      table([named('a'), named('b'), named('c'), named('n', 'a:100', { type: 'INTEGER' })]),
      table([named('c'), named('a'), named('n', 'a:100', { type: 'BIGINT' }), named('e', 'x:100')]),
    )!;
    expect(result.added.map(({ name }) => name)).toEqual(['e']);
    expect(result.removed.map(({ name }) => name)).toEqual(['b']);
    expect(result.shared).toMatchObject([{ name: 'c', moved: { from: 3, to: 1 } }, { name: 'a' }, { name: 'n', types: { before: 'INTEGER', after: 'BIGINT', sameFamily: true } }]);
    expect(result.shared.filter(({ moved }) => moved !== undefined)).toHaveLength(1);
  });

  it('takes a column as renamed only if nothing but its name differs', () => {
    expect(compareColumns(table([named('a'), named('old')]), table([named('a'), named('new')]))!.shared[1]).toMatchObject({ name: 'new', renamedFrom: 'old' });
    expect(compareColumns(table([named('a'), named('old')]), table([named('a'), named('new', 'a:49 b:51')]))).toMatchObject({
      added: [{ name: 'new' }],
      removed: [{ name: 'old' }],
    });
    const blind = (name: string): Column => ({ name, type: 'VARCHAR', detail: 'off' });
    expect(compareColumns(table([blind('old')]), table([blind('new')]))!.shared).toEqual([]);
  });

  it('tells how the balance of the labels moved', () => {
    const result = compareColumns(table([named('y', 'no:80 yes:20')], { label: 'y' }), table([named('y', 'no:50 yes:50')], { label: 'y' }))!;
    expect(result.label).toMatchObject({ column: 'y', grade: 'strong' });
    expect(result.label!.totalVariation).toBeCloseTo(0.3, 12);
    // numpy: (0.5 - 0.8) * log(0.5 / 0.8) + (0.5 - 0.2) * log(0.5 / 0.2)
    expect(result.label!.stabilityIndex).toBeCloseTo(0.41588830833596718, 12);
  });

  it('says nothing of tables whose columns are not known', () => {
    expect(compareColumns({ path: 't', format: 'csv', fileCount: 1 }, table([]))).toBeUndefined();
  });

  it('survives columns of the same name', () => {
    const result = compareColumns(table([named('a'), named('a')]), table([named('a'), named('a'), named('a')]))!;
    expect([result.shared.length, result.added.length, result.removed.length]).toEqual([1, 2, 1]);
  });
});

describe('movedPlaces', () => {
  it.each<[readonly number[], readonly number[]]>([
    [[0, 1, 2], []],
    [[2, 0, 1], [0]],
    [[1, 2, 0], [2]],
    [[], []],
    [
      [2, 1, 0],
      [0, 1],
    ],
  ])('of %j are %j', (places, moved) => {
    expect([...movedPlaces(places)]).toEqual(moved);
  });
});

describe('orderedValue', () => {
  it.each<[string, number | undefined]>([
    ['-1.5e3', -1500],
    ['1970-01-02', 86_400],
    ['2000-03-01', 951_868_800],
    ['1969-12-31 23:59:59.5', -0.5],
    ['2000-03-01 02:00:00+02', 951_868_800],
    ['00:01:00', 60],
    ['NaN', undefined],
    ['abc', undefined],
    ['1e999', undefined],
  ])('of %s is %s', (text, value) => {
    expect(orderedValue(text)).toBe(value);
  });
});
