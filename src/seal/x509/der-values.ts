import { concatBytes } from '#base';
import { DER, type DerElement, derElements } from '../der.ts';

/** One element of DER, with the shortest length. Source: X.690 §8.1.3, §10.1. */
export const derOf = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const content = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag, ...lengthOf(content.length)), content);
};

const lengthOf = (length: number): readonly number[] => {
  if (length < 0x80) return [length];
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [0x80 | digits.length, ...digits];
};

/** Elements inside an element with this tag; undefined if it is another or holds anything else. */
export const membersOf = (element: DerElement | undefined, tag: number = DER.sequence): readonly DerElement[] | undefined =>
  element?.tag === tag ? derElements(element.content) : undefined;

/** Content of an element with this tag; undefined if it is another. */
export const contentOf = (element: DerElement | undefined, tag: number): Uint8Array | undefined => (element?.tag === tag ? element.content : undefined);

/** The single element that bytes are; undefined for anything else, or anything behind it. */
export const onlyElement = (bytes: Uint8Array): DerElement | undefined => {
  const elements = derElements(bytes);
  return elements?.length === 1 ? elements[0] : undefined;
};

/** BOOLEAN. Source: X.690 §11.1. */
export const booleanOf = (element: DerElement | undefined): boolean | undefined => {
  const content = contentOf(element, 0x01);
  if (content?.length !== 1) return undefined;
  return content[0] === 0xff ? true : content[0] === 0 ? false : undefined;
};

/** INTEGER of at most 21 bytes in its shortest form, as its bytes (two's complement). Sources: X.690 §8.3, RFC 5280 §4.1.2.2. */
export const integerBytesOf = (element: DerElement | undefined): Uint8Array | undefined => {
  const content = contentOf(element, DER.integer);
  if (content === undefined || content.length === 0 || content.length > 21) return undefined;
  const [first, second = 0] = content;
  const isPadded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  return isPadded ? undefined : content;
};

/** INTEGER from 0 to 2^31 - 1. */
export const smallNumberOf = (element: DerElement | undefined): number | undefined => {
  const bytes = integerBytesOf(element);
  if (bytes === undefined || bytes.length > 4 || bytes[0]! >= 0x80) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
};

/** Bytes of a BIT STRING that has no unused bits. Source: X.690 §8.6. */
export const wholeBitsOf = (element: DerElement | undefined): Uint8Array | undefined => {
  const content = contentOf(element, DER.bitString);
  return content !== undefined && content[0] === 0 ? content.subarray(1) : undefined;
};

/**
 * An object identifier with dots: 2.5.29.15. Undefined for what is none, or is longer than any in use (64 bytes).
 * Source: X.690 §8.19.
 */
export const oidOf = (element: DerElement | undefined): string | undefined => {
  const content = contentOf(element, DER.oid);
  if (content === undefined || content.length === 0 || content.length > 64 || content.at(-1)! >= 0x80) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  let isFirstByte = true;
  for (const byte of content) {
    if (isFirstByte && byte === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    isFirstByte = byte < 0x80;
    if (!isFirstByte) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const head = arcs[0]!;
  const first = head < 80n ? head / 40n : 2n;
  return [first, head - first * 40n, ...arcs.slice(1)].join('.');
};

/** Takes elements in their order: a member that may be missing is taken only if its tag fits. */
export type DerCursor = { readonly next: () => DerElement | undefined; readonly take: (tag: number) => DerElement | undefined; readonly isDone: () => boolean };

export const cursorOver = (elements: readonly DerElement[]): DerCursor => {
  let at = 0;
  const next = (): DerElement | undefined => elements[at++];
  return { next, take: (tag) => (elements[at]?.tag === tag ? next() : undefined), isDone: () => at >= elements.length };
};
