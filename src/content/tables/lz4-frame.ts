import { TrainlockError } from '#base';

const cutOff = (): TrainlockError => new TrainlockError('TL0002', 'a compressed part is damaged');

/** A frame may grow by this factor at most: nothing shorter can say more. Source: LZ4 block format, a length byte stands for 255. */
const MOST_GROWTH = 256;

/**
 * Unpacks one LZ4 frame. No library of ours reads it, and Feather files are packed this way unless they are told otherwise. The
 * bytes are hostile: nothing is read or written outside its place. Throws TL0002. Source: LZ4 Frame Format 1.6.4, Block Format.
 */
export const unpackLz4Frame = (bytes: Uint8Array): Uint8Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 11 || view.getUint32(0, true) !== 0x184d2204) throw cutOff();
  const flags = bytes[4]!;
  if (flags >> 6 !== 1) throw cutOff();
  const blockSum = (flags & 0x10) === 0 ? 0 : 4;
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  const output: Output = { bytes: new Uint8Array(Math.max(1024, bytes.length * 4)), length: 0, most: bytes.length * MOST_GROWTH };
  for (;;) {
    if (at + 4 > bytes.length) throw cutOff();
    const word = view.getUint32(at, true);
    if (word === 0) return output.bytes.subarray(0, output.length);
    const size = word & 0x7fffffff;
    at += 4;
    if (at + size > bytes.length) throw cutOff();
    const block = bytes.subarray(at, at + size);
    if (word >>> 31 === 1) append(output, block);
    else unpackBlock(block, output);
    at += size + blockSum;
  }
};

type Output = { bytes: Uint8Array; length: number; readonly most: number };

const makeRoom = (output: Output, more: number): void => {
  const needed = output.length + more;
  if (needed > output.most) throw cutOff();
  if (needed <= output.bytes.length) return;
  const larger = new Uint8Array(Math.min(output.most, Math.max(needed, output.bytes.length * 2)));
  larger.set(output.bytes.subarray(0, output.length));
  output.bytes = larger;
};

const append = (output: Output, part: Uint8Array): void => {
  makeRoom(output, part.length);
  output.bytes.set(part, output.length);
  output.length += part.length;
};

const unpackBlock = (block: Uint8Array, output: Output): void => {
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let length = 15;
    for (;;) {
      if (at >= block.length) throw cutOff();
      const byte = block[at++]!;
      length += byte;
      if (byte !== 255) return length;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.length) throw cutOff();
    append(output, block.subarray(at, at + literals));
    at += literals;
    // The last sequence has no match.
    if (at === block.length) return;
    if (at + 2 > block.length) throw cutOff();
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    copyMatch(output, distance, lengthFrom(token & 15) + 4);
  }
};

/** Copies from what was unpacked before; source and target may overlap, which repeats a pattern. */
const copyMatch = (output: Output, distance: number, length: number): void => {
  if (distance === 0 || distance > output.length) throw cutOff();
  makeRoom(output, length);
  const { bytes } = output;
  const from = output.length - distance;
  if (distance >= length) bytes.copyWithin(output.length, from, from + length);
  else for (let i = 0; i < length; i += 1) bytes[output.length + i] = bytes[from + i]!;
  output.length += length;
};
