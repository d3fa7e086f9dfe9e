/**
 * Which of these things must be moved to bring them into rising order, as few as possible: all but those of a longest rising
 * subsequence. The places are all different; the result holds positions in the given order, from 0.
 * Source: patience sorting, as in Fredman 1975, "On computing the length of longest increasing subsequences".
 */
export const movedPlaces = (places: readonly number[]): ReadonlySet<number> => {
  const ends: number[] = [];
  const earlier: (number | undefined)[] = [];
  for (const [i, place] of places.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[ends[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    earlier[i] = low === 0 ? undefined : ends[low - 1];
    ends[low] = i;
  }
  const staying = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = earlier[at]) staying.add(at);
  return new Set([...places.keys()].filter((i) => !staying.has(i)));
};
