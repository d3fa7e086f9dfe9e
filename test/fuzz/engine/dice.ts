/** Numbers that look random and are the same for the same seed. */
export type Dice = {
  /** A whole number from 0 up to but not including `limit`. */
  readonly below: (limit: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T;
  readonly chance: (probability: number) => boolean;
};

/** Source: mulberry32, T. Ettinger, public domain. */
export const makeDice = (seed: number): Dice => {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { below, pick: (list) => list[below(list.length)]!, chance: (probability) => next() < probability };
};

/** A seed from a text, so that every target has its own numbers. Source: FNV-1a, 32 bits. */
export const seedOf = (text: string, seed: number): number => {
  let state = 2166136261 ^ seed;
  for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0)!, 16777619);
  return state;
};
