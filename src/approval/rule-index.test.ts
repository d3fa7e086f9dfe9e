import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allFields, CAUSE_CLASSES } from '#manifest';
import { propertyRuns } from '../../test/fixtures/property-runs.ts';
import { type Change, changeAt, changeOf, type ChangePattern, POLICY_CHANGE, readPattern } from './change-pattern.ts';
import { ruleIndex, rulesFor } from './rule-index.ts';

/** What a pattern means, said plainly: the index must find neither more nor less. */
const appliesTo = (pattern: ChangePattern, { segments, classes, isWhole, isPolicy = false }: Change): boolean => {
  if (isPolicy) return pattern.kind === 'everything' || pattern.kind === 'policy';
  switch (pattern.kind) {
    case 'everything':
      return true;
    case 'policy':
      return false;
    case 'class':
      return classes.includes(pattern.class);
    case 'path': {
      const isOpen = pattern.segments.at(-1) === '**';
      const fixed = isOpen ? pattern.segments.slice(0, -1) : pattern.segments;
      const agree = (length: number): boolean => fixed.slice(0, length).every((one, at) => one === '*' || one === segments[at]);
      const names = (isOpen ? segments.length >= fixed.length : segments.length === fixed.length) && agree(fixed.length);
      return names || (isWhole && fixed.length > segments.length && agree(segments.length));
    }
  }
};

const plainly = (rules: readonly (readonly ChangePattern[])[], change: Change): readonly number[] =>
  rules.flatMap((patterns, at) => (patterns.some((pattern) => appliesTo(pattern, change)) ? [at] : []));

const indexOf = (rules: readonly (readonly ChangePattern[])[]): ReturnType<typeof ruleIndex> =>
  ruleIndex(rules.map((patterns) => ({ changed: patterns.map((pattern) => ({ pattern })) })));

const PATHS = allFields().map(({ path }) => path);

describe('the rules that speak of a change', () => {
  it('of every field of the manifest are those whose patterns say so', () => {
    const texts = ['**', 'policy', 'data', 'package', '/data/**', '/data/*/schema/**', '/data/*/contentSha256', '/evaluation/criteria', '/evaluation/**', '/*/**', '/**', '/run/*'];
    const rules = texts.map((text) => [readPattern(text)!]);
    const index = indexOf(rules);
    for (const path of PATHS) {
      const change = changeAt(path)!;
      expect(rulesFor(index, change), path).toEqual(plainly(rules, change));
      expect(rulesFor(index, { ...change, isWhole: false }), path).toEqual(plainly(rules, { ...change, isWhole: false }));
    }
    expect(rulesFor(index, POLICY_CHANGE)).toEqual([0, 1]);
    expect(rulesFor(index, changeOf({ path: '', classes: [], isWhole: true, label: 'anything' }))).toEqual([0, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  // Few words, so that patterns and paths often meet.
  const word = fc.constantFrom('data', 'a', 'b', '*');
  const path = fc.array(word, { maxLength: 4 });
  const pattern: fc.Arbitrary<ChangePattern> = fc.oneof(
    fc.constantFrom<ChangePattern>({ kind: 'everything' }, { kind: 'policy' }),
    fc.constantFrom(...CAUSE_CLASSES).map((one): ChangePattern => ({ kind: 'class', class: one })),
    fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([segments, isOpen]): ChangePattern => ({ kind: 'path', segments: isOpen ? [...segments, '**'] : segments })),
    fc.constant<ChangePattern>({ kind: 'path', segments: ['**'] }),
  );
  const change: fc.Arbitrary<Change> = fc
    .tuple(path, fc.subarray([...CAUSE_CLASSES], { maxLength: 3 }), fc.boolean(), fc.boolean())
    .map(([segments, classes, isWhole, isPolicy]) => ({ path: segments.map((one) => `/${one}`).join(''), segments, classes, isWhole, isPolicy, label: 'it' }));

  it('are neither more nor fewer than patterns say, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.array(pattern, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), change, (rules, one) => {
        expect(rulesFor(indexOf(rules), one)).toEqual(plainly(rules, one));
      }),
      { numRuns: propertyRuns(5000) },
    );
  });
});
