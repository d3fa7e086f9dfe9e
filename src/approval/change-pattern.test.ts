import { describe, expect, it } from 'vitest';
import { allFields, CAUSE_CLASSES } from '#manifest';
import { changeAt, readPattern } from './change-pattern.ts';

describe('a pattern', () => {
  it.each<[string, ReturnType<typeof readPattern>]>([
    ['**', { kind: 'everything' }],
    ['policy', { kind: 'policy' }],
    ['data', { kind: 'class', class: 'data' }],
    ['/data', { kind: 'path', segments: ['data'] }],
    ['/data/*/contentSha256', { kind: 'path', segments: ['data', '*', 'contentSha256'] }],
    ['/*/*/contentSha256', { kind: 'path', segments: ['*', '*', 'contentSha256'] }],
    ['/data/*/schema/**', { kind: 'path', segments: ['data', '*', 'schema', '**'] }],
    ['/data/*/contentSha256/**', { kind: 'path', segments: ['data', '*', 'contentSha256', '**'] }],
    ['/**', { kind: 'path', segments: ['**'] }],
    ['/*', { kind: 'path', segments: ['*'] }],
    ['/process/*/argv', { kind: 'path', segments: ['processes', '*', 'argv'] }],
    ['/process/**', { kind: 'path', segments: ['processes', '**'] }],
    ['', undefined],
    ['result', undefined],
    ['context', undefined],
    ['Data', undefined],
    ['data/**', undefined],
    ['/', undefined],
    ['/later', undefined],
    ['/dat', undefined],
    ['/data/', undefined],
    ['/data/0/contentSha256', undefined],
    ['/data/*/contentSha256/more', undefined],
    ['/data/*/contentSha256/*', undefined],
    ['/**/contentSha256', undefined],
    ['/data/**/**', undefined],
    ['/later/**', undefined],
    ['/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*', undefined],
  ])('%s', (text, expected) => {
    expect(readPattern(text)).toEqual(expected);
  });

  it('names each class of a cause', () => {
    for (const word of CAUSE_CLASSES) expect(readPattern(word)).toEqual({ kind: 'class', class: word });
  });

  it('names every path of the manifest, and whatever a path lies in is one too', () => {
    const paths = new Set(allFields().map(({ path }) => path));
    for (const path of paths) {
      expect(readPattern(path)).toEqual({ kind: 'path', segments: path.slice(1).split('/') });
      const above = path.slice(0, path.lastIndexOf('/'));
      expect(above === '' || paths.has(above), path).toBe(true);
    }
  });
});

describe('the change of a place', () => {
  it('is of its class, with everything below it', () => {
    expect(changeAt('/data/*/contentSha256')).toEqual({
      path: '/data/*/contentSha256',
      segments: ['data', '*', 'contentSha256'],
      classes: ['data'],
      isWhole: true,
      label: expect.stringMatching(/./),
    });
    expect(changeAt('/process/*/argv')).toEqual(changeAt('/processes/*/argv'));
    expect(changeAt('/later')).toBeUndefined();
    expect(changeAt('')).toBeUndefined();
  });
});
