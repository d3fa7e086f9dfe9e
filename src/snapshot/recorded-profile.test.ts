import { describe, expect, it } from 'vitest';
import { categoryColumn, numberColumn } from '../../test/fixtures/snapshots.ts';
import type { Column } from './generated/snapshot-types.ts';
import { MOST_PROFILED_COLUMNS, profiledTable, recordedProfile } from './recorded-profile.ts';

const COLUMNS: readonly Column[] = [
  numberColumn('age', [1, 2, 2, 3, null]),
  categoryColumn('country', { at: 3, 'category:x': 1, '': 1 }),
  {
    name: 'when',
    type: 'TIMESTAMP',
    detail: 'full',
    missing: 0,
    distinct: 2,
    min: '2026-01-01 00:00:00',
    max: '2026-01-02 10:00:00',
    quantiles: [{ at: '0.5', value: '2026-01-01 00:00:00' }],
  },
  { name: 'note', type: 'VARCHAR', detail: 'full', missing: 1, distinct: 4, lengths: { min: 1, max: 9, mean: '4.5' } },
  { name: 'salary', type: 'DOUBLE', detail: 'counts', missing: 0, distinct: 5 },
  { name: 'name', type: 'VARCHAR', detail: 'off' },
  { name: '__proto__', type: 'BIGINT', detail: 'full', missing: 0, distinct: 1, min: '-1e+300', max: 'Infinity' },
  { name: 'constructor', type: 'BOOLEAN', detail: 'full', missing: 5, distinct: 0 },
];

describe('the profile in a manifest', () => {
  it('is the one that was taken, column by column', () => {
    const recorded = recordedProfile({ columns: COLUMNS, rowCount: 5, label: 'country' })!;
    expect(profiledTable(JSON.parse(JSON.stringify(recorded)))).toEqual({ rowCount: 5, columns: COLUMNS, label: 'country' });
    for (const figures of Object.values(recorded.profile)) for (const text of Object.values(figures)) expect(typeof text).toBe('string');
  });

  it.each<[string, Parameters<typeof recordedProfile>[0]]>([
    ['without columns', { rowCount: 1 }],
    ['without a number of rows', { columns: COLUMNS }],
    ['with two columns of one name', { columns: [COLUMNS[0]!, COLUMNS[0]!], rowCount: 1 }],
    ['with too many columns', { columns: Array.from({ length: MOST_PROFILED_COLUMNS + 1 }, (_, at): Column => ({ name: String(at), type: 'BIGINT' })), rowCount: 1 }],
  ])('is not made of a table %s', (_, table) => {
    expect(recordedProfile(table)).toBeUndefined();
  });

  const ONE = { schema: [{ name: 'x', type: 'BIGINT' }], rowCount: 3 };
  it.each<[string, Parameters<typeof profiledTable>[0]]>([
    ['nothing', {}],
    ['columns alone', ONE],
    ['no number of rows', { schema: ONE.schema, profile: { x: {} } }],
    ['no columns', { schema: [], profile: {}, rowCount: 3 }],
    ['another column', { ...ONE, profile: { y: {} } }],
    ['what every object has', { ...ONE, schema: [{ name: 'constructor', type: 'BIGINT' }], profile: {} }],
  ])('is not there where the manifest holds %s', (_, recorded) => {
    expect(profiledTable(recorded)).toBeUndefined();
  });

  it('has no figure that is none', () => {
    const profile = {
      x: {
        detail: 'much',
        missing: '-1',
        distinct: '1e3',
        min: '3',
        'histogram.edges': '1 2',
        'histogram.counts': '1 x',
        quantiles: '=3, ',
        'lengths.min': '1',
        otherCount: '0',
        'category:a': 'many',
      },
    };
    expect(profiledTable({ ...ONE, profile })?.columns).toEqual([{ name: 'x', type: 'BIGINT', detail: 'off', quantiles: [], categories: [], otherCount: 0 }]);
  });
});
