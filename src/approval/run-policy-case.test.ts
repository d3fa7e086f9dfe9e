import { describe, expect, it } from 'vitest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import type { PolicyCase } from './read-policy-tests.ts';
import { runPolicyCase } from './run-policy-case.ts';

const REPLAYED = TEAM_POLICY.replace('require: [{ role: approver-data }]', 'require: [{ role: approver-data }, { replay: independent }]');

const CASE: PolicyCase = {
  name: 'new rows',
  changed: ['/data/*/contentSha256'],
  actors: ['ann'],
  approvals: [{ person: 'cleo', role: 'approver-data' }],
  expect: 'allowed',
};

const run = (more: Partial<PolicyCase>, text = TEAM_POLICY) => runPolicyCase(policyOf(text), { ...CASE, ...more });

describe('a case of a policy', () => {
  it('is answered with the decision and its reasons', () => {
    expect(run({ line: 3, rules: ['data-change', 'anything'] })).toEqual({
      name: 'new rows',
      line: 3,
      passed: true,
      because: ['rule data-change is satisfied', 'rule anything is satisfied'],
      decision: expect.objectContaining({ kind: 'allowed' }),
    });
    expect(run({})).not.toHaveProperty('line');
  });

  it.each<[string, Partial<PolicyCase>, readonly string[]]>([
    ['another answer', { expect: 'denied' }, ['the answer is allowed, not denied']],
    ['a rule that does not apply', { rules: ['data-change', 'anything', 'criteria-change'] }, ['rule criteria-change does not apply']],
    ['one rule more', { rules: ['anything'] }, ['rule data-change applies too']],
    ['no rule', { rules: [] }, ['rule data-change applies too', 'rule anything applies too']],
  ])('fails with %s, and says so first', (_, more, misses) => {
    const { passed, because } = run(more);
    expect(passed).toBe(false);
    expect(because).toEqual([...misses, 'rule data-change is satisfied', 'rule anything is satisfied']);
  });

  it.each<[string, Partial<PolicyCase>, string]>([
    ['given', {}, 'allowed'],
    ['not given', { approvals: [] }, 'undecided'],
    ['left out', { approvals: undefined as never }, 'undecided'],
    ['expired', { approvals: [{ person: 'cleo', role: 'approver-data', expired: true }] }, 'undecided'],
    ['not expired', { approvals: [{ person: 'cleo', role: 'approver-data', expired: false }] }, 'allowed'],
    ['withdrawn', { approvals: [{ person: 'cleo', role: 'approver-data', withdrawn: true }] }, 'undecided'],
    ['not withdrawn', { approvals: [{ person: 'cleo', role: 'approver-data', withdrawn: false }] }, 'allowed'],
    ['for another change', { approvals: [{ person: 'cleo', role: 'approver-data', otherChange: true }] }, 'undecided'],
    ['for this change', { approvals: [{ person: 'cleo', role: 'approver-data', otherChange: false }] }, 'allowed'],
    ['by who made it', { actors: ['cleo'] }, 'undecided'],
    ['by a machine', { approvals: [{ person: 'ci', role: 'approver-data' }] }, 'undecided'],
    ['where nobody knows who made it', { actors: [] }, 'denied'],
    ['where nothing is said of who made it', { actors: undefined as never }, 'denied'],
  ])('knows an approval that is %s', (_, more, kind) => {
    const { decision } = run({ ...more, expect: kind as PolicyCase['expect'] });
    expect(decision.kind).toBe(kind);
  });

  it('counts nothing that was not given', () => {
    const { approvals: _, ...without } = CASE;
    expect(runPolicyCase(policyOf(), { ...without, expect: 'undecided' }).decision.notCounted).toEqual([]);
  });

  it('says why an approval does not count', () => {
    const { decision } = run({
      approvals: [
        { person: 'cleo', role: 'approver-data', expired: true },
        { person: 'cleo', role: 'approver-data', otherChange: true },
        { person: 'ci', role: 'approver-data' },
      ],
    });
    expect(decision.notCounted.map(({ because }) => because)).toEqual([
      'it expired 2026-01-01T00:00:00Z',
      'it was given to another change, or by another policy',
      'a machine never stands for a person',
    ]);
    expect(decision.notCounted[1]!.approval.binds).toBe('another change');
  });

  it.each<[string, PolicyCase['replays'], string, RegExp]>([
    ['none', undefined, 'undecided', /none is recorded here/],
    ['by another person on another host', [{ person: 'ben', host: 'other' }], 'allowed', /rule data-change is satisfied/],
    ['of which nobody knows where', [{ person: 'ben' }], 'undecided', /none ran on a host that is another one for certain/],
    ['on the same host', [{ person: 'ben', host: 'same' }], 'undecided', /none ran on a host/],
    ['by who made it', [{ person: 'ann', host: 'other' }], 'undecided', /nobody but who made the change has signed one/],
    ['by a machine', [{ person: 'ci', host: 'other' }], 'undecided', /nobody but who made the change has signed one/],
    ['by nobody', [{ host: 'other' }], 'undecided', /nobody but who made the change has signed one/],
    ['that proves nothing', [{ person: 'ben', host: 'other', outcome: 'nothing' }], 'undecided', /the case says so/],
    ['that differs', [{ person: 'ben', host: 'other', outcome: 'different' }], 'denied', /the replay case came out different: the case says so/],
  ])('knows a replay %s', (_, replays, kind, because) => {
    const { decision } = run(replays === undefined ? {} : { replays }, REPLAYED);
    expect(decision.kind).toBe(kind);
    expect(decision.because.join('; ')).toMatch(because);
  });

  it('speaks of a path as of everything at it or below it', () => {
    expect(run({ changed: ['/evaluation'], rules: ['criteria-change', 'anything'], expect: 'undecided' }).because[0]).not.toMatch(/does not apply/);
    expect(run({ changed: ['/later'], expect: 'allowed' }).because).toEqual(['nothing changed that could be a cause']);
  });
});
