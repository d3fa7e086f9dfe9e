import { describe, expect, it } from 'vitest';
import { schemaMajorOf } from './schema-major-of.ts';

const RUN = { id: '7a91c06e-0000-4000-8000-000000000000', folder: { path: '/store/runs/20260101T000000Z-7a91c06e', name: '20260101T000000Z-7a91c06e' } };
const settings = (value: 'v0' | 'v1') => ({ schema: { value, origin: { kind: 'default' } } }) as const;
const major = (stated: unknown, set: 'v0' | 'v1'): number => schemaMajorOf({ schemaMajor: stated as number }, settings(set), RUN);

describe('the version in which a begun run is recorded', () => {
  it.each([
    ['what was decided at its start, not what is set now', 0, 'v1', 0],
    ['what was decided at its start, not an older setting', 1, 'v0', 1],
    ['what is set now, where its recorder knew one version only', undefined, 'v0', 0],
    ['the usual one, where nobody set anything', undefined, 'v1', 1],
  ] as const)('is %s', (_, stated, set, expected) => {
    expect(major(stated, set)).toBe(expected);
  });

  it.each([
    ['a later version', 7, 'TL0202'],
    ['a number below all', -1, 'TL0304'],
    ['half a number', 0.5, 'TL0304'],
    ['a text', 'x', 'TL0304'],
    ['a version as text', '1', 'TL0304'],
    ['a list', [1], 'TL0304'],
  ])('is not guessed from %s', (_, stated, code) => {
    expect(() => major(stated, 'v1')).toThrow(expect.objectContaining({ code }));
  });
});
