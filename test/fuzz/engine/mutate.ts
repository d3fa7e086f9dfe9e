import type { Dice } from './dice.ts';
import { MOST_BYTES } from './edges.ts';
import { type Mutator, mutateBytes } from './mutate-bytes.ts';
import { mutateDer } from './mutate-der.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateLines } from './mutate-lines.ts';

/** What an input looks like, so that changes keep most of it whole. */
export type Grammar = 'bytes' | 'json' | 'der' | 'lines';

const MUTATORS: Readonly<Record<Grammar, Mutator>> = { bytes: mutateBytes, json: mutateJson, der: mutateDer, lines: mutateLines };

/** One to four changes, one after the other. */
export const mutate = (bytes: Uint8Array, grammar: Grammar, dice: Dice, other: Uint8Array): Uint8Array => {
  let changed = bytes;
  for (let left = 1 + Math.floor(dice.below(16) / 5); left > 0; left -= 1) {
    changed = (dice.chance(0.25) ? mutateBytes : MUTATORS[grammar])(changed, dice, other);
    if (changed.length > MOST_BYTES) changed = changed.subarray(0, MOST_BYTES);
  }
  return changed;
};
