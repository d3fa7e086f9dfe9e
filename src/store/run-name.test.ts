import { describe, expect, it } from 'vitest';
import { faultOfRunName, isBeginningOf } from './run-name.ts';

describe('faultOfRunName', () => {
  it.each([
    'baseline',
    'lr 0.01',
    'Ännchen',
    'v1.2~3',
    'lasting',
    'facade',
    '2026-11-27',
    '20261127',
    '20261127-1530',
    'decade-2',
    'a:b',
    'feature/lr',
    'résumé',
    'bda39b56',
    'bda39b56-00',
    '7a9be13c2d4f5061728394a5b6c7d8e9f0a1b2c3',
  ])('takes %j', (name) => {
    expect(faultOfRunName(name)).toBeUndefined();
  });

  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['a\u001b[31mb', 'control characters'],
    ['a\nb', 'control characters'],
    ['last', 'last means the newest run'],
    ['last~2', 'last means the newest run'],
    ['none', 'none means no run'],
    ['-x', 'taken for a flag'],
    ['20260101T000100Z-00000001', 'the folder of a run'],
    ['bda39b56-0000-4000-8000-000000000000', 'reads as the id'],
    ['00000001-0000-4000-8000-000000000000', 'reads as the id'],
    [`sha256:${'0'.repeat(64)}`, 'reads as the id'],
    ['BDA39B56-0000-4000-8000-000000000000', 'reads as the id'],
    ['sha256:bda39b56', 'reads as the id'],
    ['1'.repeat(64), 'reads as the id'],
  ])('says why %j names no run', (name, fault) => {
    expect(faultOfRunName(name)).toContain(fault);
  });
});

describe('isBeginningOf', () => {
  const run = { id: 'bda39b56-0000-4000-8000-000000000000', manifestSha256: 'f00d'.repeat(16) };
  it.each([
    ['bda39b56', true],
    ['BDA39B', true],
    ['f00df00d', true],
    ['bda39b57', false],
    ['baseline', false],
  ])('%j: %j', (name, expected) => {
    expect(isBeginningOf(name, run)).toBe(expected);
    expect(isBeginningOf('f00d', { id: run.id })).toBe(false);
  });
});
