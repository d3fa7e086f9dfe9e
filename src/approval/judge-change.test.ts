import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { propertyRuns } from '../../test/fixtures/property-runs.ts';
import { type Change, changeAt, changeOf, POLICY_CHANGE } from './change-pattern.ts';
import { changesOfFirst } from './changes-of.ts';
import { type ChangeQuestion, type GivenApproval, judgeChange } from './judge-change.ts';
import type { Role } from './policy.ts';

const policy = policyOf();
const solo = policyOf(
  'version: 1\nsolo: true\nroles: { approver-model: [ann], admin: [ann] }\nrules: [{ id: all, why: one person, changed: ["**"], require: [{ role: approver-model }] }]\n',
);
const dataOnly = policyOf(TEAM_POLICY.slice(0, TEAM_POLICY.indexOf('  - id: dependency-change')));

const at = (...paths: readonly string[]): readonly Change[] => paths.map((path) => changeAt(path)!);
const by = (person: string, role: Role, more: Partial<GivenApproval> = {}): GivenApproval => ({ person, role, isPerson: true, binds: 'this', ...more });
const DATA = '/data/*/contentSha256';
const CRITERIA = '/evaluation/criteria';

const ask = (changes: readonly Change[], approvals: readonly GivenApproval[], more: Partial<ChangeQuestion> = {}) =>
  judgeChange(policy, { changes, approvals, actors: ['ann'], binds: 'this', now: '2026-11-26T12:00:00Z', ...more });

describe('a change', () => {
  const cleo = by('cleo', 'approver-data');
  it.each<[string, readonly Change[], readonly GivenApproval[], Partial<ChangeQuestion>, 'allowed' | 'denied' | 'undecided', RegExp]>([
    ['of nothing', [], [], {}, 'allowed', /nothing changed/],
    ['that somebody else has approved', at(DATA), [cleo], {}, 'allowed', /rule data-change is satisfied/],
    ['that nobody has approved', at(DATA), [], {}, 'undecided', /rule data-change needs 1 more × approver-data/],
    ['approved in another role', at(DATA), [by('cleo', 'approver-model')], {}, 'undecided', /rule data-change needs/],
    ['approved by its author', at(DATA), [by('ben', 'approver-data')], { actors: ['ben'] }, 'undecided', /rule data-change needs/],
    ['approved by whoever pushed it', at(DATA), [cleo], { actors: ['ann', 'cleo'] }, 'undecided', /rule data-change needs/],
    ['of which everybody who may approve took part', at(DATA), [cleo], { actors: ['ben', 'cleo'] }, 'denied', /rule data-change cannot be satisfied/],
    ['of which nobody knows who made it', at(DATA), [cleo], { actors: [] }, 'denied', /nobody knows who made the change/],
    ['approved by a machine', at(DATA), [by('cleo', 'approver-data', { isPerson: false })], {}, 'undecided', /needs 1 more/],
    ['approved by a machine that passes for a person', at(DATA), [by('ci', 'approver-data')], {}, 'undecided', /needs 1 more/],
    ['approved by a stranger', at(DATA), [by('mallory', 'approver-data')], {}, 'undecided', /needs 1 more/],
    ['approved by an admin', at(DATA), [by('dee', 'approver-data')], {}, 'undecided', /needs 1 more/],
    ['D09 with an approval of another change', at(DATA), [by('cleo', 'approver-data', { binds: 'other' })], {}, 'undecided', /needs 1 more/],
    ['D09 with an approval that has expired', at(DATA), [by('cleo', 'approver-data', { expiresAt: '2026-11-26T12:00:00Z' })], {}, 'undecided', /needs 1 more/],
    ['with an approval that ends at a moment that cannot be read', at(DATA), [by('cleo', 'approver-data', { expiresAt: 'soon' })], {}, 'undecided', /needs 1 more/],
    ['with an approval that lasts', at(DATA), [by('cleo', 'approver-data', { expiresAt: '2026-11-26T12:00:01Z' })], {}, 'allowed', /satisfied/],
    ['with an approval that was withdrawn', at(DATA), [by('cleo', 'approver-data', { isWithdrawn: true })], {}, 'undecided', /needs 1 more/],
    ['withdrawn and approved anew by the same person', at(DATA), [by('cleo', 'approver-data', { isWithdrawn: true }), cleo], {}, 'allowed', /satisfied/],
    ['that somebody has only reviewed', at(DATA), [by('cleo', 'approver-data', { isReview: true })], {}, 'undecided', /needs 1 more/],
    ['approved by an admin of the trust file', at(DATA), [by('cleo', 'approver-data', { isAdmin: true })], {}, 'undecided', /needs 1 more/],
    ['approved for another environment', at(DATA), [by('cleo', 'approver-data', { environment: 'staging' })], { environment: 'production' }, 'undecided', /needs 1 more/],
    [
      'D09 approved twice by the same person',
      at(CRITERIA),
      [by('cleo', 'approver-model'), by('cleo', 'approver-model')],
      {},
      'undecided',
      /rule criteria-change needs 1 more × approver-model/,
    ],
    ['approved by two', at(CRITERIA), [by('cleo', 'approver-model'), by('ben', 'approver-model')], {}, 'allowed', /rule criteria-change is satisfied/],
    ['of two kinds, of which one is approved', at(DATA, '/dependencies/distributions/*/version'), [cleo], {}, 'undecided', /rule dependency-change needs/],
    ['of two kinds, each approved', at(DATA, '/dependencies/distributions/*/version'), [cleo, by('cleo', 'approver-dependency')], {}, 'allowed', /dependency-change/],
    ['of something that this version does not know', [changeOf({ path: '/later', classes: [], isWhole: true, label: 'later' })], [], {}, 'undecided', /rule anything needs/],
  ])('%s', (_, changes, approvals, more, kind, because) => {
    const decision = ask(changes, approvals, more);
    expect(decision.kind, decision.because.join('; ')).toBe(kind);
    expect(decision.because.join('; ')).toMatch(because);
  });

  it('that no rule speaks of is denied, whoever approved', () => {
    const question: ChangeQuestion = {
      changes: at('/code/repository/commit', DATA),
      approvals: [cleo, by('ben', 'approver-model')],
      actors: ['ann'],
      binds: 'this',
      now: '2026-11-26T12:00:00Z',
    };
    expect(judgeChange(dataOnly, question)).toMatchObject({ kind: 'denied', uncovered: [{ path: '/code/repository/commit' }] });
    // What follows nothing may be anything: who may approve data does not answer for the rest.
    const first = judgeChange(dataOnly, { ...question, changes: [...at(DATA), ...changesOfFirst()] });
    expect(first).toMatchObject({
      kind: 'denied',
      because: [expect.stringMatching(/^no rule speaks of \d+ fields that may be among it \(\/run.*\): it follows nothing: everything is new$/)],
    });
  });

  it('of one person who does everything needs that one', () => {
    const question: ChangeQuestion = { changes: at(DATA), approvals: [], actors: ['ann'], binds: 'this', now: '2026-11-26T12:00:00Z' };
    expect(judgeChange(solo, question).kind).toBe('undecided');
    expect(judgeChange(solo, { ...question, approvals: [by('ann', 'approver-model')] }).kind).toBe('allowed');
  });

  it('tells of every approval that does not count why', () => {
    const reasons = ask(at(DATA), [
      by('ann', 'approver-model'),
      by('ci', 'approver-data'),
      by('mallory', 'approver-data'),
      by('cleo', 'approver-data', { binds: 'other' }),
      by('ben', 'approver-data', { expiresAt: '2020-01-01T00:00:00Z' }),
    ]).notCounted.map(({ because }) => because);
    expect(reasons).toEqual([
      'ann took part in making the change',
      'a machine never stands for a person',
      'mallory does not have the role approver-data',
      'it was given to another change, or by another policy',
      'it expired 2020-01-01T00:00:00Z',
    ]);
  });
});

const NOW = '2026-11-26T12:00:00Z';

describe('a decision', () => {
  const cleo = by('cleo', 'approver-data');

  it('of nothing is allowed though nobody knows who made it', () => {
    expect(ask([], [], { actors: [] })).toEqual({ kind: 'allowed', because: ['nothing changed that could be a cause'], rules: [], uncovered: [], notCounted: [] });
  });

  it('says first what denies it, and then what is missing', () => {
    const policies = dataOnly;
    const unknown = changeOf({ path: '', classes: [], isWhole: false, label: 'something' });
    expect(judgeChange(policies, { changes: [...at('/code/repository/commit'), unknown, ...at(DATA)], approvals: [], actors: [], binds: 'this', now: NOW })).toMatchObject({
      kind: 'denied',
      because: [
        'nobody knows who made the change',
        'no rule speaks of Commit (/code/repository/commit)',
        'no rule speaks of something',
        'rule data-change needs 1 more × approver-data',
      ],
    });
  });

  it('names who has approved, who still could, and what the rule speaks of', () => {
    const decision = ask(at(CRITERIA), [by('cleo', 'approver-model')]);
    expect(decision.rules).toEqual([
      {
        id: 'criteria-change',
        why: 'Who moves the goal must not be alone.',
        changes: at(CRITERIA),
        requirements: [{ roles: ['approver-model'], count: 2, by: ['cleo'], missing: 1, eligible: ['ben'] }],
        state: 'outstanding',
      },
      {
        id: 'anything',
        why: 'Nothing goes to production unseen.',
        changes: at(CRITERIA),
        requirements: [{ roles: ['approver-model', 'approver-data', 'approver-dependency'], count: 1, by: ['cleo'], missing: 0, eligible: ['ben'] }],
        state: 'satisfied',
      },
    ]);
    expect(decision.because).toEqual(['rule criteria-change needs 1 more × approver-model']);
  });

  it('asks of each requirement only those who have its roles', () => {
    const two = policyOf(`version: 1
roles: { approver-data: [ann, ben], approver-model: [cleo, dan] }
rules: [{ id: all, why: so, changed: ['**'], require: [{ role: approver-data }, { role: approver-model }, { anyOf: [approver-data, approver-model] }] }]
`);
    const question: ChangeQuestion = { changes: at(DATA), approvals: [], actors: ['eve'], binds: 'this', now: NOW };
    expect(judgeChange(two, question)).toMatchObject({
      kind: 'undecided',
      because: ['rule all needs 1 more × approver-data and 1 more × approver-model and 1 more × approver-data or approver-model'],
      rules: [{ requirements: [{ eligible: ['ann', 'ben'] }, { eligible: ['cleo', 'dan'] }, { eligible: ['ann', 'ben', 'cleo', 'dan'] }] }],
    });
    expect(judgeChange(two, { ...question, approvals: [by('ann', 'approver-data')] }).rules[0]!.requirements.map(({ eligible }) => eligible)).toEqual([
      ['ben'],
      ['cleo', 'dan'],
      ['ben', 'cleo', 'dan'],
    ]);
    // One requirement can be met and the other cannot.
    expect(judgeChange(two, { ...question, actors: ['cleo', 'dan'] })).toMatchObject({
      kind: 'denied',
      because: ['rule all cannot be satisfied: too few people who may approve did not make the change'],
      rules: [{ state: 'unsatisfiable' }],
    });
  });

  it('of one person who does everything names that person, whoever made it', () => {
    const [rule] = judgeChange(solo, { changes: at(DATA), approvals: [], actors: ['ann'], binds: 'this', now: NOW }).rules;
    expect(rule!.requirements[0]!.eligible).toEqual(['ann']);
    expect(judgeChange(solo, { changes: at(DATA), approvals: [by('ann', 'approver-model', { isAdmin: true })], actors: ['ann'], binds: 'this', now: NOW }).kind).toBe('allowed');
  });

  it('tells of a withdrawn approval, a review, an admin, another environment and an old one why they do not count', () => {
    const young = policyOf(`${TEAM_POLICY}environments: { production: { approvalDays: 1 }, weekly: { approvalDays: 7 } }\n`);
    const given = [
      { ...cleo, isWithdrawn: true },
      { ...cleo, isReview: true },
      { ...cleo, isAdmin: true },
      { ...cleo, environment: 'staging' },
      { ...cleo, approvedAt: '2020-01-01T00:00:00Z' },
      { ...cleo, environment: 'production', approvedAt: NOW },
    ];
    const reasons = (environment?: string): readonly string[] =>
      judgeChange(young, { changes: at(DATA), approvals: given, actors: ['ann'], binds: 'this', now: NOW, ...(environment === undefined ? {} : { environment }) }).notCounted.map(
        ({ because }) => because,
      );
    const always = ['it was withdrawn', 'it is a review, and decides nothing', 'admins neither approve nor deploy'];
    expect(reasons('production')).toEqual([...always, 'it was given for staging only', 'it is older than 1 day, as production asks']);
    expect(reasons('weekly')).toEqual([...always, 'it was given for staging only', 'it is older than 7 days, as weekly asks', 'it was given for production only']);
    expect(reasons('moon')).toEqual([...always, 'it was given for staging only', 'it was given for production only']);
    expect(reasons()).toEqual([...always, 'it was given for staging only', 'it was given for production only']);
  });

  it.each<[string, 'any' | 'independent', ChangeQuestion['replays'], readonly Change[], string, RegExp]>([
    ['a replay', 'any', undefined, at(DATA), 'undecided', /^rule all needs a replay: none is recorded here$/],
    ['a replay of a record that changed beside the policy', 'any', undefined, [POLICY_CHANGE, ...at(DATA)], 'undecided', /^rule all needs a replay: none is recorded here$/],
    ['no replay of the policy', 'any', undefined, [POLICY_CHANGE], 'allowed', /^rule all is satisfied$/],
    [
      'a replay that came out the same',
      'independent',
      { given: [{ runId: '12345678-9', outcome: 'different', because: 'error is 2', host: 'other', by: ['ben'] }], leftOut: 0 },
      at(DATA),
      'denied',
      /^rule all asks for a replay, and the replay 12345678 came out different: error is 2$/,
    ],
  ])('asks for %s', (_, replay, replays, changes, kind, because) => {
    const replayed = policyOf(`version: 1
roles: { approver-data: [ann, cleo] }
rules: [{ id: all, why: so, changed: ['**'], require: [{ role: approver-data }, { replay: ${replay} }] }]
`);
    const decision = judgeChange(replayed, { changes, approvals: [cleo], ...(replays === undefined ? {} : { replays }), actors: ['ann'], binds: 'this', now: NOW });
    expect(decision.kind).toBe(kind);
    expect(decision.because).toEqual([expect.stringMatching(because)]);
    expect(decision.rules[0]!.state).toBe(kind === 'denied' ? 'contradicted' : kind === 'allowed' ? 'satisfied' : 'outstanding');
    expect('replay' in decision.rules[0]!).toBe(kind !== 'allowed');
  });

  it('asks for persons and a replay in one sentence', () => {
    const replayed = policyOf(`version: 1
roles: { approver-data: [ann, cleo] }
rules: [{ id: all, why: so, changed: ['**'], require: [{ role: approver-data }, { replay: independent }] }]
`);
    expect(judgeChange(replayed, { changes: at(DATA), approvals: [], actors: ['ann'], binds: 'this', now: NOW }).because).toEqual([
      'rule all needs 1 more × approver-data and a replay by another person on another host: none is recorded here',
    ]);
  });
});

const PEOPLE = ['ann', 'ben', 'cleo', 'dee', 'ci', 'mallory'];
const ROLES: readonly Role[] = ['approver-data', 'approver-dependency', 'approver-model', 'admin', 'deployer'];
const approval: fc.Arbitrary<GivenApproval> = fc.record(
  {
    person: fc.constantFrom(...PEOPLE),
    isPerson: fc.boolean(),
    role: fc.constantFrom(...ROLES),
    binds: fc.constantFrom('this', 'this', 'this', 'other'),
    expiresAt: fc.constantFrom('2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z', 'never'),
    isWithdrawn: fc.boolean(),
  },
  { requiredKeys: ['person', 'isPerson', 'role', 'binds'] },
);
const question = fc.record({
  changes: fc.subarray([DATA, CRITERIA, '/code/repository/commit', '/dependencies/distributions/*/version', '/randomness/hashSeed']).map((paths) => at(...paths)),
  actors: fc.subarray(PEOPLE),
  approvals: fc.array(approval, { maxLength: 8 }),
});

describe('whatever is given,', () => {
  it('an allowed change has, for every rule, enough distinct persons with the role who did not make it', () => {
    fc.assert(
      fc.property(question, ({ changes, actors, approvals }) => {
        const decision = ask(changes, approvals, { actors });
        if (decision.kind !== 'allowed' || changes.length === 0) return;
        for (const { requirements } of decision.rules) {
          const all = requirements.flatMap(({ by: people }) => people);
          expect(new Set(all).size).toBe(all.length);
          for (const { by: people, count, roles } of requirements) {
            expect(people).toHaveLength(count);
            for (const person of people) {
              expect(actors).not.toContain(person);
              expect(approvals.some((one) => one.person === person && one.isPerson && one.binds === 'this' && one.isWithdrawn !== true && roles.includes(one.role))).toBe(true);
              expect(roles.some((role) => policy.roles.get(role)!.includes(person))).toBe(true);
            }
          }
        }
      }),
      { numRuns: propertyRuns(2000) },
    );
  });

  it('fewer approvals, more actors, more changes and more rules never turn another answer into yes', () => {
    const stricter = policyOf(`${TEAM_POLICY}  - { id: more, why: stricter, changed: [code], require: [{ role: approver-model, count: 2 }] }\n`);
    fc.assert(
      fc.property(question, question, fc.nat(), ({ changes, actors, approvals }, other, seed) => {
        const whole = { changes, actors, approvals, binds: 'this', now: '2026-11-26T12:00:00Z' };
        const asked = judgeChange(policy, whole);
        if (asked.kind === 'allowed') return;
        const withdrawn = approvals.filter((one) => one.isWithdrawn === true);
        const fewer = [...approvals.filter((one, i) => one.isWithdrawn !== true && (i + seed) % 3 !== 0), ...withdrawn];
        expect(judgeChange(policy, { ...whole, approvals: fewer }).kind).not.toBe('allowed');
        expect(judgeChange(policy, { ...whole, changes: [...changes, ...other.changes] }).kind).not.toBe('allowed');
        expect(judgeChange(stricter, whole).kind).not.toBe('allowed');
        // Nobody is a special case: without any actor nobody knows who made it.
        if (actors.length > 0) expect(judgeChange(policy, { ...whole, actors: [...actors, ...other.actors] }).kind).not.toBe('allowed');
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});

describe('an environment that asks for young approvals', () => {
  const young = policyOf(`${TEAM_POLICY}environments: { production: { approvalDays: 90 } }\n`);
  const decided = (approvedAt: string | undefined, environment = 'production') =>
    judgeChange(young, {
      changes: at(DATA),
      approvals: [by('cleo', 'approver-data', approvedAt === undefined ? {} : { approvedAt }), by('ben', 'approver-model', approvedAt === undefined ? {} : { approvedAt })],
      actors: ['ann'],
      binds: 'this',
      environment,
      now: '2026-11-26T12:00:00Z',
    }).kind;
  it.each<[string, string | undefined, string]>([
    ['one of today', '2026-11-26T11:00:00Z', 'allowed'],
    ['one of ninety days ago', '2026-08-28T12:00:00Z', 'allowed'],
    ['one that is a second older', '2026-08-28T11:59:59Z', 'undecided'],
    ['one of tomorrow', '2026-11-27T12:00:00Z', 'undecided'],
    ['one of a clock that is a minute ahead', '2026-11-26T12:01:00Z', 'allowed'],
    ['one that says no time', undefined, 'undecided'],
    ['one whose time cannot be read', 'yesterday', 'undecided'],
  ])('%s', (_, approvedAt, expected) => {
    expect(decided(approvedAt)).toBe(expected);
  });
  it('asks for it there only', () => {
    expect(decided('2020-01-01T00:00:00Z', 'staging')).toBe('allowed');
  });
});

describe('what follows nothing', () => {
  it('is spoken of by every rule, whatever its pattern', () => {
    const decision = ask(changesOfFirst(), []);
    expect(decision.rules.map(({ id }) => id)).toEqual(policy.rules.map(({ id }) => id));
    expect(decision.kind).toBe('undecided');
  });
});
