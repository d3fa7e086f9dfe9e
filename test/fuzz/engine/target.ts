import { isDeepStrictEqual } from 'node:util';
import { compareBytes, type Reading } from '#base';
import type { Grammar } from './mutate.ts';

/** One reader, or a few that read the same, with what must always hold of it. */
export type Target = {
  readonly name: string;
  readonly grammar: Grammar;
  /** Inputs to begin with, the same every time. Those of `foreign` suites are never written to the corpus. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  readonly foreign?: () => readonly Uint8Array[];
  /** Reads the input and checks what must hold. Answers what the reader did, in words: another answer is another behaviour. Throws what is a fault. */
  readonly run: (bytes: Uint8Array) => string | Promise<string>;
  /** Longest time for one input. Unit: millisecond; default 2000. */
  readonly slowMs?: number;
};

/** Throws if something that must always hold does not. */
export const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

export const demandSame = (a: unknown, b: unknown, what: string): void => demand(isDeepStrictEqual(a, b), what);

export const demandBytes = (a: Uint8Array, b: Uint8Array, what: string): void => demand(compareBytes(a, b) === 0, what);

/** Text of any bytes. Half of a surrogate pair in WTF-8 becomes one, which no decoder gives. */
export const anyText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('utf8')
    .replace(/\ufffd\ufffd\ufffd/g, '\ud800');

/** A message without what differs from input to input. */
export const kindOfMessage = (message: string): string =>
  message
    .replace(/"(?:[^"\\]|\\.)*"?|'[^']*'/g, '"…"')
    .replace(/(?:\(hint|of the kind|not known: ) ?.*/, '…')
    .replace(/\/\S+/g, '/…')
    .replace(/[0-9a-f]{8,}/g, '#')
    .replace(/[0-9]+/g, '#')
    .replace(/[^\u0020-\u007e\u2026]+/g, '?')
    .slice(0, 100);

/** Longest text that one refusal may cost a screen or a log. Unit: UTF-16 unit. */
const LONGEST_MESSAGE = 1024 * 1024;

const behaviourOf = (reading: Reading<unknown>): string => {
  if (reading.kind === 'accepted') return 'accepted';
  const [first] = reading.problems;
  demand(first !== undefined && first.message !== '', 'a refusal without a reason');
  demand(reading.problems.reduce((sum, { message, pointer }) => sum + message.length + pointer.length, 0) <= LONGEST_MESSAGE, 'a refusal without end');
  return `rejected ${kindOfMessage(first!.message)}`;
};

/**
 * Runs a reader of bytes: it leaves its input as it is, and reads it the same way a second time. `holds` checks what was accepted.
 */
export const checkReading = <T>(read: (bytes: Uint8Array) => Reading<T>, bytes: Uint8Array, holds: (value: T) => void = () => {}): string => {
  const copy = bytes.slice();
  const reading = read(copy);
  demandBytes(copy, bytes, 'the reader changed its input');
  // Views into other memory are read like any other bytes.
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  demandSame(read(shifted.subarray(3)), reading, 'the same bytes were read in two ways');
  if (reading.kind === 'accepted') holds(reading.value);
  return behaviourOf(reading);
};

/** A target for a reader of bytes. */
export const readingTarget = <T>(
  name: string,
  grammar: Grammar,
  parts: Pick<Target, 'seeds' | 'foreign' | 'slowMs'> & { readonly read: (bytes: Uint8Array) => Reading<T>; readonly holds?: (value: T, bytes: Uint8Array) => void },
): Target => {
  const { read, holds, ...rest } = parts;
  return { name, grammar, ...rest, run: (bytes) => checkReading(read, bytes, (value) => holds?.(value, bytes)) };
};

/** What a reader did that may throw one kind of error. */
export const orThrown = async (codes: readonly string[], work: () => unknown): Promise<string> => {
  try {
    const value = await work();
    return value === undefined ? 'nothing' : 'read';
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    if (code === undefined || !codes.includes(code)) throw error;
    // Many of these messages begin with what was read.
    return `${code} ${kindOfMessage(message.split(/ cannot | is not | is no /).at(-1)!).slice(0, 40)}`;
  }
};
