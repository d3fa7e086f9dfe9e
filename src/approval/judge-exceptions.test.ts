import { describe, expect, it } from 'vitest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { type ExceptionQuestion, type GivenException, judgeExceptions } from './judge-exceptions.ts';

const ENVIRONMENTS = 'environments:\n  production: { exceptions: { role: approver-model, days: 30 } }\n  staging: { strict: false }\n';
const POLICY = policyOf(`${TEAM_POLICY}${ENVIRONMENTS}`);
const WITH_DAN = policyOf(`${TEAM_POLICY.replace('approver-model: [ann, ben, cleo]', 'approver-model: [ann, ben, cleo, dan]')}${ENVIRONMENTS}`);
const SOLO = policyOf(
  `version: 1\nsolo: true\nroles: { approver-model: [ann], admin: [ann], deployer: [ann] }\nrules: [{ id: a, why: b, changed: ['**'], require: [{ role: approver-model }] }]\n${ENVIRONMENTS}`,
);

const FIRST: GivenException = {
  sha256: 'a1',
  finding: { id: 'TL3001', about: 'package numpy' },
  manifestSha256: 'm1',
  environment: 'production',
  person: 'ann',
  isPerson: true,
  isAdmin: false,
  role: 'initiator',
  reason: 'compared by hand',
  statedAt: '2026-11-01T12:00:00.000Z',
  expiresAt: '2026-11-21T12:00:00.000Z',
  isWithdrawn: false,
};
const SECOND: GivenException = { ...FIRST, sha256: 'b2', confirms: 'a1', person: 'ben', role: 'approver-model', expiresAt: '2026-11-11T12:00:00.000Z' };

const ask = (given: readonly GivenException[], more: Partial<ExceptionQuestion> & { readonly policy?: typeof POLICY } = {}): readonly string[] => {
  const { policy = POLICY, ...question } = more;
  return judgeExceptions(policy, { manifestSha256: 'm1', environment: 'production', actors: ['ann'], now: '2026-11-02T12:00:00.000Z', given, ...question }).map(
    ({ given: { sha256 }, state, because }) => `${sha256} ${state}: ${because}`,
  );
};

describe('an exception', () => {
  it('counts with the word of a second person, and ends with the earlier of both', () => {
    const [first, second] = judgeExceptions(POLICY, {
      manifestSha256: 'm1',
      environment: 'production',
      actors: ['ann'],
      now: '2026-11-02T12:00:00.000Z',
      given: [SECOND, FIRST, FIRST],
    }).toReversed();
    expect(first).toEqual({ given: FIRST, state: 'counts', because: 'ben confirms it', persons: ['ann', 'ben'], expiresAt: SECOND.expiresAt });
    expect(second).toMatchObject({ given: SECOND, state: 'counts', because: 'it confirms that of ann', persons: ['ann', 'ben'] });
  });

  const changedFirst: readonly (readonly [string, Partial<GivenException>, string])[] = [
    ['over', { expiresAt: '2026-11-02T12:00:00.000Z' }, 'expired: it expired 2026-11-02T12:00:00.000Z'],
    ['taken back', { isWithdrawn: true }, 'withdrawn: it was withdrawn'],
    ['of the future', { statedAt: '2026-11-03T12:00:00.000Z' }, 'refused: it was signed in the future, 2026-11-03T12:00:00.000Z'],
    ['too long', { expiresAt: '2026-12-01T12:00:00.001Z' }, 'refused: it lasts longer than the 30 days that the policy allows'],
    ['over before it begins', { expiresAt: '2026-11-01T12:00:00.000Z' }, 'refused: it ends before it begins'],
    ['of no moment', { expiresAt: '2026-02-31T12:00:00.000Z' }, 'refused: its moments cannot be read'],
    ['of a machine by the trust file', { isPerson: false }, 'refused: a machine never stands for a person'],
    ['of a machine by the policy', { person: 'ci', role: 'signer' }, 'refused: a machine never stands for a person'],
    ['of an admin by the trust file', { isAdmin: true }, 'refused: admins make no exceptions'],
    ['of an admin by the policy', { person: 'dee' }, 'refused: admins make no exceptions'],
    ['in a role that the policy does not give', { role: 'approver-data' }, 'refused: the policy does not give ann the role approver-data'],
    ['of a stranger', { person: 'eve' }, 'refused: the policy does not give eve the role initiator'],
  ];

  it.each(changedFirst)('that is %s does not count, whoever confirms it', (_, changed, answer) => {
    const [first, second] = ask([{ ...FIRST, ...changed }, SECOND]);
    expect(first).toBe(`a1 ${answer}`);
    expect(second).toBe(`b2 ${answer.split(':')[0]}: what it confirms does not count: ${answer.slice(answer.indexOf(':') + 2)}`);
  });

  const WAITS = 'a1 waiting: waits for a second person with the role approver-model who did not make the change';
  const changedSecond: readonly (readonly [string, Partial<GivenException>, string])[] = [
    ['over', { expiresAt: '2026-11-02T11:00:00.000Z' }, 'b2 expired: it expired 2026-11-02T11:00:00.000Z'],
    ['taken back', { isWithdrawn: true }, 'b2 withdrawn: it was withdrawn'],
    ['of a machine', { isPerson: false }, 'b2 refused: a machine never stands for a person'],
    ['of the same person', { person: 'ann' }, 'b2 refused: nobody confirms an exception of their own'],
    ['for another finding', { finding: { id: 'TL3002', about: 'package numpy' } }, 'b2 refused: it confirms an exception for another finding'],
    ['about another thing', { finding: { id: 'TL3001' } }, 'b2 refused: it confirms an exception for another finding'],
    ['for another statement', { confirms: 'c3' }, 'b2 refused: what it confirms is no exception for this record and environment'],
    ['for itself', { confirms: 'b2' }, 'b2 refused: what it confirms is no exception for this record and environment'],
    ['in another role', { role: 'approver-data' }, 'b2 refused: one of the persons must speak as approver-model, and must not have made the change'],
  ];

  it.each(changedSecond)('waits while what confirms it is %s', (_, changed, answer) => {
    expect(ask([FIRST, { ...SECOND, ...changed }])).toEqual([WAITS, answer]);
  });

  it.each([
    ['record', { manifestSha256: 'm2' }],
    ['environment', { environment: 'staging' }],
  ])('waits while what confirms it is for another %s, and that is left out', (_, changed) => {
    expect(ask([FIRST, { ...SECOND, ...changed }])).toEqual([WAITS]);
  });

  it('needs the word of somebody who did not make the change, and whom anybody may join', () => {
    expect(ask([FIRST, SECOND], { actors: ['ann', 'ben'] })[0]).toBe(WAITS);
    expect(ask([FIRST, SECOND], { actors: [] })[0]).toBe('a1 refused: nobody knows who made the change');
    const byBen = { ...FIRST, person: 'ben', role: 'approver-model' } as const;
    expect(ask([byBen])).toEqual(['a1 waiting: waits for a second person']);
    expect(ask([byBen, { ...SECOND, person: 'ann', role: 'initiator' }])[0]).toBe('a1 counts: ann confirms it');
  });

  it('is confirmed by whom it takes furthest', () => {
    const longer = { ...SECOND, sha256: 'c3', person: 'cleo', expiresAt: '2026-11-15T12:00:00.000Z' };
    expect(ask([FIRST, SECOND, longer])[0]).toBe('a1 counts: cleo confirms it');
    expect(ask([FIRST, SECOND, { ...longer, isWithdrawn: true }])[0]).toBe('a1 counts: ben confirms it');
  });

  it('counts nowhere where the policy allows none', () => {
    const there = { environment: 'staging' };
    expect(ask([{ ...FIRST, ...there }], there)).toEqual(['a1 refused: the policy allows no exceptions in staging']);
    expect(ask([{ ...FIRST, environment: 'moon' }], { environment: 'moon' })).toEqual(['a1 refused: the policy allows no exceptions in moon']);
  });

  it('needs one person where one does everything', () => {
    const alone = { policy: SOLO, actors: ['ann'] };
    expect(ask([{ ...FIRST, role: 'approver-model', isAdmin: true }], alone)).toEqual(['a1 counts: one person does everything here']);
    expect(ask([{ ...FIRST, role: 'deployer' }], alone)).toEqual(['a1 refused: one of the persons must speak as approver-model']);
  });

  it('of two that are confirmed for as long is told with the same person, in whatever order they lie there', () => {
    const [third, fourth] = [
      { ...SECOND, sha256: 'c3', person: 'cleo' },
      { ...SECOND, sha256: 'd4', person: 'dan' },
    ];
    const told = (...given: readonly GivenException[]): string => ask([FIRST, ...given], { policy: WITH_DAN })[0]!;
    expect(told(SECOND, third, fourth)).toBe('a1 counts: ben confirms it');
    expect(told(fourth, third, SECOND)).toBe('a1 counts: ben confirms it');
    expect(told(fourth, third)).toBe('a1 counts: cleo confirms it');
    expect(told(third, fourth)).toBe('a1 counts: cleo confirms it');
  });

  it.each<[string, string, string]>([
    ['the first', '2026-11-10T12:00:00.000Z', '2026-11-11T12:00:00.000Z'],
    ['the second', '2026-11-11T12:00:00.000Z', '2026-11-10T12:00:00.000Z'],
    ['both', '2026-11-10T12:00:00.000Z', '2026-11-10T12:00:00Z'],
  ])('ends when %s does', (_, first, second) => {
    const answers = judgeExceptions(POLICY, {
      manifestSha256: 'm1',
      environment: 'production',
      actors: ['ann'],
      now: '2026-11-02T12:00:00.000Z',
      given: [
        { ...FIRST, expiresAt: first },
        { ...SECOND, expiresAt: second },
      ],
    });
    expect(answers.map(({ state, expiresAt }) => `${state} ${expiresAt}`)).toEqual(['counts 2026-11-10T12:00:00.000Z', 'counts 2026-11-10T12:00:00.000Z']);
  });

  it('that waits or is refused is the word of one person, until it ends', () => {
    const [first, second] = judgeExceptions(POLICY, {
      manifestSha256: 'm1',
      environment: 'production',
      actors: ['ann'],
      now: '2026-11-02T12:00:00.000Z',
      given: [FIRST, { ...SECOND, role: 'approver-data' }],
    });
    expect(first).toMatchObject({ state: 'waiting', persons: ['ann'], expiresAt: FIRST.expiresAt });
    expect(second).toMatchObject({ state: 'refused', persons: ['ben'], expiresAt: SECOND.expiresAt });
  });

  it('may be of a clock that is five minutes ahead, and no more; and ends at its moment', () => {
    const now = '2026-11-01T11:55:00.000Z';
    expect(ask([FIRST], { now })[0]).toBe(WAITS);
    expect(ask([{ ...FIRST, statedAt: '2026-11-01T12:00:00.001Z' }], { now })[0]).toBe('a1 refused: it was signed in the future, 2026-11-01T12:00:00.001Z');
    expect(ask([{ ...FIRST, expiresAt: '2026-12-01T12:00:00.000Z' }])[0]).toBe(WAITS);
    expect(ask([FIRST], { now: 'now' })[0]).toBe('a1 refused: its moments cannot be read');
    expect(ask([{ ...FIRST, statedAt: 'then' }])[0]).toBe('a1 refused: its moments cannot be read');
  });

  it('in a role that nobody has is refused', () => {
    expect(ask([{ ...FIRST, role: 'auditor' }])[0]).toBe('a1 refused: the policy does not give ann the role auditor');
  });

  it('is not stopped by an emergency that nobody has reviewed', () => {
    const policy = policyOf(
      `${TEAM_POLICY}environments:\n  production: { exceptions: { role: approver-model, days: 30 }, breakGlass: { role: approver-model, hours: 4, reviewDays: 7 } }\n`,
    );
    const glass = { isBreakGlass: true, statedAt: '2026-10-31T12:00:00.000Z', expiresAt: '2026-10-31T13:00:00.000Z' } as const;
    const older = [
      { ...FIRST, ...glass, sha256: 'e5' },
      { ...SECOND, ...glass, sha256: 'f6', confirms: 'e5' },
    ];
    expect(ask([FIRST, SECOND, ...older], { policy }).slice(0, 2)).toEqual(['a1 counts: ben confirms it', 'b2 counts: it confirms that of ann']);
  });
});
