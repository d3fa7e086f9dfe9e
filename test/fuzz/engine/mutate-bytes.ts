import { concatBytes, utf8 } from '#base';
import type { Dice } from './dice.ts';
import { BYTES, LETTERS, MOST_BYTES, NUMBERS } from './edges.ts';

/** Makes another input of one; `other` is a second input to take pieces from. Never longer than MOST_BYTES. */
export type Mutator = (bytes: Uint8Array, dice: Dice, other: Uint8Array) => Uint8Array;

/** A piece of bytes, often short. */
export const pieceOf = (bytes: Uint8Array, dice: Dice): Uint8Array => {
  const at = dice.below(bytes.length + 1);
  return bytes.subarray(at, at + dice.below(dice.chance(0.8) ? 33 : bytes.length + 1));
};

/** The bytes with `length` of them at `at` replaced. */
const replaced = (bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array => concatBytes(bytes.subarray(0, at), by, bytes.subarray(at + length));

const place = (bytes: Uint8Array, dice: Dice): number => dice.below(bytes.length + 1);

const turnBit: Mutator = (bytes, dice) => {
  if (bytes.length === 0) return bytes;
  const copy = bytes.slice();
  copy[dice.below(copy.length)]! ^= 1 << dice.below(8);
  return copy;
};

const setByte: Mutator = (bytes, dice) => {
  if (bytes.length === 0) return bytes;
  const copy = bytes.slice();
  copy[dice.below(copy.length)] = dice.chance(0.5) ? dice.below(256) : dice.pick([0, 1, 0x0a, 0x20, 0x22, 0x2f, 0x5c, 0x7f, 0x80, 0xff]);
  return copy;
};

const insert: Mutator = (bytes, dice) => {
  const kind = dice.below(4);
  const piece =
    kind === 0
      ? Uint8Array.from(dice.pick(BYTES))
      : kind === 1
        ? utf8(dice.pick(LETTERS))
        : kind === 2
          ? utf8(dice.pick(NUMBERS))
          : Uint8Array.from({ length: 1 + dice.below(8) }, () => dice.below(256));
  return replaced(bytes, place(bytes, dice), 0, piece);
};

const remove: Mutator = (bytes, dice) => {
  const at = place(bytes, dice);
  return replaced(bytes, at, 1 + dice.below(dice.chance(0.7) ? 4 : bytes.length + 1), new Uint8Array(0));
};

const cut: Mutator = (bytes, dice) => (dice.chance(0.7) ? bytes.subarray(0, place(bytes, dice)) : bytes.subarray(place(bytes, dice)));

const double: Mutator = (bytes, dice) => {
  const piece = pieceOf(bytes, dice);
  return replaced(bytes, place(bytes, dice), 0, piece);
};

const takeOther: Mutator = (bytes, dice, other) => {
  const piece = pieceOf(other, dice);
  return replaced(bytes, place(bytes, dice), dice.chance(0.5) ? piece.length : 0, piece);
};

const splice: Mutator = (bytes, dice, other) => concatBytes(bytes.subarray(0, place(bytes, dice)), other.subarray(place(other, dice)));

/** What costs quadratic time shows it on a long input. */
const repeat: Mutator = (bytes, dice) => {
  const kind = dice.below(5);
  const piece = kind === 0 ? utf8(dice.pick(LETTERS)) : kind < 3 ? pieceOf(bytes, dice) : pieceOf(bytes, dice).subarray(0, 1 + dice.below(4));
  if (piece.length === 0) return bytes;
  const room = MOST_BYTES - bytes.length;
  const times = Math.floor((dice.chance(0.4) ? room : Math.min(room, 4096)) / piece.length);
  if (times < 1) return bytes;
  const many = new Uint8Array(times * piece.length);
  for (let i = 0; i < times; i += 1) many.set(piece, i * piece.length);
  return replaced(bytes, place(bytes, dice), 0, many);
};

const otherNumber: Mutator = (bytes, dice) => {
  const text = Buffer.from(bytes).toString('latin1');
  const numbers = [...text.matchAll(/-?[0-9]+/g)];
  if (numbers.length === 0) return bytes;
  const number = dice.pick(numbers);
  const value = Number(number[0]);
  const by = dice.chance(0.4) && Number.isSafeInteger(value) ? String(value + dice.pick([-1, 1])) : dice.pick(NUMBERS);
  return replaced(bytes, number.index, number[0].length, utf8(by));
};

const CHEAP: readonly Mutator[] = [turnBit, turnBit, setByte, setByte, insert, insert, remove, remove, cut, double, takeOther, splice, otherNumber];

/** Any change of bytes, whatever they mean. */
export const mutateBytes: Mutator = (bytes, dice, other) => (dice.chance(0.03) ? repeat : dice.pick(CHEAP))(bytes, dice, other);
