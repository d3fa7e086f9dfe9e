import { describe, expect, it } from 'vitest';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { deprecatedFields } from './deprecated-fields.ts';
import { allFields } from './field-dictionary.ts';

describe('deprecatedFields', () => {
  it('finds each place that has one, with its note', () => {
    const manifest = edited(trainingManifest(), { '/data/0/evaluations': ['accuracy'] });
    expect(deprecatedFields(manifest)).toEqual([{ pointer: '/data/0/evaluations', since: '1.0', because: expect.any(String), use: '/evaluation/metrics/*/split' }]);
  });

  it('finds none in what a recorder writes now', () => {
    expect(deprecatedFields(trainingManifest())).toEqual([]);
  });

  it('every note names a field that is there in its place', () => {
    const paths = new Set(allFields().map(({ path }) => path));
    const notes = allFields().flatMap(({ deprecated }) => (deprecated === undefined ? [] : [deprecated]));
    expect(notes.length).toBeGreaterThan(0);
    for (const { since, use } of notes) {
      expect(since).toMatch(/^[1-9]\d*\.\d+$/);
      expect(use === undefined || paths.has(use)).toBe(true);
    }
  });
});
