import { fromBase64, toBase64, utf8 } from '#base';
import type { Dice } from './dice.ts';
import { LETTERS, NAMES, NUMBERS } from './edges.ts';
import { type Mutator, mutateBytes } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';

/** JSON as a tree that can hold what no value can: a member twice, and text that is no JSON. */
type Node = { readonly raw: string } | { readonly text: string } | { readonly items: readonly Node[] } | { readonly members: readonly (readonly [string, Node])[] };

const nodeOf = (value: unknown): Node => {
  if (typeof value === 'string') return { text: value };
  if (Array.isArray(value)) return { items: value.map(nodeOf) };
  if (typeof value === 'object' && value !== null) return { members: Object.entries(value).map(([key, member]) => [key, nodeOf(member)] as const) };
  return { raw: JSON.stringify(value) };
};

const countOf = (node: Node): number =>
  1 + ('items' in node ? node.items.reduce((sum, item) => sum + countOf(item), 0) : 'members' in node ? node.members.reduce((sum, [, member]) => sum + countOf(member), 0) : 0);

/** The tree with its node of this number, in the order of the text, replaced. */
const withNode = (node: Node, at: number, change: (node: Node) => Node): Node => {
  let left = at;
  const go = (here: Node): Node => {
    if (left < 0) return here;
    if (left === 0) {
      left = -1;
      return change(here);
    }
    left -= 1;
    if ('items' in here) return { items: here.items.map(go) };
    return 'members' in here ? { members: here.members.map(([key, member]) => [key, go(member)] as const) } : here;
  };
  return go(node);
};

const nodeAt = (node: Node, at: number): Node => {
  let found = node;
  withNode(node, at, (here) => {
    found = here;
    return here;
  });
  return found;
};

/** Text in quotes; now and then some of its letters are escaped that need not be. */
const escaped = (text: string, dice: Dice): string => {
  const plain = JSON.stringify(text);
  return dice.chance(0.97) ? plain : plain.replace(/(?<!\\)[A-Za-z_]/g, (letter) => (dice.chance(0.5) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter));
};

const write = (node: Node, dice: Dice, space: string): string => {
  if ('raw' in node) return node.raw;
  if ('text' in node) return escaped(node.text, dice);
  if ('items' in node) return `[${node.items.map((item) => write(item, dice, space)).join(`,${space}`)}]`;
  return `{${node.members.map(([key, member]) => `${escaped(key, dice)}:${space}${write(member, dice, space)}`).join(`,${space}`)}}`;
};

const otherText = (text: string, dice: Dice): string => {
  const at = dice.below(text.length + 1);
  switch (dice.below(7)) {
    case 0:
      return text.slice(0, at) + dice.pick(LETTERS) + text.slice(at);
    case 1:
      return text.slice(0, at);
    case 2:
      return dice.pick(NAMES);
    case 3:
      return text.slice(0, at) + text.slice(at + 1);
    case 4:
      return text.repeat(dice.pick([0, 2, 16, 300]));
    case 5:
      return dice.chance(0.5) ? text.toUpperCase() : text.toLowerCase();
    default:
      return text.slice(0, at) + String.fromCharCode(dice.chance(0.2) ? 0xd800 + dice.below(0x800) : 0x20 + dice.below(0x60)) + text.slice(at + 1);
  }
};

/** Bytes in base64 are changed inside: payloads, keys, certificates, signatures. */
const insideText = (text: string, dice: Dice, other: Uint8Array): string | undefined => {
  const bytes = text.length < 16 ? undefined : fromBase64(text);
  if (bytes === undefined) return undefined;
  const inner = bytes[0] === 0x7b ? mutateJson : bytes[0] === 0x30 && dice.chance(0.7) ? mutateDer : mutateBytes;
  return toBase64(inner(bytes, dice, other));
};

const edgeValue = (dice: Dice, other: Node): Node => {
  switch (dice.below(9)) {
    case 0:
      return { raw: dice.pick(['null', 'true', 'false']) };
    case 1:
    case 2:
      return { raw: dice.pick(NUMBERS) };
    case 3:
      return { text: dice.pick(LETTERS) };
    case 4:
      return { items: [] };
    case 5:
      return { members: [] };
    case 6: {
      const depth = dice.pick([8, 40, 63, 64, 65, 130, 5000]);
      return { raw: dice.chance(0.5) ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}` };
    }
    case 7:
      return { raw: dice.pick(['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\ud83d\\ude00"', '"\\ufdd0"', '"\\x"', "'a'", '/**/1', '1,', '"a" ', '']) };
    default:
      return nodeAt(other, dice.below(countOf(other)));
  }
};

const changeMembers = (members: readonly (readonly [string, Node])[], dice: Dice, other: Node): Node => {
  const at = dice.below(members.length);
  const [key, member] = members[at]!;
  switch (dice.below(6)) {
    case 0:
      return { members: members.filter((_, i) => i !== at) };
    case 1:
      return { members: [...members, [key, dice.chance(0.5) ? member : edgeValue(dice, other)]] };
    case 2:
      return { members: members.with(at, [dice.chance(0.5) ? dice.pick(NAMES) : otherText(key, dice), member]) };
    case 3:
      return { members: members.toSpliced(dice.below(members.length + 1), 0, [dice.chance(0.5) ? dice.pick(NAMES) : otherText(key, dice), edgeValue(dice, other)]) };
    case 4:
      return { members: members.toReversed() };
    default:
      return 'members' in other && other.members.length > 0 ? { members: [...members, dice.pick(other.members)] } : { members: members.with(at, [key, edgeValue(dice, other)]) };
  }
};

const changeItems = (items: readonly Node[], dice: Dice, other: Node): Node => {
  const at = dice.below(items.length);
  switch (dice.below(5)) {
    case 0:
      return { items: items.filter((_, i) => i !== at) };
    case 1:
      return { items: [...items, items[at]!] };
    case 2:
      return { items: Array.from({ length: dice.pick([2, 17, 65, 257, 1025]) }, () => items[at]!) };
    case 3:
      return { items: items.toReversed() };
    default:
      return { items: items.toSpliced(at, 0, edgeValue(dice, other)) };
  }
};

const change = (node: Node, dice: Dice, other: { readonly node: Node; readonly bytes: Uint8Array }): Node => {
  if (dice.chance(0.25)) return edgeValue(dice, other.node);
  if ('text' in node) return { text: (dice.chance(0.6) ? insideText(node.text, dice, other.bytes) : undefined) ?? otherText(node.text, dice) };
  if ('items' in node && node.items.length > 0) return changeItems(node.items, dice, other.node);
  if ('members' in node && node.members.length > 0) return changeMembers(node.members, dice, other.node);
  return edgeValue(dice, other.node);
};

/** Deeper trees are changed as bytes: this file goes through them by recursion. */
const DEEPEST = 200;

const depthOf = (bytes: Uint8Array): number => {
  let [depth, deepest] = [0, 0];
  for (const byte of bytes) {
    if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x5d || byte === 0x7d) depth = Math.max(0, depth - 1);
  }
  return deepest;
};

const parse = (bytes: Uint8Array): unknown => {
  if (depthOf(bytes) > DEEPEST) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
};

/** Changes JSON as a tree; what is no JSON is changed as bytes. */
export const mutateJson: Mutator = (bytes, dice, other) => {
  const value = parse(bytes);
  if (value === undefined) return mutateBytes(bytes, dice, other);
  const second = parse(other);
  const tree = nodeOf(value);
  const changed = withNode(tree, dice.below(countOf(tree)), (node) => change(node, dice, { node: second === undefined ? tree : nodeOf(second), bytes: other }));
  const space = dice.chance(0.95) ? '' : dice.pick([' ', '\n', '\t', '\r\n', '\u00a0', '\v']);
  return utf8(write(changed, dice, space) + (dice.chance(0.97) ? (bytes.at(-1) === 0x0a ? '\n' : '') : dice.pick([' ', '\n', 'x', '\u0000', '{}'])));
};
