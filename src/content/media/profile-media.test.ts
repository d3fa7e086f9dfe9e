import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { has, PYTHON } from '../../../test/harness/project.ts';
import { mediaGroups } from './media-groups.ts';
import { profileMedia } from './profile-media.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainlock-media-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
  return name;
};

/** A PNG whose head claims a size; its pixels are not there. */
const png = (width: number, height: number): Buffer => {
  const head = Buffer.alloc(33);
  head.write('\x89PNG\r\n\x1a\n', 0, 'latin1');
  head.writeUInt32BE(13, 8);
  head.write('IHDR', 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  head.set([8, 2, 0, 0, 0], 24);
  return Buffer.concat([head, deflateSync(Buffer.alloc(10))]);
};

/** A WAV of silence; `claims` is the length that its head tells. */
const wav = (seconds: number, rate: number, claims: number = seconds * rate * 2): Buffer => {
  const bytes = Buffer.alloc(44 + seconds * rate * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(Math.min(0xffffffff, 36 + claims), 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(Math.min(0xffffffff, claims), 40);
  return bytes;
};

const GROUPS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['folders side by side are classes', ['t/cat/1.png', 't/cat/2.png', 't/dog/1.jpg'], ['t image 3 cat:2 dog:1']],
  ['folders in the root are classes', ['cat/1.png', 'dog/1.png'], ['. image 2 cat:1 dog:1']],
  ['parts of a split are no classes', ['train/1.png', 'test/1.png'], ['test image 1', 'train image 1']],
  ['classes of each part', ['train/a/1.png', 'train/b/1.png', 'test/a/1.png', 'test/b/1.png'], ['test image 2 a:1 b:1', 'train image 2 a:1 b:1']],
  ['files beside the folders are no class', ['x/1.png', 'x/a/1.png', 'x/b/1.png'], ['x image 1', 'x/a image 1', 'x/b image 1']],
  ['kinds are told apart', ['d/1.png', 'd/1.txt', 'd/1.wav', 'd/1.csv'], ['d audio 1', 'd image 1', 'd text 1']],
];

describe('media', () => {
  it.each(GROUPS)('%s', (_, names, expected) => {
    const told = mediaGroups(names).map(({ path, kind, names: all, classes }) =>
      [path, kind, all.length, ...(classes ?? []).map(({ name, count }) => `${name}:${count}`)].join(' '),
    );
    expect(told).toEqual(expected);
  });

  it('tells sizes, dimensions, durations, rates and lines', async () => {
    const names = [
      write('a/cat/1.png', png(10, 20)),
      write('a/dog/2.png', png(30, 40)),
      write('s/1.wav', wav(1, 8000)),
      write('s/2.wav', wav(3, 16_000)),
      write('w/1.txt', 'one\ntwo\n'),
      write('w/2.txt', 'one'),
    ];
    expect(await profileMedia(folder, names)).toEqual([
      {
        path: 'a',
        kind: 'image',
        fileCount: 2,
        totalBytes: expect.any(Number),
        formats: [{ name: 'png', count: 2 }],
        classes: [
          { name: 'cat', count: 1 },
          { name: 'dog', count: 1 },
        ],
        width: { min: 10, max: 30, mean: '20' },
        height: { min: 20, max: 40, mean: '30' },
      },
      {
        path: 's',
        kind: 'audio',
        fileCount: 2,
        totalBytes: 44 + 16_000 + 44 + 96_000,
        formats: [{ name: 'wave', count: 2 }],
        durationMs: { min: 1000, max: 3000, mean: '2000' },
        sampleRateHz: { min: 8000, max: 16_000, mean: '12000' },
      },
      { path: 'w', kind: 'text', fileCount: 2, totalBytes: 11, lines: { min: 1, max: 2, mean: '1.5' } },
    ]);
  });

  it('is hurt by nothing: bombs, cut and empty files, files that are something else, and files that are gone', async () => {
    const began = performance.now();
    const names = [
      write('bad/i/bomb.png', png(1_000_000_000, 1_000_000_000)),
      write('bad/i/cut.png', png(5, 5).subarray(0, 20)),
      write('bad/i/empty.jpg', ''),
      write('bad/i/word.gif', 'this is a word'),
      write('bad/i/loop.heic', Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'), Buffer.alloc(2000)])),
      write('bad/i/loop.jp2', Buffer.concat([Buffer.from('\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ', 'latin1'), Buffer.alloc(2000)])),
      write('bad/i/zero.tiff', Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), Buffer.alloc(2000)])),
      write(
        'bad/i/long.jpg',
        Buffer.concat([Buffer.from('\xff\xd8', 'latin1'), ...Array.from({ length: 20 }, () => Buffer.concat([Buffer.from('\xff\xe1\xff\xff', 'latin1'), Buffer.alloc(65_533)]))]),
      ),
      'bad/i/gone.png',
      write('bad/a/claims.wav', wav(1, 8000, 4_000_000_000)),
      write('bad/a/cut.wav', wav(1, 8000).subarray(0, 30)),
      write('bad/a/zeros.mp3', Buffer.alloc(500_000)),
      write('bad/a/tag.mp3', Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'), Buffer.alloc(1000)])),
      write('bad/a/word.flac', 'fLaC but no more'),
      write('bad/t/binary.txt', Buffer.from([1, 0, 2])),
    ];
    const media = await profileMedia(folder, names);
    expect(media.map(({ path, fileCount, unreadableCount }) => [path, fileCount, unreadableCount])).toEqual([
      ['bad/a', 5, 4],
      ['bad/i', 9, 8],
      ['bad/t', 1, 1],
    ]);
    expect(media[1]!.width).toMatchObject({ max: 1_000_000_000 });
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it.skipIf(!has('PIL'))('reads what other programs write', async () => {
    const names = ['jpg', 'png', 'gif', 'bmp', 'webp', 'tiff'].map((ending) => {
      const name = write(`pil/x.${ending}`, '');
      execFileSync(PYTHON, ['-c', 'import sys; from PIL import Image; Image.new("RGB", (123, 45), (9, 9, 9)).save(sys.argv[1])', join(folder, name)]);
      return name;
    });
    expect((await profileMedia(folder, names))[0]).toMatchObject({ fileCount: 6, width: { min: 123, max: 123 }, height: { min: 45, max: 45 } });
  });

  it('can be stopped', async () => {
    await expect(profileMedia(folder, ['a/cat/1.png'], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
