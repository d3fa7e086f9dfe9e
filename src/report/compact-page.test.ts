import { describe, expect, it } from 'vitest';
import { compactPage } from './compact-page.ts';
import type { Line } from './page.ts';

const shown = (lines: readonly string[]): readonly string[] => {
  const [block] = compactPage([{ kind: 'rows', rows: [{ label: 'x', lines: lines.map((one): Line => [one]) }] }]);
  return block?.kind === 'rows' ? block.rows[0]!.lines.map(([first]) => (typeof first === 'string' ? first : (first?.text ?? ''))) : [];
};

describe('compactPage', () => {
  it.each([
    ['as many as fit stay', ['a', 'b', 'c'], ['a', 'b', 'c']],
    ['the rest is counted', ['a', 'b', 'c', 'd', 'e'], ['a', 'b', 'c', '… and 2 more']],
    ['a last line that counts stays', ['a', 'b', 'c', '… and 7 more files'], ['a', 'b', 'c', '… and 7 more files']],
    ['a line that counts is counted as those', ['a', 'b', 'c', 'd', '… and 7 more files'], ['a', 'b', 'c', '… and 8 more']],
    ['wherever it stands', ['a', 'b', 'c', '… and 7 more files', 'd', '… and 2 more'], ['a', 'b', 'c', '… and 10 more']],
    ['a long line is cut', ['x'.repeat(200)], [`${'x'.repeat(119)}…`]],
  ])('%s', (_, lines, expected) => {
    expect(shown(lines)).toEqual(expected);
  });
});
