import { describe, expect, it } from 'vitest';
import { readProblem } from './read-problem.ts';

const NAMES = new Map([
  ['/tmp/x/f1.csv', 'part-1.csv'],
  ['/tmp/x/f2.csv', 'part-2.csv'],
]);

const CASES: readonly (readonly [string, string, string])[] = [
  [
    'Invalid Input Error: CSV Error on Line: 12\nOriginal Line: hush,1\nExpected Number of Columns: 3 Found: 2\nPossible fixes:\n  file = /tmp/x/f2.csv',
    'part-2.csv, line 12: 2 fields where 3 are expected',
    'a line with too few fields',
  ],
  [
    'Invalid Input Error: CSV Error on Line: 7\nOriginal Line: hush,"x\n\nValue with unterminated quote found.\n',
    'line 7: a quote is not closed, or stands in the middle of a field',
    'an open quote',
  ],
  [
    'Conversion Error: CSV Error on Line: 3\nOriginal Line: Expected Number of Columns: 9 Found: 9\nError when converting column "b". Could not convert string "hush" to \'BIGINT\'',
    'line 3: a value is not of the type BIGINT of its column',
    'a line that speaks like an error',
  ],
  [
    'Invalid Input Error: Malformed JSON in file "/tmp/x/f1.csv", at byte 9 in line 4: unexpected end of data.  ',
    'part-1.csv, line 3: not JSON: unexpected end of data',
    'a cut line of JSON',
  ],
  ['Conversion Error: Could not cast "hush" or \'hush\' to INT', 'Could not cast … or … to INT', 'anything else'],
  ["Invalid Input Error: No magic bytes found at end of file '/tmp/x/f1.csv'", "No magic bytes found at end of file 'part-1.csv'", 'a file that is no Parquet'],
];

describe('problems of reading', () => {
  it.each(CASES)('%s', (message, expected) => {
    const told = readProblem(new Error(message), NAMES);
    expect(told).toBe(expected);
    expect(told).not.toContain('hush');
  });
});
