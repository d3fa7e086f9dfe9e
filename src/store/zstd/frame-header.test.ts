import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOREIGN_FRAME, frameOf, frameOfBlocks } from '../../../test/fixtures/zstd-frames.ts';
import { readFrameHeader } from './frame-header.ts';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const bytes = (...rest: readonly number[]): Uint8Array => Uint8Array.from([...MAGIC, ...rest]);

describe('the header of a frame', () => {
  it.each([
    ['of the program zstd', FOREIGN_FRAME, { headerBytes: 7, contentBytes: 1420, hasChecksum: true }],
    ['with a window and eight bytes of size', frameOf(Buffer.alloc(70_000)), { headerBytes: 14, contentBytes: 70_000, hasChecksum: false }],
    ['with one byte of size', bytes(0x20, 7), { headerBytes: 6, contentBytes: 7, hasChecksum: false }],
    ['with two bytes of size, which count from 256', bytes(0x60, 1, 0), { headerBytes: 7, contentBytes: 257, hasChecksum: false }],
    ['with four bytes of size', bytes(0xa0, 0, 0, 1, 0), { headerBytes: 9, contentBytes: 65_536, hasChecksum: false }],
    ['that needs 128 MiB of memory', frameOfBlocks([{ kind: 'raw', bytes: Buffer.alloc(1) }], 2 ** 40, 17 << 3), { headerBytes: 14, contentBytes: 2 ** 40, hasChecksum: false }],
  ])('%s is read', (_, frame, header) => {
    expect(readFrameHeader(frame)).toEqual(header);
  });

  it.each([
    ['of something else', Buffer.from('{"path":"a"}')],
    ['of a frame that is to be skipped', Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 0, 0])],
    ['that does not say the size', bytes(0x00, 0x38)],
    ['that needs a dictionary', bytes(0x21, 1, 7)],
    ['with a bit that must not be set', bytes(0x28, 7)],
    ['that is cut off', bytes(0xe0, 1, 2, 3)],
    ['that needs more memory than is granted', frameOfBlocks([{ kind: 'raw', bytes: Buffer.alloc(1) }], 1, (17 << 3) | 1)],
    ['whose content is one piece of memory that is too large', bytes(0xe0, 1, 0, 0, 8, 0, 0, 0, 0)],
    ['with a size that is no number', bytes(0xc0, 0x38, 255, 255, 255, 255, 255, 255, 255, 255)],
    ['of nothing', new Uint8Array()],
  ])('%s is refused', (_, frame) => {
    expect(readFrameHeader(frame)).toBeUndefined();
  });

  it('is read or refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 18 }), (rest) => {
        const header = readFrameHeader(bytes(...rest));
        expect(header === undefined || (header.contentBytes >= 0 && header.headerBytes <= rest.length + 4)).toBe(true);
      }),
    );
  });
});
