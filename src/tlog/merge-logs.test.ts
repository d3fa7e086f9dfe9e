import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Leaf, LoggedLeaf } from './leaf.ts';
import { mergeLogs } from './merge-logs.ts';

const DIGEST = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const leafAt = (second: number, id: string): Leaf => ({
  version: 1,
  kind: 'approval',
  time: `2026-11-24T08:00:${String(second).padStart(2, '0')}.000Z`,
  object: { type: 'run', id },
  payloadSha256: DIGEST,
});
const logged = (...leaves: readonly Leaf[]): readonly LoggedLeaf[] => leaves.map((leaf, index) => ({ index, leaf }));

describe('the view of a team', () => {
  it('is in the order of the times, each leaf with its log and index', () => {
    const merged = mergeLogs([
      { origin: 'b', leaves: logged(leafAt(3, 'x'), leafAt(1, 'y')) },
      { origin: 'a', leaves: logged(leafAt(2, 'z')) },
    ]);
    expect(merged.map(({ leaf, places }) => [leaf.object.id, places])).toEqual([
      ['y', [{ origin: 'b', index: 1 }]],
      ['z', [{ origin: 'a', index: 0 }]],
      ['x', [{ origin: 'b', index: 0 }]],
    ]);
  });

  it('shows a leaf of two logs once, with both places', () => {
    const merged = mergeLogs([
      { origin: 'b', leaves: logged(leafAt(1, 'x')) },
      { origin: 'a', leaves: logged(leafAt(0, 'first'), leafAt(1, 'x')) },
    ]);
    expect(merged.map(({ places }) => places)).toEqual([
      [{ origin: 'a', index: 0 }],
      [
        { origin: 'a', index: 1 },
        { origin: 'b', index: 0 },
      ],
    ]);
  });

  it('keeps leaves apart that differ in anything', () => {
    expect(mergeLogs([{ origin: 'a', leaves: logged(leafAt(1, 'x'), { ...leafAt(1, 'x'), reason: 'again' }) }])).toHaveLength(2);
  });

  it('is the same whatever the order of the logs, and loses no place', () => {
    const leaf = fc.tuple(fc.nat(5), fc.constantFrom('x', 'y')).map(([second, id]) => leafAt(second, id));
    const logs = fc.uniqueArray(fc.record({ origin: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.array(leaf, { maxLength: 6 }).map((leaves) => logged(...leaves)) }), {
      selector: ({ origin }) => origin,
      maxLength: 4,
    });
    fc.assert(
      fc.property(logs, fc.func(fc.integer()), (some, order) => {
        const merged = mergeLogs(some);
        expect(mergeLogs(some.toSorted((a, b) => order(a.origin) - order(b.origin)))).toEqual(merged);
        expect(merged.flatMap(({ places }) => places)).toHaveLength(some.reduce((sum, { leaves }) => sum + leaves.length, 0));
      }),
    );
  });
});
