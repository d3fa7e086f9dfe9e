import type { OutputPair, PairedBy } from '#diff';
import type { Output } from '#manifest';
import { normalisePath } from './normalise-path.ts';

/** Two outputs that stand for the same result. */
export type PairedOutput = { readonly recorded: Output; readonly replayed: Output | undefined; readonly pairedBy: PairedBy };

export type Pairing = { readonly pairs: readonly PairedOutput[]; /** Outputs that only the replay wrote. */ readonly extra: readonly Output[] };

/**
 * Pairs outputs by declared role where it is unique, then by path, then by path with made-up parts replaced, then by content. What
 * is left has no counterpart. Where several paths become the same, they pair in the order of their names.
 */
export const pairOutputs = (recorded: readonly Output[], replayed: readonly Output[]): Pairing => {
  const state: State = { left: new Set(recorded), right: new Set(replayed), found: new Map() };
  pairUnique(state, 'role', (output) => (output.roleSource === 'declared' ? output.role : undefined));
  pairUnique(state, 'path', (output) => output.path);
  pairInOrder(state, 'normalised-path', (output) => normalisePath(output.path));
  pairUnique(state, 'content', (output) => output.sha256);
  pairUnique(state, 'content', (output) => (output.content === undefined ? undefined : `${output.content.format} ${output.content.sha256}`));
  return { pairs: recorded.map((output) => state.found.get(output) ?? { recorded: output, replayed: undefined, pairedBy: 'none' }), extra: [...state.right] };
};

type State = { readonly left: Set<Output>; readonly right: Set<Output>; readonly found: Map<Output, PairedOutput> };
type Key = (output: Output) => string | undefined;

const join = (state: State, recorded: Output, replayed: Output, pairedBy: OutputPair['pairedBy']): void => {
  state.left.delete(recorded);
  state.right.delete(replayed);
  state.found.set(recorded, { recorded, replayed, pairedBy });
};

const pairUnique = (state: State, by: PairedBy, key: Key): void => {
  const [left, right] = [grouped(state.left, key), grouped(state.right, key)];
  for (const [name, outputs] of left) {
    const others = right.get(name);
    if (outputs.length === 1 && others?.length === 1) join(state, outputs[0]!, others[0]!, by);
  }
};

const pairInOrder = (state: State, by: PairedBy, key: Key): void => {
  const [left, right] = [grouped(state.left, key), grouped(state.right, key)];
  for (const [name, outputs] of left) {
    const others = right.get(name);
    // Other numbers of files cannot be told apart by order: each could be the one that is missing.
    if (others?.length !== outputs.length) continue;
    const [first, second] = [outputs, others].map((list) => [...list].sort((a, b) => (a.path < b.path ? -1 : 1)));
    first!.forEach((output, index) => join(state, output, second![index]!, by));
  }
};

const grouped = (outputs: ReadonlySet<Output>, key: Key): ReadonlyMap<string, readonly Output[]> => {
  const groups = new Map<string, Output[]>();
  for (const output of outputs) {
    const name = key(output);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [output]);
    else group.push(output);
  }
  return groups;
};
