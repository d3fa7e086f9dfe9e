import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '#manifest';
import { verdictOn } from '../../src/assembly/criteria.ts';
import { judgeCriteria } from '../../src/statements/judge-criteria.ts';

const label = fc.constantFrom('a', 'b');
const optional = <T extends string>(key: T): fc.Arbitrary<Partial<Record<T, string>>> =>
  fc.option(label, { nil: undefined }).map((value) => (value === undefined ? {} : { [key]: value }) as Partial<Record<T, string>>);
const real = fc.constantFrom('0', '-1', '1', '1.0', '1e0', '0.5', 'NaN', 'Infinity', '-Infinity');
const scope = fc.tuple(optional('stage'), optional('split')).map(([stage, split]) => ({ ...stage, ...split }));

const criterion = fc
  .record({ metric: label, operator: fc.constantFrom('>=' as const, '>' as const, '<=' as const, '<' as const, '==' as const), value: real })
  .chain((one) => scope.map((more) => ({ ...one, ...more })));
const metric = fc
  .record({ name: label, value: real, source: fc.constant('api' as const), trust: fc.constantFrom('reported' as const, 'observed' as const) })
  .chain((one) => scope.map((more) => ({ ...one, ...more })));

describe('criteria', () => {
  it('are judged by the statement about a run as by its record', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(criterion, { minLength: 1, maxLength: 3 }), fc.array(metric, { maxLength: 6 }), (criteria, metrics) => {
        const outcomes = judgeCriteria({ criteria, metrics, verdict: { kind: 'none' } } as Evaluation).map(({ outcome }) => outcome);
        const ours = outcomes.includes('failed') ? 'not-met' : outcomes.includes('missing') ? 'undecided' : 'met';
        seen.add(ours);
        return ours === verdictOn(criteria, metrics).kind;
      }),
      { numRuns: 3000 },
    );
    expect([...seen].toSorted()).toEqual(['met', 'not-met', 'undecided']);
  });
});
