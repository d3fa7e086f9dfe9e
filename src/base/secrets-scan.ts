import { concatBytes, utf8 } from './bytes.ts';
import { findSecrets } from './secrets-find.ts';
import type { Redactor } from './secrets.ts';

export type SecretScan = {
  /** Kinds of secrets that were found, sorted; empty if none. */
  readonly kinds: readonly string[];
  /** How many were found. */
  readonly count: number;
};

/** Bytes that are looked at in one piece. */
const PIECE = 1 << 20;

/** How far pieces overlap: longer than any token and any line that is judged as one. */
const OVERLAP = 16_384;

const MASK = utf8('***');

/**
 * Looks for secrets in bytes of any kind: source, patches, logs, binary files. Only what is certain enough to withhold a file counts.
 * The bytes are hostile: time is linear and memory bounded by a few pieces. UTF-16 with a byte-order mark is understood.
 */
export const scanBytes = (bytes: Uint8Array, redactor?: Redactor): SecretScan => {
  const scanner = makeScanner(redactor);
  for (let at = 0; at < bytes.length; at += PIECE) scanner.push(bytes.subarray(at, at + PIECE));
  return scanner.end();
};

/** The same for bytes that arrive in pieces of any size. */
export type Scanner = { readonly push: (bytes: Uint8Array) => void; readonly end: () => SecretScan };

export const makeScanner = (redactor?: Redactor): Scanner => {
  const known = (redactor?.known ?? []).map(asLatin);
  const kinds = new Set<string>();
  let count = 0;
  let tail = '';
  let decode: ((bytes: Uint8Array) => string) | undefined;
  const look = (text: string, from: number): void => {
    for (const hit of findSecrets(text, known)) {
      // A hit that lies wholly in the overlap was counted before.
      if (!hit.sure || hit.end <= from) continue;
      kinds.add(hit.kind);
      count += 1;
    }
  };
  return {
    push: (bytes) => {
      decode ??= decoderFor(bytes);
      const text = tail + decode(bytes);
      look(text, tail.length);
      tail = text.slice(-OVERLAP);
    },
    end: () => ({ kinds: [...kinds].sort(), count }),
  };
};

/** One character per byte, whatever the encoding: every pattern that matters is ASCII. */
const latin = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes);

const decoderFor = (first: Uint8Array): ((bytes: Uint8Array) => string) => {
  const encoding = first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : undefined;
  if (encoding === undefined) return latin;
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes, { stream: true });
};

/** A known secret as it looks when its UTF-8 bytes are read as one character per byte. */
const asLatin = (value: string): string => (/^[\x00-\x7f]*$/.test(value) ? value : latin(utf8(value)));

/** Masks secrets in bytes that arrive in pieces, for example recorded output. */
export type Masker = {
  /** Takes bytes and gives those that are finished, with secrets replaced by ***; the rest of a line is held back. */
  readonly push: (bytes: Uint8Array) => Uint8Array;
  /** Gives what was held back. */
  readonly end: () => Uint8Array;
  /** How many secrets were replaced so far. */
  readonly count: () => number;
};

/** Longest line that is held back; a longer one is cut, with the overlap kept. */
const LONGEST_LINE = 1 << 18;

/** Masks by the same rules as `redactor.redact`, byte for byte outside the secrets. Memory is bounded, time linear. */
export const makeMasker = (redactor: Redactor): Masker => {
  const known = redactor.known.map(asLatin);
  let held: Uint8Array = new Uint8Array(0);
  let count = 0;
  const emit = (until: number): Uint8Array => {
    const hits = findSecrets(latin(held), known);
    const crossing = hits.find((hit) => hit.start < until && hit.end > until);
    // A secret that goes on behind the cut is emitted with the next piece, unless it grows without end.
    const cut = crossing === undefined ? until : held.length < LONGEST_LINE ? crossing.start : crossing.end;
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const hit of hits) {
      if (hit.start >= cut) break;
      parts.push(held.subarray(from, hit.start), MASK);
      from = hit.end;
      count += 1;
    }
    if (from < cut) parts.push(held.subarray(from, cut));
    held = held.slice(Math.max(from, cut));
    return concatBytes(...parts);
  };
  return {
    push: (bytes) => {
      held = held.length === 0 ? bytes.slice() : concatBytes(held, bytes);
      if (held.length < 4 * OVERLAP) return new Uint8Array(0);
      const line = held.lastIndexOf(10, held.length - OVERLAP) + 1;
      if (line > 0) return emit(line);
      return held.length > LONGEST_LINE ? emit(held.length - OVERLAP) : new Uint8Array(0);
    },
    end: () => emit(held.length),
    count: () => count,
  };
};
