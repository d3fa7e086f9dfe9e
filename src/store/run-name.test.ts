import { describe, expect, it } from 'vitest';
import { faultOfRunName } from './run-name.ts';

describe('faultOfRunName', () => {
  it.each(['baseline', 'lr 0.01', 'Ännchen', 'v1.2~3', 'lasting', 'facade', '2026-11-27', '20261127', '20261127-1530', 'decade-2', 'a:b', 'résumé'])('takes %j', (name) => {
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
    ['lr/0.1', 'taken for a path'],
    ['-x', 'taken for a flag'],
    ['20260101T000100Z-00000001', 'the folder of a run'],
    ['bda39b56', 'reads as the id'],
    ['BDA39B56', 'reads as the id'],
    ['bda39b56-00', 'reads as the id'],
    ['bda39b56-0000-4000-8000-000000000000', 'reads as the id'],
    ['00000001-0000-4000-8000-000000000000', 'reads as the id'],
    ['bda39b5600004000', 'reads as the id'],
    [`sha256:${'0'.repeat(64)}`, 'reads as the id'],
    ['1'.repeat(64), 'reads as the id'],
  ])('says why %j names no run', (name, fault) => {
    expect(faultOfRunName(name)).toContain(fault);
  });
});
