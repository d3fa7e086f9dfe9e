import { fromBase64, toBase64, utf8 } from '#base';
import type { Dice } from './dice.ts';
import { LETTERS, NUMBERS } from './edges.ts';
import { type Mutator, mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';

const changedWord = (word: string, dice: Dice, other: Uint8Array): string => {
  const bytes = word.length < 8 ? undefined : fromBase64(word);
  if (bytes !== undefined && dice.chance(0.6)) return toBase64(mutateBytes(bytes, dice, other));
  return dice.pick([
    word + word,
    '',
    dice.pick(NUMBERS),
    dice.pick(LETTERS) + word,
    word + dice.pick(LETTERS),
    word.slice(1),
    word.slice(0, -1),
    word.toUpperCase(),
    `${word} `,
    ` ${word}`,
  ]);
};

const changedLine = (line: string, dice: Dice, other: Uint8Array): string => {
  if (line.startsWith('{') && dice.chance(0.8)) return Buffer.from(mutateJson(utf8(line), dice, other)).toString('utf8');
  const words = line.split(/(?<=[ +,=|])/);
  return words.with(dice.below(words.length), changedWord(dice.pick(words), dice, other)).join('');
};

/** Changes text line by line: notes, proofs, lists, settings. */
export const mutateLines: Mutator = (bytes, dice, other) => {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const at = dice.below(lines.length);
  const more = Buffer.from(other).toString('utf8').split('\n');
  const changed = (): readonly string[] => {
    switch (dice.below(10)) {
      case 0:
        return lines.toSpliced(at, 1);
      case 1:
        return lines.toSpliced(at, 0, lines[at]!);
      case 2:
        return lines.toSpliced(at, 0, '');
      case 3:
        return lines.with(at, `${lines[at]!}\r`);
      case 4:
        return lines.toSpliced(at, 1, dice.pick(more));
      case 5:
        return lines.toSpliced(at, 0, dice.pick(more));
      case 6:
        return lines.toSpliced(at, 0, ...Array.from({ length: dice.pick([2, 64, 101, 300]) }, () => lines[at]!));
      case 7:
        return [...lines.slice(0, at), ...more.slice(dice.below(more.length))];
      default:
        return lines.with(at, changedLine(lines[at]!, dice, other));
    }
  };
  return utf8(changed().join('\n'));
};
