import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BLOCK_BYTES, FOREIGN_FRAME, frameOf, frameOfBlocks, hasZstdProgram, rowsText, zerosFrame, zstdProgram } from '../../../test/fixtures/zstd-frames.ts';
import { nativeZstd } from './native-zstd.ts';
import { unpackedSize, unpackObject } from './unpack-object.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainlock-zstd-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place = (bytes: Uint8Array): string => {
  const path = join(folder, 'object.zst');
  writeFileSync(path, bytes);
  return path;
};

// A project may be shared by two Node.js: on one that has Zstandard both readers are tried.
const READERS = [['fzstd', null] as const, ...(nativeZstd === null ? [] : [['Node.js', nativeZstd] as const])];

describe.each(READERS)('reading with %s', (_, reader) => {
  const read = async (frame: Uint8Array, mostBytes = 2 ** 30): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of unpackObject(place(frame), mostBytes, reader)) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('gives what the program zstd had compressed', async () => {
    expect((await read(FOREIGN_FRAME)).toString()).toBe(rowsText(100));
    expect(await unpackedSize(place(FOREIGN_FRAME))).toBe(1420);
  });

  const contents: readonly (readonly [string, () => Buffer])[] = [
    ['a table', () => Buffer.from(rowsText(60_000))],
    ['random bytes', () => randomBytes(700_001)],
    ['zeros', () => Buffer.alloc(5_000_000)],
    ['floats', () => Buffer.from(Float32Array.from({ length: 100_000 }, () => Math.random()).buffer)],
    ['one byte', () => Buffer.from('x')],
  ];
  it.runIf(hasZstdProgram()).each(contents)('gives %s that zstd compresses at any level', async (_name, make) => {
    const content = make();
    const source = join(folder, 'content');
    writeFileSync(source, content);
    for (const options of [['-1'], ['-3', '--no-check'], ['-19'], ['--long=27'], ['--fast=5']]) expect((await read(zstdProgram([...options, source]))).equals(content)).toBe(true);
  });

  it('gives what stands in a frame as it is, in several blocks', async () => {
    const content = randomBytes(3 * BLOCK_BYTES + 17);
    expect((await read(frameOf(content))).equals(content)).toBe(true);
    expect(await read(frameOf(Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  it('does not read what stands behind the frame', async () => {
    for (const more of ['more', FOREIGN_FRAME]) expect((await read(Buffer.concat([FOREIGN_FRAME, Buffer.from(more)]))).toString()).toBe(rowsText(100));
  });

  const whole = Buffer.from(rowsText(40_000));
  it.each<[string, () => Uint8Array, number?]>([
    ['cut off in the header', () => FOREIGN_FRAME.subarray(0, 6)],
    ['cut off after the header', () => FOREIGN_FRAME.subarray(0, 7)],
    ['cut off in a block', () => FOREIGN_FRAME.subarray(0, 400)],
    ['cut off between two blocks', () => frameOf(whole).subarray(0, 14 + 3 + BLOCK_BYTES)],
    ['cut off in the header of a block', () => frameOf(whole).subarray(0, 14 + 3 + BLOCK_BYTES + 2)],
    ['that states less than it holds', () => frameOf(whole, whole.length - 1)],
    ['that states more than it holds', () => frameOf(whole, whole.length + 1)],
    ['with a block of a kind that there is not', () => Buffer.concat([frameOf(Buffer.alloc(9)).subarray(0, 14), Buffer.from([0x4f, 0, 0]), Buffer.alloc(9)])],
    ['with a block that is too large', () => frameOfBlocks([{ kind: 'repeated', byte: 1, count: 2 ** 20 }], 2 ** 20)],
    ['that holds more than was asked for', () => frameOf(whole), whole.length - 1],
    ['of something else', () => Buffer.from('{"path":"a"}\n')],
    ['that is empty', () => new Uint8Array()],
  ])('refuses a frame %s', async (_name, frame, mostBytes) => {
    await expect(read(frame(), mostBytes)).rejects.toMatchObject({ code: 'TL0307' });
  });

  it('refuses or misreads, and never does anything else with, flipped bits', async () => {
    for (let at = 0; at < FOREIGN_FRAME.length; at += 1) {
      const frame = Buffer.from(FOREIGN_FRAME);
      frame[at]! ^= 1 << (at % 8);
      const outcome = await read(frame).then(
        (bytes) => bytes.length,
        (error: { readonly code: string }) => error.code,
      );
      expect(['TL0307', 1420]).toContain(outcome);
    }
  });

  it('stops at what a bomb states, long before its end', async () => {
    const bomb = zerosFrame(2 ** 31, 1000);
    expect(bomb.length).toBeLessThan(70_000);
    const before = process.memoryUsage().rss;
    await expect(read(bomb)).rejects.toMatchObject({ code: 'TL0307' });
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  });

  it('holds only a piece at a time in memory', async () => {
    const path = place(zerosFrame(2 ** 31));
    let [read, most] = [0, 0];
    const before = process.memoryUsage().rss;
    for await (const piece of unpackObject(path, 2 ** 31, reader)) {
      read += piece.length;
      if (read % 2 ** 26 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(read).toBe(2 ** 31);
    expect(most).toBeLessThan(256 * 1024 * 1024);
  });
});

describe('a compressed object', () => {
  it('that is a folder, or not there, is told as such', async () => {
    await expect(unpackedSize(folder)).rejects.toMatchObject({ code: 'TL0002' });
    await expect(unpackedSize(join(folder, 'none'))).rejects.toMatchObject({ code: 'TL0002' });
  });

  it('is closed when nobody reads on', async () => {
    const path = place(zerosFrame(2 ** 24));
    for await (const piece of unpackObject(path, 2 ** 24)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    rmSync(path);
  });
});
