import type { Distribution } from './distribution.ts';

/** The share of the rows below a value: what the figures permit, and an estimate between. */
export type ShareBelow = { readonly atLeast: number; readonly atMost: number; readonly estimate: number };

/** The share of the rows below a value. */
export const shareBelow = (distribution: Distribution, value: number): ShareBelow => {
  if (value <= distribution.min) return { atLeast: 0, atMost: 0, estimate: 0 };
  if (value > distribution.max) return { atLeast: 1, atMost: 1, estimate: 1 };
  const { atLeast, atMost } = shareBounds(distribution, { above: value, upTo: value });
  return { atLeast, atMost, estimate: Math.min(atMost, Math.max(atLeast, spreadShare(distribution.spread, value))) };
};

/** Bounds of the shares below all values that lie at or above `above` and at most at `upTo`; a value that is just above a knot counts as above it. */
export const shareBounds = ({ knots, min, max }: Distribution, { above, upTo }: { readonly above: number; readonly upTo: number }) => {
  let atLeast = above > max ? 1 : 0;
  let atMost = upTo <= min ? 0 : 1;
  for (const { at, share, slack, exact } of knots) {
    if (at < above || (exact && at === above)) atLeast = Math.max(atLeast, share - slack);
    if (at >= upTo) atMost = Math.min(atMost, share + slack);
  }
  return atLeast <= atMost ? { atLeast, atMost } : { atLeast: atMost, atMost: atLeast };
};

const spreadShare = ({ knots, over }: Distribution['spread'], value: number): number => {
  const next = knots.findIndex(({ at }) => at >= value);
  const [left, right] = [knots[next - 1], knots[next]];
  if (right === undefined) return 1;
  if (left === undefined) return right.share;
  if (over === 'width') return left.share + ((value - left.at) / (right.at - left.at)) * (right.share - left.share);
  const first = Math.ceil(left.at);
  const end = right.exact ? Math.ceil(right.at) : Math.floor(right.at) + 1;
  return end <= first ? left.share : left.share + Math.min(1, (Math.ceil(value) - first) / (end - first)) * (right.share - left.share);
};
