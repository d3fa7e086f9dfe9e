/** How a Zstandard frame begins. */
export type FrameHeader = {
  /** Size of the header itself, up to the first block. Unit: byte. */
  readonly headerBytes: number;
  /** Size of what it holds, as it says itself. Unit: byte. */
  readonly contentBytes: number;
  /** Whether four bytes of checksum follow the last block. */
  readonly hasChecksum: boolean;
};

/** No header of a frame is longer. Unit: byte. */
export const MOST_HEADER_BYTES = 18;

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** Memory that a reader must have for a frame; what the library of Zstandard grants when nothing else is said. Unit: byte. */
const MOST_WINDOW = 2 ** 27;

/**
 * Reads the header of a frame. Hostile bytes: undefined for anything but a frame that states its size, needs no dictionary, and
 * can be read in bounded memory. Source: RFC 8878, 3.1.1.1.
 */
export const readFrameHeader = (bytes: Uint8Array): FrameHeader | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || MAGIC.some((byte, at) => bytes[at] !== byte)) return undefined;
  const descriptor = bytes[4]!;
  const [sizeFlag, isSingle, isReserved, dictionary] = [descriptor >> 6, (descriptor & 0x20) !== 0, (descriptor & 0x08) !== 0, descriptor & 0x03];
  if (isReserved || dictionary !== 0) return undefined;
  const sizeAt = isSingle ? 5 : 6;
  const sizeBytes = sizeFlag === 0 ? (isSingle ? 1 : 0) : 2 ** sizeFlag;
  if (sizeBytes === 0 || bytes.length < sizeAt + sizeBytes) return undefined;
  const contentBytes = readSize(view, sizeAt, sizeBytes);
  const windowBytes = isSingle ? contentBytes : windowOf(bytes[5]!);
  if (!Number.isSafeInteger(contentBytes) || windowBytes > MOST_WINDOW) return undefined;
  return { headerBytes: sizeAt + sizeBytes, contentBytes, hasChecksum: (descriptor & 0x04) !== 0 };
};

const readSize = (view: DataView, at: number, bytes: number): number => {
  switch (bytes) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
};

const windowOf = (descriptor: number): number => {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
};
