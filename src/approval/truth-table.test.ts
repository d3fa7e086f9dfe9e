import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyOf } from '../../test/fixtures/policies.ts';
import { propertyRuns } from '../../test/fixtures/property-runs.ts';
import { type Change, changeAt, POLICY_CHANGE } from './change-pattern.ts';
import { type ChangeQuestion, type GivenApproval, judgeChange } from './judge-change.ts';
import type { GivenReplay } from './judge-replays.ts';
import type { Policy, Role } from './policy.ts';

/** Every kind of rule, crossed with input that is missing, wrong, given twice or contradicts itself: none of it is ever allowed. */
const policyWith = (changed: string, require: string): Policy =>
  policyOf(`version: 1
roles: { approver-data: [ann, ben, cleo], approver-model: [ann, ben, dee], approver-dependency: [ann, ben], admin: [eve] }
rules: [{ id: one, why: so, changed: ['${changed}'], require: ${require} }]
`);

const by = (person: string, role: Role = 'approver-data', more: Partial<GivenApproval> = {}): GivenApproval => ({ person, role, isPerson: true, binds: 'this', ...more });
const again = (more: Partial<GivenReplay> = {}): GivenReplay => ({ runId: 'abcdef01', outcome: 'same', because: 'it is noted', host: 'other', by: ['ben'], ...more });
const DIFFERENT = again({ outcome: 'different', by: [], host: 'unknown' });

const DATA = changeAt('/data/*/contentSha256')!;

type Kind = {
  readonly policy: Policy;
  readonly change: Change;
  /** What satisfies it. */
  readonly approvals: readonly GivenApproval[];
  readonly replays: readonly GivenReplay[];
};

const KINDS: Readonly<Record<string, Kind>> = {
  'one role': { policy: policyWith('data', '[{ role: approver-data }]'), change: DATA, approvals: [by('ben')], replays: [] },
  'two of a role': { policy: policyWith('data', '[{ role: approver-data, count: 2 }]'), change: DATA, approvals: [by('ben'), by('cleo')], replays: [] },
  'any of two roles': { policy: policyWith('data', '[{ anyOf: [approver-data, approver-model] }]'), change: DATA, approvals: [by('ben')], replays: [] },
  'two requirements': {
    policy: policyWith('data', '[{ role: approver-data }, { role: approver-model }]'),
    change: DATA,
    approvals: [by('cleo'), by('ben', 'approver-model')],
    replays: [],
  },
  'a path': { policy: policyWith('/data/*/contentSha256', '[{ role: approver-data }]'), change: DATA, approvals: [by('ben')], replays: [] },
  everything: { policy: policyWith('**', '[{ role: approver-data }]'), change: DATA, approvals: [by('ben')], replays: [] },
  'the policy': { policy: policyWith('policy', '[{ role: approver-data }]'), change: POLICY_CHANGE, approvals: [by('ben')], replays: [] },
  'a replay': { policy: policyWith('data', '[{ role: approver-data }, { replay: any }]'), change: DATA, approvals: [by('ben')], replays: [again({ by: [], host: 'same' })] },
  'an independent replay': { policy: policyWith('data', '[{ role: approver-data }, { replay: independent }]'), change: DATA, approvals: [by('cleo')], replays: [again()] },
};

const ask = ({ policy, change, approvals, replays }: Kind, more: Partial<ChangeQuestion> = {}): string =>
  judgeChange(policy, { changes: [change], approvals, replays: { given: replays, leftOut: 0 }, actors: ['ann'], binds: 'this', now: '2026-11-26T12:00:00Z', ...more }).kind;

const everyApproval =
  (more: Partial<GivenApproval>) =>
  ({ approvals }: Kind): Partial<ChangeQuestion> => ({ approvals: approvals.map((one) => ({ ...one, ...more })) });

const SPOILT: Readonly<Record<string, (kind: Kind) => Partial<ChangeQuestion>>> = {
  'no approval': () => ({ approvals: [] }),
  'one approval too few': ({ approvals }) => ({ approvals: approvals.slice(1) }),
  'the same approval twice': ({ approvals }) => ({ approvals: [approvals.at(-1)!, approvals.at(-1)!] }),
  'an approval in another role': everyApproval({ role: 'approver-dependency' }),
  'an approval in a role that approves nothing': everyApproval({ role: 'auditor' }),
  'an approval of another change': everyApproval({ binds: 'that' }),
  'an approval that has expired': everyApproval({ expiresAt: '2026-11-26T12:00:00Z' }),
  'an approval whose end cannot be read': everyApproval({ expiresAt: '' }),
  'an approval that was withdrawn': everyApproval({ isWithdrawn: true }),
  'a review in place of an approval': everyApproval({ isReview: true }),
  'an approval by a machine': everyApproval({ isPerson: false }),
  'an approval by an admin of the trust file': everyApproval({ isAdmin: true }),
  'an approval by an admin of the policy': everyApproval({ person: 'eve' }),
  'an approval by a stranger': everyApproval({ person: 'mallory' }),
  'an approval by who made it': everyApproval({ person: 'ann' }),
  'an approval for another environment': everyApproval({ environment: 'staging' }),
  'nobody who made it': () => ({ actors: [] }),
  'everybody made it': () => ({ actors: ['ann', 'ben', 'cleo', 'dee'] }),
  'a change that no rule speaks of beside it': ({ change }) => ({ changes: [change, { path: '/x', segments: ['x'], classes: [], isWhole: false, label: 'x' }] }),
};

const SPOILT_REPLAYS: Readonly<Record<string, Partial<ChangeQuestion>>> = {
  'no replay': { replays: { given: [], leftOut: 0 } },
  'a replay that proves nothing': { replays: { given: [again({ outcome: 'nothing' })], leftOut: 0 } },
  'one that proves nothing, twice': { replays: { given: [again({ outcome: 'nothing' }), again({ outcome: 'nothing' })], leftOut: 0 } },
  'one that came out different': { replays: { given: [DIFFERENT], leftOut: 0 } },
  'one that came out the same, and one different': { replays: { given: [again(), DIFFERENT], leftOut: 0 } },
  'replays that nobody looked at': { replays: { given: [again()], leftOut: 1 } },
};

describe.each(Object.entries(KINDS))('a rule for %s', (name, kind) => {
  it('is satisfied by what it asks for', () => {
    expect(ask(kind)).toBe('allowed');
  });

  // Where a rule speaks of everything, nothing is left that no rule speaks of; where it asks for one approval, two are more than enough.
  const isNone = (how: string): boolean =>
    (name === 'everything' && how === 'a change that no rule speaks of beside it') || (kind.approvals.length === 1 && how === 'the same approval twice');
  const spoilt = Object.entries(SPOILT).filter(([how]) => !isNone(how));
  it.each(spoilt)('is not satisfied with %s', (_, spoil) => {
    expect(ask(kind, spoil(kind))).not.toBe('allowed');
  });

  it.each(kind.replays.length === 0 ? [] : Object.entries(SPOILT_REPLAYS))('is not satisfied with %s', (_, spoil) => {
    expect(ask(kind, spoil)).not.toBe('allowed');
  });
});

describe('whatever replays there are,', () => {
  const replay: fc.Arbitrary<GivenReplay> = fc.record({
    runId: fc.constant('abcdef01'),
    outcome: fc.constantFrom('same', 'different', 'nothing'),
    because: fc.constant('so'),
    host: fc.constantFrom('same', 'other', 'unknown'),
    by: fc.subarray(['ann', 'ben', 'cleo', 'mallory']),
  });
  const asked = fc.record({ given: fc.array(replay, { maxLength: 4 }), leftOut: fc.constantFrom(0, 0, 0, 1), actors: fc.subarray(['ann', 'ben', 'mallory'], { minLength: 1 }) });
  const { policy, change, approvals } = KINDS['an independent replay']!;
  const judged = (given: readonly GivenReplay[], leftOut: number, actors: readonly string[]): string =>
    ask({ policy, change, approvals, replays: [] }, { replays: { given, leftOut }, actors });

  it('an allowed change has one by somebody else, elsewhere, and none that came out different', () => {
    fc.assert(
      fc.property(asked, ({ given, leftOut, actors }) => {
        if (judged(given, leftOut, actors) !== 'allowed') return;
        expect(leftOut).toBe(0);
        expect(given.some(({ outcome }) => outcome === 'different')).toBe(false);
        expect(given.some(({ outcome, host, by: people }) => outcome === 'same' && host === 'other' && people.some((one) => !actors.includes(one)))).toBe(true);
      }),
      { numRuns: propertyRuns(2000) },
    );
  });

  it('more actors, one that came out different, and ones that nobody looked at never turn another answer into yes', () => {
    fc.assert(
      fc.property(asked, ({ given, leftOut, actors }) => {
        if (judged(given, leftOut, actors) === 'allowed') return;
        expect(judged(given, leftOut, [...actors, 'ben'])).not.toBe('allowed');
        expect(judged([...given, DIFFERENT], leftOut, actors)).not.toBe('allowed');
        expect(judged(given, leftOut + 1, actors)).not.toBe('allowed');
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});
