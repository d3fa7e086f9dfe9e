import { concatBytes } from '#base';
import type { Dice } from './dice.ts';
import { type Mutator, mutateBytes, pieceOf } from './mutate-bytes.ts';

/** An element of DER as loosely as it can be read; what cannot be read is junk. */
type Element = { readonly tag: number; readonly inside: readonly Element[] } | { readonly tag: number; readonly content: Uint8Array } | { readonly junk: Uint8Array };

const DEEPEST = 24;

const read = (bytes: Uint8Array, depth: number): readonly Element[] => {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, first] = [bytes[at]!, bytes[at + 1]];
    const digits = first !== undefined && first > 0x80 && first <= 0x84 ? first & 0x7f : 0;
    let length = digits === 0 ? (first ?? 0x80) : 0;
    for (let i = 0; i < digits; i += 1) length = length * 256 + (bytes[at + 2 + i] ?? 0);
    const start = at + 2 + digits;
    if (first === undefined || first === 0x80 || first > 0x84 || start + length > bytes.length) return [...elements, { junk: bytes.subarray(at) }];
    const content = bytes.subarray(start, start + length);
    const inner = (tag & 0x20) !== 0 && depth < DEEPEST ? read(content, depth + 1) : wrapped(tag, content, depth);
    elements.push(inner === undefined ? { tag, content } : { tag, inside: inner });
    at = start + length;
  }
  return elements;
};

/** Texts of octets often hold DER again. */
const wrapped = (tag: number, content: Uint8Array, depth: number): readonly Element[] | undefined => {
  if (tag !== 0x04 || content.length < 2 || depth >= DEEPEST) return undefined;
  const inner = read(content, depth + 1);
  return inner.some((element) => 'junk' in element) ? undefined : inner;
};

const lengthBytes = (length: number): readonly number[] =>
  length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : length < 0x10000 ? [0x82, length >> 8, length & 255] : [0x83, length >> 16, (length >> 8) & 255, length & 255];

/** A length that means the same and is not DER, or that lies. */
const trickLength = (length: number, dice: Dice): readonly number[] =>
  dice.pick([
    [0x80],
    [0x81, length & 255],
    [0x82, 0, length & 255],
    [0x84, 0, 0, (length >> 8) & 255, length & 255],
    [0x84, 0xff, 0xff, 0xff, 0xff],
    [0x85, 0, 0, 0, 0, length & 255],
    [0xff],
    [(length + 1) & 0x7f],
    [Math.max(0, length - 1) & 0x7f],
    [0],
  ]);

const write = (element: Element, trick: (element: Element, length: number) => readonly number[] | undefined): Uint8Array => {
  if ('junk' in element) return element.junk;
  const content = 'inside' in element ? concatBytes(...element.inside.map((one) => write(one, trick))) : element.content;
  return concatBytes(Uint8Array.of(element.tag, ...(trick(element, content.length) ?? lengthBytes(content.length))), content);
};

const all = (elements: readonly Element[]): readonly Element[] => elements.flatMap((element) => ('inside' in element ? [element, ...all(element.inside)] : [element]));

const withChanged = (elements: readonly Element[], target: Element, change: (element: Element) => readonly Element[]): readonly Element[] =>
  elements.flatMap((element) =>
    element === target ? change(element) : 'inside' in element ? [{ tag: element.tag, inside: withChanged(element.inside, target, change) }] : [element],
  );

const EDGE_CONTENT: readonly (readonly number[])[] = [[], [0], [0x80], [0, 0], [0xff], [0, 0x80], [0x7f, 0xff], [1, 0, 1], [0x80, 0x01], [0xff, 0xff, 0xff, 0xff, 0x7f]];

const changed = (element: Element, dice: Dice, other: readonly Element[]): readonly Element[] => {
  switch (dice.below(8)) {
    case 0:
      return [];
    case 1:
      return [element, element];
    case 2:
      return 'junk' in element
        ? [element]
        : [
            {
              ...element,
              tag: dice.chance(0.5) ? dice.below(256) : dice.pick([0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1f, 0x30, 0x31, 0xa0, 0xa1, 0xa3, 0x80]),
            },
          ];
    case 3:
      return other.length === 0 ? [element] : [dice.pick(other)];
    case 4:
      return 'content' in element ? [{ tag: element.tag, content: mutateBytes(element.content, dice, element.content) }] : [element, { tag: 0x05, content: new Uint8Array(0) }];
    case 5:
      return 'content' in element ? [{ tag: element.tag, content: Uint8Array.from(dice.pick(EDGE_CONTENT)) }] : [element];
    case 6:
      return 'inside' in element
        ? [{ tag: element.tag, inside: dice.chance(0.5) ? element.inside.toReversed() : [...element.inside, element] }]
        : [{ tag: 0x30, inside: [element] }];
    default:
      return 'inside' in element && element.inside.length > 0
        ? [{ tag: element.tag, inside: Array.from({ length: dice.pick([2, 17, 33, 65]) }, () => element.inside[0]!) }]
        : [element];
  }
};

/** Changes DER as a tree, with lengths that fit again, or with one that is a trick. */
export const mutateDer: Mutator = (bytes, dice, other) => {
  const elements = read(bytes, 0);
  const flat = all(elements);
  if (flat.length === 0 || dice.chance(0.15)) return mutateBytes(bytes, dice, other);
  const target = dice.pick(flat);
  if (dice.chance(0.2)) return concatBytes(...elements.map((element) => write(element, (here, length) => (here === target ? trickLength(length, dice) : undefined))));
  const next = withChanged(elements, target, (element) => changed(element, dice, all(read(other, 0))));
  const whole = concatBytes(...next.map((element) => write(element, () => undefined)));
  return dice.chance(0.05) ? concatBytes(whole, pieceOf(other, dice)) : whole;
};
