import { describe, expect, it } from 'vitest';
import { type JsonValue, valueAt } from '#base';
import { CURRENT_MAJOR, migrateManifest } from '#migrate';
import { placesInView } from './places-in-view.ts';

const v0 = (more: { readonly [key: string]: JsonValue } = {}): JsonValue => ({
  schemaVersion: '0.5',
  process: [{ newer: 1 }],
  run: { newer: 2 },
  lineage: {},
  governance: {},
  ...more,
});
const v1 = (more: { readonly [key: string]: JsonValue } = {}): JsonValue => ({ schemaVersion: '1.5', processes: [{ newer: 1 }], run: { newer: 2 }, ...more });

describe('places that are not understood', () => {
  it.each<[string, JsonValue, number, number, string, string]>([
    ['move with their list', v0(), 0, 1, '/process/0/newer', '/processes/0/newer'],
    ['move back with their list', v1(), 1, 0, '/processes/0/newer', '/process/0/newer'],
    ['stay where their section stays', v0(), 0, 1, '/run/newer', '/run/newer'],
    ['stay in a view of the same version', v1(), 1, 1, '/processes/0/newer', '/processes/0/newer'],
    ['are not taken for a list whose name only begins the same', v0({ processed: 3 }), 0, 1, '/processed', '/processed'],
    [
      'go aside with a field that the later version does not have',
      v0({ lineage: { supersedes: { reason: 'r', newer: 4 } } }),
      0,
      1,
      '/lineage/supersedes/newer',
      '/extensions/dev.trainlock.v0/~1lineage~1supersedes/newer',
    ],
    [
      'go aside with parents that the earlier version has no word for',
      v1({ run: { parents: [{ kind: 'upgrade', run: 'a', newer: 5 }] } }),
      1,
      0,
      '/run/parents/0/newer',
      '/extensions/dev.trainlock.v1/~1run~1parents/0/newer',
    ],
  ])('%s', (_, record, from, to, place, expected) => {
    const { value: view } = migrateManifest(record, from, to);
    const { notes } = migrateManifest(record, from, CURRENT_MAJOR);
    expect(placesInView([place], { view, to, notes })).toEqual([expected]);
    expect(valueAt(view, expected)).toBe(valueAt(record, place));
  });
});
