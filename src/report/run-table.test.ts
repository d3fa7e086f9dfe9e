import { describe, expect, it } from 'vitest';
import { renderRunCsv, renderRunTable } from './run-table.ts';

describe('a list of runs', () => {
  it('is a table for people', () => {
    const text = renderRunTable(
      {
        columns: ['id', 'started', 'state', 'exit', 'duration', 'metric.accuracy', 'why'],
        rows: [
          ['1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', '2026-11-24T08:00:00.000Z', 'finished', 0, 3.2, '0.93', 'baseline'],
          ['2f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', '2026-11-24T09:00:00.000Z', 'interrupted', undefined, undefined, undefined, '\u001b[31mred\nline'],
        ],
      },
      false,
    );
    expect(text.split('\n')).toEqual([
      '  id        started              state        exit  duration  accuracy  why',
      '  1f0c7e52  2026-11-24 08:00:00  finished     0     3.2 s     0.93      baseline',
      '  2f0c7e52  2026-11-24 09:00:00  interrupted  -     -         -         \\x1b[31mred\\x0aline',
    ]);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3+cmd|calc', "'-2+3+cmd|calc"],
    ['\t=1', '\\x09=1'],
    ['\r=1', '\\x0d=1'],
    ['-0.5', '-0.5'],
    ['+1e-3', '+1e-3'],
    [-3, '-3'],
    ['-Infinity', '-Infinity'],
    [true, 'true'],
    [undefined, ''],
    ['line\nbreak', 'line\\x0abreak'],
  ])('writes %j into CSV as %s', (cell, expected) => {
    expect(renderRunCsv({ columns: ['why'], rows: [[cell]] })).toBe(`why\r\n${expected}`);
  });
});
