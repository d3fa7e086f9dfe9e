import { TrainlockError } from '#base';

/** What the head of a NumPy array says. */
export type NpyHeader = {
  /** Where the values begin. Unit: byte. */
  readonly dataOffset: number;
  /** Type of the values as NumPy writes it: <f8; for records the text of the whole list. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
};

/** Bytes that are enough for every head that is read. */
export const NPY_HEAD_BYTES = 65_536;

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the head of an array from its first bytes, which are hostile. Throws TL0002 if they are not the head of an array.
 * Source: NEP 1, and numpy.lib.format for versions 2 and 3.
 */
export const npyHeaderOf = (bytes: Uint8Array): NpyHeader => {
  if (bytes.length < 10 || MAGIC.some((byte, at) => bytes[at] !== byte)) throw notAnArray('it does not begin as a NumPy array');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! > 1;
  const start = wide ? 12 : 10;
  if (bytes.length < start) throw notAnArray('its head is cut off or too long');
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > Math.min(bytes.length, NPY_HEAD_BYTES)) throw notAnArray('its head is cut off or too long');
  const text = new TextDecoder(bytes[6]! > 2 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length));
  const descr = /'descr'\s*:\s*(?:'([^']+)'|(\[[^]*\])\s*,\s*'fortran_order')/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || shape === undefined) throw notAnArray('its head does not tell type, order and shape');
  const axes = [...shape.matchAll(/\d+/g)].map((match) => Number(match[0]));
  if (!Number.isSafeInteger(axes.reduce((product, axis) => product * axis, 8))) throw notAnArray('its shape is larger than anything');
  return { dataOffset: start + length, descr: descr[1] ?? descr[2]!, fortranOrder: order === 'True', shape: axes };
};

const notAnArray = (reason: string): TrainlockError => new TrainlockError('TL0002', reason);
