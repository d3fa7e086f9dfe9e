import { describe, expect, it } from 'vitest';
import type { FileEntry } from '#digest';
import { treeDifference } from './tree-difference.ts';

const entry = (path: string, letter: string, more: Partial<FileEntry> = {}): FileEntry => ({ path, sha256: letter.repeat(64), size: 1, ...more });

const CASES: readonly (readonly [string, readonly FileEntry[], readonly FileEntry[], boolean, boolean, string])[] = [
  ['other bytes', [entry('a', 'a')], [entry('a', 'b')], true, true, '1 of 9 files has other bytes: a'],
  ['another mode', [entry('a', 'a')], [entry('a', 'a', { mode: 'x' })], true, true, '1 of 9 files has another mode: a'],
  ['another link', [entry('a', 'a', { link: 'x' })], [entry('a', 'a', { link: 'y' })], true, true, '1 of 9 files has another link: a'],
  ['a file more', [], [entry('a', 'a')], true, true, '1 file more than recorded: a'],
  ['a file more beside a list that lacks some', [], [entry('a', 'a')], false, false, ''],
  ['files that are gone', [entry('a', 'a'), entry('b', 'a')], [], true, false, '2 of 9 files are gone or cannot be read: a, b'],
  [
    'every kind at once',
    [entry('a', 'a'), entry('b', 'a'), entry('c', 'a'), entry('d', 'd')],
    [entry('a', 'b'), entry('b', 'a', { mode: 'x' }), entry('e', 'e')],
    true,
    true,
    '1 of 9 files has other bytes: a; 1 of 9 files has another mode: b; 1 file more than recorded: e; 2 of 9 files are gone or cannot be read: c, d',
  ],
  [
    'names that look alike',
    [entry('\ufffd', 'a', { raw: '6Q==' })],
    [entry('\ufffd', 'b', { raw: '6A==' })],
    true,
    true,
    '1 file more than recorded: \\xe8; 1 of 9 files is gone or cannot be read: \\xe9',
  ],
];

describe('in what a folder differs from its list', () => {
  it.each(CASES)('%s', (_, before, after, isWhole, isOther, because) => {
    expect(treeDifference({ before, after }, { fileCount: 9, isWhole })).toEqual({ isOther, because });
  });
});
