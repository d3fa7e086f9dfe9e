import { parse } from 'npyjs';
import type { Decoding, StagedColumn, StagedValues } from './row-reader.ts';

/** How values of one NumPy type are read. */
export type NpyType = {
  /** Bytes of one value. */
  readonly sizeBytes: number;
  /** Type as DuckDB names it. */
  readonly type: string;
  readonly staged: StagedColumn['staged'];
  readonly decoding: Decoding;
  /** All values in bytes of a multiple of sizeBytes. */
  readonly values: (bytes: Uint8Array) => StagedValues;
};

const NUMBERS: Readonly<Record<string, readonly [type: string, staged: StagedColumn['staged'], decoding: Decoding]>> = {
  b1: ['BOOLEAN', 'BOOLEAN', 'plain'],
  i1: ['TINYINT', 'INTEGER', 'cast'],
  u1: ['UTINYINT', 'INTEGER', 'cast'],
  i2: ['SMALLINT', 'INTEGER', 'cast'],
  u2: ['USMALLINT', 'INTEGER', 'cast'],
  i4: ['INTEGER', 'INTEGER', 'plain'],
  u4: ['UINTEGER', 'DOUBLE', 'cast'],
  i8: ['BIGINT', 'BIGINT', 'plain'],
  u8: ['UBIGINT', 'UBIGINT', 'plain'],
  f2: ['FLOAT', 'DOUBLE', 'cast'],
  f4: ['FLOAT', 'DOUBLE', 'cast'],
  f8: ['DOUBLE', 'DOUBLE', 'plain'],
};

const TIMES: Readonly<Record<string, readonly [type: string, decoding: Decoding]>> = {
  s: ['TIMESTAMP', 'timestamp-s'],
  ms: ['TIMESTAMP', 'timestamp-ms'],
  us: ['TIMESTAMP', 'timestamp-us'],
  ns: ['TIMESTAMP_NS', 'timestamp-ns'],
};

/** Days to milliseconds. */
const DAY_MS = 86_400_000n;
/** No time at all. Source: NumPy, NPY_DATETIME_NAT. */
const NAT = -(2n ** 63n);

/** How values of a type like <f8 are read; undefined if they are not: records, objects, complex numbers, spans of time. */
export const npyTypeOf = (descr: string): NpyType | undefined => {
  const found = /^([<>|=])?([a-zA-Z])(\d+)(?:\[(\w+)\])?$/.exec(descr);
  if (found === null) return undefined;
  const [, order, kind, digits, unit] = found;
  const size = Number(digits);
  const swapped = order === '>';
  if (kind === 'U' && size > 0) return { sizeBytes: size * 4, type: 'VARCHAR', staged: 'VARCHAR', decoding: 'plain', values: (bytes) => utf32Texts(bytes, size, swapped) };
  if (kind === 'S' && size > 0) return { sizeBytes: size, type: 'VARCHAR', staged: 'VARCHAR', decoding: 'plain', values: (bytes) => byteTexts(bytes, size) };
  if (kind === 'M' && size === 8) return timeType(unit, swapped);
  const number = NUMBERS[`${kind}${digits}`];
  if (number === undefined) return undefined;
  const [type, staged, decoding] = number;
  return { sizeBytes: size, type, staged, decoding, values: (bytes) => Array.from(numbersOf(bytes, `${kind}${digits}`, swapped)) };
};

const timeType = (unit: string | undefined, swapped: boolean): NpyType | undefined => {
  const told = unit === 'D' ? (['DATE', 'date-ms'] as const) : TIMES[unit ?? ''];
  if (told === undefined) return undefined;
  const factor = unit === 'D' ? DAY_MS : 1n;
  const values = (bytes: Uint8Array): StagedValues => Array.from(numbersOf(bytes, 'i8', swapped) as BigInt64Array, (value) => (value === NAT ? null : value * factor));
  return { sizeBytes: 8, type: told[0], staged: 'BIGINT', decoding: told[1], values };
};

type Numbers = ArrayLike<number | bigint | boolean>;

/** The library is given one block of values under a head of our own: whole arrays do not fit into memory. */
const numbersOf = (bytes: Uint8Array, code: string, swapped: boolean): Numbers => {
  const size = Number(code.slice(1));
  const dict = `{'descr': '${size === 1 ? '|' : '<'}${code}', 'fortran_order': False, 'shape': (${bytes.length / size},), }`;
  const file = Buffer.alloc(128 + bytes.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  file.write(dict.padEnd(117) + '\n', 10, 'latin1');
  file.set(bytes, 128);
  const values = file.subarray(128);
  if (swapped && size === 2) values.swap16();
  if (swapped && size === 4) values.swap32();
  if (swapped && size === 8) values.swap64();
  return parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer).data as unknown as Numbers;
};

/** Texts of equal length in UTF-32, filled up with zeros. */
const utf32Texts = (bytes: Uint8Array, length: number, swapped: boolean): readonly string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / (4 * length) }, (_, row) => {
    let text = '';
    for (let at = 0; at < length; at += 1) {
      const code = view.getUint32((row * length + at) * 4, !swapped);
      if (code !== 0) text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    }
    return text.toWellFormed();
  });
};

/** Bytes of equal length, filled up with zeros, read as UTF-8. */
const byteTexts = (bytes: Uint8Array, length: number): readonly string[] =>
  Array.from({ length: bytes.length / length }, (_, row) => {
    const own = bytes.subarray(row * length, (row + 1) * length);
    let end = length;
    while (end > 0 && own[end - 1] === 0) end -= 1;
    return new TextDecoder().decode(own.subarray(0, end));
  });
