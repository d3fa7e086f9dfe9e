import { describe, expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

const MIB = 1024 * 1024;

describe('progressLine', () => {
  it.each([
    [
      'half done',
      { files: 1, totalFiles: 2, bytes: 512 * MIB, totalBytes: 1024 * MIB },
      2000,
      'hashing  [##########..........]  512 MiB of 1.0 GiB, 1 of 2 files, 256 MiB/s, 2.0 s left',
    ],
    ['not counted yet', { files: 5, totalFiles: 5, bytes: MIB, totalBytes: MIB, counted: false }, 1000, 'hashing  1.0 MiB, 5 files so far, 1.0 MiB/s'],
    ['nothing read yet', { files: 0, totalFiles: 3, bytes: 0, totalBytes: 3 }, 1000, 'hashing  [....................]  0 B of 3 B, 0 of 3 files, 0 B/s'],
    ['empty files', { files: 1, totalFiles: 2, bytes: 0, totalBytes: 0 }, 1000, 'hashing  [##########..........]  0 B of 0 B, 1 of 2 files, 0 B/s'],
    ['a file that grew', { files: 1, totalFiles: 1, bytes: 20, totalBytes: 10 }, 1000, 'hashing  [####################]  20 B of 10 B, 1 of 1 files, 20 B/s, 0 ms left'],
  ])('%s', (_, done, elapsedMs, line) => {
    expect(progressLine('hashing', done, elapsedMs)).toBe(line);
  });
});
