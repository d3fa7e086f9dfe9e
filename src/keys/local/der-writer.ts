import { concatBytes } from '#base';
import { DER } from '#seal';

/** One element of DER with the shortest length. Source: X.690 §8.1.3, §10.1. */
export const derOf = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const content = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag, ...lengthOf(content.length)), content);
};

const lengthOf = (length: number): readonly number[] => {
  if (length < 0x80) return [length];
  const digits = digitsOf(length);
  return [0x80 | digits.length, ...digits];
};

const digitsOf = (number: number): readonly number[] => {
  const digits: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return digits;
};

/** INTEGER of a positive safe number, in its shortest form. Source: X.690 §8.3. */
export const derInteger = (number: number): Uint8Array => {
  const digits = digitsOf(number);
  return derOf(DER.integer, Uint8Array.from(digits[0] === undefined || digits[0] >= 0x80 ? [0, ...digits] : digits));
};

/** OBJECT IDENTIFIER from its encoded content in hexadecimal. */
export const derOid = (hex: string): Uint8Array => derOf(DER.oid, Buffer.from(hex, 'hex'));
