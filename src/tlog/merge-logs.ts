import { fromUtf8 } from '#base';
import { type Leaf, type LoggedLeaf, writeLeaf } from './leaf.ts';

/** One event of a team with every place it is logged at. */
export type TeamEvent = { readonly leaf: Leaf; readonly places: readonly { readonly origin: string; readonly index: number }[] };

/**
 * The leaves of several logs as one list: in the order of the times that the leaves claim, and of their bytes where those are equal.
 * A leaf that is in several logs stands once, with all its places. The order in which the logs are given changes nothing. Times are
 * claims of different clocks: what is proven is only the order inside one log, by the indices.
 */
export const mergeLogs = (logs: readonly { readonly origin: string; readonly leaves: readonly LoggedLeaf[] }[]): readonly TeamEvent[] => {
  const events = new Map<string, { readonly leaf: Leaf; readonly places: Map<string, { readonly origin: string; readonly index: number }> }>();
  for (const { origin, leaves } of logs) {
    for (const { index, leaf } of leaves) {
      const text = fromUtf8(writeLeaf(leaf))!;
      const event = events.get(text) ?? { leaf, places: new Map() };
      event.places.set(`${index} ${origin}`, { origin, index });
      events.set(text, event);
    }
  }
  return [...events]
    .sort(([a, { leaf: x }], [b, { leaf: y }]) => inOrder(x.time, y.time) || inOrder(a, b))
    .map(([, { leaf, places }]) => ({ leaf, places: [...places.values()].sort((a, b) => inOrder(a.origin, b.origin) || a.index - b.index) }));
};

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
