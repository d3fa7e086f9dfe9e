import { describe, expect, it } from 'vitest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { type GivenReview, owedReviews, reviewProblem } from './break-glass-reviews.ts';
import { type ExceptionQuestion, type GivenException, judgeExceptions } from './judge-exceptions.ts';

const rules = (text: string): ReturnType<typeof policyOf> => policyOf(`${TEAM_POLICY}environments:\n${text}`);
const POLICY = rules(
  '  production: { exceptions: { role: approver-model, days: 30 }, breakGlass: { role: approver-model, hours: 24, reviewDays: 7 } }\n  staging: { strict: false }\n',
);
const SHORTER = rules('  production: { breakGlass: { role: approver-model, hours: 2, reviewDays: 7 } }\n');
const ONLY_EXCEPTIONS = rules('  production: { exceptions: { role: approver-model, days: 30 } }\n');
const SOLO = policyOf(
  "version: 1\nsolo: true\nroles: { approver-model: [ann], deployer: [ann] }\nrules: [{ id: a, why: b, changed: ['**'], require: [{ role: approver-model }] }]\nenvironments:\n  production: { strict: false, breakGlass: { role: approver-model, hours: 24, reviewDays: 7 } }\n",
);

const WITH_BOB = policyOf(
  "version: 1\nsolo: true\nroles: { approver-model: [ann], deployer: [ann, bob] }\nrules: [{ id: a, why: b, changed: ['**'], require: [{ role: approver-model }] }]\nenvironments:\n  production: { strict: false, breakGlass: { role: approver-model, hours: 24, reviewDays: 7 } }\n",
);

/** Ann asks, ben confirms. */
const FIRST: GivenException = {
  sha256: 'a1',
  finding: { id: 'TL1003' },
  manifestSha256: 'm1',
  environment: 'production',
  isBreakGlass: true,
  person: 'ann',
  isPerson: true,
  isAdmin: false,
  role: 'initiator',
  reason: 'the old model is down',
  statedAt: '2026-11-01T12:00:00.000Z',
  expiresAt: '2026-11-02T12:00:00.000Z',
  isWithdrawn: false,
};
const SECOND: GivenException = {
  ...FIRST,
  sha256: 'b2',
  confirms: 'a1',
  person: 'ben',
  role: 'approver-model',
  statedAt: '2026-11-01T12:10:00.000Z',
  expiresAt: '2026-11-02T12:00:00.000Z',
};
const REVIEW: GivenReview = {
  sha256: 'c3',
  reviews: 'a1',
  manifestSha256: 'm1',
  environment: 'production',
  person: 'cleo',
  isPerson: true,
  isAdmin: false,
  role: 'approver-model',
  outcome: 'justified',
  reason: 'nobody could be reached',
  reviewedAt: '2026-11-03T12:00:00.000Z',
};

const ask = (given: readonly GivenException[], more: Partial<ExceptionQuestion> & { readonly policy?: typeof POLICY } = {}): readonly string[] => {
  const { policy = POLICY, ...question } = more;
  return judgeExceptions(policy, { manifestSha256: 'm1', environment: 'production', actors: ['ann'], now: '2026-11-01T13:00:00.000Z', given, ...question }).map(
    ({ given: { sha256 }, state, because }) => `${sha256} ${state}: ${because}`,
  );
};

describe('a break-glass', () => {
  it('counts with two persons, for hours', () => {
    expect(ask([FIRST, SECOND])).toEqual(['a1 counts: ben confirms it', 'b2 counts: it confirms that of ann']);
    expect(ask([FIRST, SECOND], { now: '2026-11-02T12:00:00.000Z' })[0]).toBe('a1 expired: it expired 2026-11-02T12:00:00.000Z');
  });

  it('is no exception, and no exception is one', () => {
    const { isBreakGlass: _, ...plain } = SECOND;
    expect(ask([FIRST, plain])).toEqual([
      'a1 waiting: waits for a second person with the role approver-model who did not make the change',
      'b2 refused: an exception and a break-glass do not confirm each other',
    ]);
    expect(ask([FIRST, SECOND], { policy: ONLY_EXCEPTIONS })[0]).toBe('a1 refused: the policy allows no break-glass in production');
  });

  const VAIN: readonly (readonly [string, readonly GivenException[], Parameters<typeof ask>[1], string])[] = [
    ['without a second person', [FIRST], {}, 'waiting: waits for a second person with the role approver-model who did not make the change'],
    [
      'with another key of the same person',
      [FIRST, { ...SECOND, person: 'ann' }],
      {},
      'waiting: waits for a second person with the role approver-model who did not make the change',
    ],
    ['confirmed by a machine', [FIRST, { ...SECOND, isPerson: false }], {}, 'waiting: waits for a second person with the role approver-model who did not make the change'],
    ['confirmed by an admin', [FIRST, { ...SECOND, isAdmin: true }], {}, 'waiting: waits for a second person with the role approver-model who did not make the change'],
    [
      'confirmed for another finding',
      [FIRST, { ...SECOND, finding: { id: 'TL2003' } }],
      {},
      'waiting: waits for a second person with the role approver-model who did not make the change',
    ],
    [
      'confirmed by a word that was taken back',
      [FIRST, { ...SECOND, isWithdrawn: true }],
      {},
      'waiting: waits for a second person with the role approver-model who did not make the change',
    ],
    ['by a machine', [{ ...FIRST, isPerson: false }, SECOND], {}, 'refused: a machine never stands for a person'],
    ['by an admin', [{ ...FIRST, person: 'dee', role: 'admin' }, SECOND], {}, 'refused: admins make no exceptions'],
    ['that was taken back', [{ ...FIRST, isWithdrawn: true }, SECOND], {}, 'withdrawn: it was withdrawn'],
    ['longer than a day', [{ ...FIRST, expiresAt: '2026-11-02T12:00:00.001Z' }, SECOND], {}, 'refused: it lasts longer than the 24 hours that the policy allows'],
    ['longer than the policy allows', [FIRST, SECOND], { policy: SHORTER }, 'refused: it lasts longer than the 2 hours that the policy allows'],
    ['of tomorrow', [{ ...FIRST, statedAt: '2026-11-01T13:05:00.001Z' }, SECOND], {}, 'refused: it was signed in the future, 2026-11-01T13:05:00.001Z'],
    ['that is over', [FIRST, SECOND], { now: '2026-11-02T12:00:00.000Z' }, 'expired: it expired 2026-11-02T12:00:00.000Z'],
    ['where nobody knows who made the change', [FIRST, SECOND], { actors: [] }, 'refused: nobody knows who made the change'],
    [
      'of people who all made the change',
      [FIRST, SECOND],
      { actors: ['ann', 'ben'] },
      'waiting: waits for a second person with the role approver-model who did not make the change',
    ],
    [
      'of one who does everything',
      [{ ...FIRST, role: 'approver-model' }],
      { policy: SOLO, actors: ['ann'] },
      'waiting: waits for a second person with the role approver-model who did not make the change',
    ],
  ];

  it.each(VAIN)('%s does not count', (_, given, more, answer) => {
    expect(ask(given, more)[0]).toBe(`a1 ${answer}`);
  });

  it('for another run, or another environment, is left out', () => {
    expect(
      ask([
        { ...FIRST, manifestSha256: 'm2' },
        { ...SECOND, manifestSha256: 'm2' },
      ]),
    ).toEqual([]);
    expect(ask([{ ...FIRST, environment: 'staging' }, SECOND])).toEqual(['b2 refused: what it confirms is no exception for this record and environment']);
  });

  it('does not follow another one that nobody has reviewed, and does follow one that somebody has', () => {
    const again = [
      { ...FIRST, sha256: 'd4', statedAt: '2026-11-04T12:00:00.000Z', expiresAt: '2026-11-05T12:00:00.000Z' },
      { ...SECOND, sha256: 'e5', confirms: 'd4', statedAt: '2026-11-04T12:00:00.000Z', expiresAt: '2026-11-05T12:00:00.000Z' },
    ];
    const now = '2026-11-04T13:00:00.000Z';
    expect(ask([...again, FIRST, SECOND], { now })[0]).toBe('d4 refused: one before it is not reviewed yet');
    expect(ask([...again, { ...FIRST, isWithdrawn: true }, SECOND], { now })[0]).toBe('d4 refused: one before it is not reviewed yet');
    expect(ask([...again, FIRST, SECOND], { now, reviews: [REVIEW] })[0]).toBe('d4 counts: ben confirms it');
    // What nobody confirmed let nothing run.
    expect(ask([...again, FIRST], { now })[0]).toBe('d4 counts: ben confirms it');
  });
});

describe('a break-glass that follows another one', () => {
  const LATER = { statedAt: '2026-11-04T12:00:00.000Z', expiresAt: '2026-11-05T12:00:00.000Z' };
  const again = (more: Partial<GivenException> = {}): readonly GivenException[] => [
    { ...FIRST, ...LATER, sha256: 'd4', ...more },
    { ...SECOND, ...LATER, sha256: 'e5', confirms: 'd4', ...more, ...(more.sha256 === undefined ? {} : { sha256: 'e5', confirms: more.sha256 }) },
  ];
  const now = '2026-11-04T13:00:00.000Z';
  const before = (first: Partial<GivenException> = {}, second: Partial<GivenException> = {}): readonly GivenException[] => [
    { ...FIRST, ...first },
    { ...SECOND, ...second },
  ];
  const both = (more: Partial<GivenException>): readonly GivenException[] => before(more, more);
  const REFUSED = 'd4 refused: one before it is not reviewed yet';
  const COUNTS = 'd4 counts: ben confirms it';

  it.each<[string, readonly GivenException[], string]>([
    ['for the same finding', before(), REFUSED],
    ['for another finding', both({ finding: { id: 'TL2003' } }), COUNTS],
    ['for the same finding about another thing', both({ finding: { id: 'TL1003', about: 'numpy' } }), COUNTS],
    ['of which one speaks about another thing', before({}, { finding: { id: 'TL1003', about: 'numpy' } }), COUNTS],
    ['of which one speaks of another finding', before({}, { finding: { id: 'TL2003' } }), COUNTS],
    ['that one person alone declared', before({}, { person: 'ann' }), COUNTS],
    ['that a machine confirmed', before({}, { isPerson: false }), COUNTS],
    ['that a machine of the policy confirmed', before({}, { person: 'ci' }), COUNTS],
    ['that an admin confirmed', before({}, { isAdmin: true }), COUNTS],
    ['that an admin of the policy confirmed', before({}, { person: 'dee' }), COUNTS],
    ['that was an exception', before({ isBreakGlass: false }, { isBreakGlass: false }), COUNTS],
    ['whose second word is for another one', before({}, { confirms: 'f6' }), COUNTS],
    ['that comes later', both({ statedAt: '2026-11-04T12:00:00.001Z', expiresAt: '2026-11-05T12:00:00.000Z' }), COUNTS],
    ['of the same moment, by digest before it', both({ statedAt: LATER.statedAt, expiresAt: LATER.expiresAt }), REFUSED],
    [
      'of the same moment, by digest after it',
      [
        { ...FIRST, ...LATER, sha256: 'f6' },
        { ...SECOND, ...LATER, confirms: 'f6' },
      ],
      COUNTS,
    ],
  ])('%s', (_, older, expected) => {
    expect(ask([...again(), ...older], { now })[0]).toBe(expected);
  });

  it('is stopped by it whether the finding is about something or not', () => {
    const finding = { id: 'TL1003', about: 'numpy' };
    expect(ask([...again({ finding }), ...both({ finding })], { now })[0]).toBe(REFUSED);
    expect(ask([...again({ finding }), ...before()], { now })[0]).toBe(COUNTS);
  });

  it('needs no second person in vain, where one does everything: it is refused to admins', () => {
    const alone = policyOf(
      "version: 1\nsolo: true\nroles: { approver-model: [ann], admin: [ann] }\nrules: [{ id: a, why: b, changed: ['**'], require: [{ role: approver-model }] }]\nenvironments:\n  production: { strict: false, breakGlass: { role: approver-model, hours: 24, reviewDays: 7 } }\n",
    );
    expect(ask([{ ...FIRST, role: 'approver-model' }], { policy: alone })[0]).toBe('a1 refused: admins make no exceptions');
    expect(
      ask(
        [
          { ...FIRST, role: 'deployer' },
          { ...SECOND, person: 'bob', role: 'deployer' },
        ],
        { policy: WITH_BOB },
      ),
    ).toEqual([
      'a1 waiting: waits for a second person with the role approver-model who did not make the change',
      'b2 refused: one of the persons must speak as approver-model, and must not have made the change',
    ]);
  });
});

describe('a review', () => {
  const problem = (changed: Partial<GivenReview>, first: Partial<GivenException> = {}): string | undefined =>
    reviewProblem({ ...REVIEW, ...changed }, { ...FIRST, ...first }, { policy: POLICY, now: '2026-11-05T12:00:00.000Z' });

  it.each<[string, Partial<GivenReview>, Partial<GivenException>, string | undefined]>([
    ['of another person counts', {}, {}, undefined],
    ['of whoever confirmed it counts', { person: 'ben' }, {}, undefined],
    ['of whoever asked for it', { person: 'ann' }, {}, 'nobody reviews a break-glass of their own'],
    ['of a machine', { isPerson: false }, {}, 'a machine never stands for a person'],
    ['of an admin', { isAdmin: true }, {}, 'admins review no break-glass'],
    ['in a role that the policy does not give', { person: 'eve' }, {}, 'the policy does not give eve the role approver-model'],
    ['in another role', { role: 'approver-data' }, {}, 'whoever reviews it must speak as approver-model'],
    ['before it is over', { reviewedAt: '2026-11-02T11:00:00.000Z' }, {}, 'the break-glass is not over: withdraw it, or wait'],
    ['of one that was taken back counts at once', { reviewedAt: '2026-11-01T14:00:00.000Z' }, { isWithdrawn: true }, undefined],
    ['from before it', { reviewedAt: '2026-10-01T14:00:00.000Z' }, { isWithdrawn: true }, 'it was signed before the break-glass'],
    ['of tomorrow', { reviewedAt: '2026-11-06T12:00:00.000Z' }, {}, 'it was signed in the future, 2026-11-06T12:00:00.000Z'],
    ['of no moment', { reviewedAt: 'yesterday' }, {}, 'its moment cannot be read'],
    ['of a machine of the policy', { person: 'ci' }, {}, 'a machine never stands for a person'],
    ['of an admin of the policy', { person: 'dee' }, {}, 'admins review no break-glass'],
    ['in a role that nobody has', { role: 'auditor' }, {}, 'the policy does not give cleo the role auditor'],
    ['of a clock that is five minutes ahead counts', { reviewedAt: '2026-11-05T12:05:00.000Z' }, {}, undefined],
    ['of a clock that is further ahead', { reviewedAt: '2026-11-05T12:05:00.001Z' }, {}, 'it was signed in the future, 2026-11-05T12:05:00.001Z'],
    ['of the same moment counts', { reviewedAt: FIRST.statedAt }, { isWithdrawn: true }, undefined],
    ['of another one', { reviews: 'f6' }, {}, 'it reviews another one'],
    ['for another run', { manifestSha256: 'm2' }, {}, 'it reviews another one'],
    ['for another environment', { environment: 'staging' }, {}, 'it reviews another one'],
  ])('%s', (_, changed, first, answer) => {
    expect(problem(changed, first)).toBe(answer);
  });

  const owed = (now: string, given: readonly GivenException[] = [FIRST, SECOND], reviews: readonly GivenReview[] = [], policy = POLICY): readonly string[] =>
    owedReviews({ policy, reviews, now }, { environment: 'production', given }).map(
      ({ sha256, isOverdue, dueMs }) => `${sha256} ${isOverdue ? 'overdue' : 'owed'} ${new Date(dueMs).toISOString().slice(0, 10)}`,
    );

  it('is owed when it is over, and overdue after the days of the policy', () => {
    expect(owed('2026-11-02T11:00:00.000Z')).toEqual([]);
    expect(owed('2026-11-02T12:00:00.000Z')).toEqual(['a1 owed 2026-11-09']);
    expect(owed('2026-11-09T12:00:00.000Z')).toEqual(['a1 overdue 2026-11-09']);
    expect(owed('2026-11-10T12:00:00.000Z', [FIRST, SECOND], [REVIEW])).toEqual([]);
    expect(owed('2026-11-10T12:00:00.000Z', [FIRST, SECOND], [{ ...REVIEW, person: 'ann' }])).toEqual(['a1 overdue 2026-11-09']);
  });

  it('is asked of any role that the policy gives, where it has forgotten the environment', () => {
    const asked = (policy: typeof POLICY, role: GivenReview['role'], environment = 'production'): string | undefined =>
      reviewProblem({ ...REVIEW, role, environment }, { ...FIRST, environment }, { policy, now: '2026-11-05T12:00:00.000Z' });
    expect(asked(ONLY_EXCEPTIONS, 'approver-data')).toBeUndefined();
    expect(asked(POLICY, 'approver-data', 'moon')).toBeUndefined();
    expect(reviewProblem(REVIEW, FIRST, { policy: POLICY, now: 'now' })).toBe('its moment cannot be read');
    expect(reviewProblem({ ...REVIEW, role: 'admin' }, FIRST, { policy: WITH_BOB, now: '2026-11-05T12:00:00.000Z' })).toBe('the policy does not give cleo the role admin');
  });

  it('is owed for those of the environment, with both persons and its end', () => {
    const now = '2026-11-09T11:59:59.999Z';
    expect(owedReviews({ policy: POLICY, reviews: [], now }, { environment: 'production', given: [FIRST, SECOND] })).toEqual([
      { sha256: 'a1', manifestSha256: 'm1', persons: ['ann', 'ben'], endedAt: FIRST.expiresAt, dueMs: Date.UTC(2026, 10, 9, 12), isOverdue: false },
    ]);
    expect(owedReviews({ policy: POLICY, reviews: [], now }, { environment: 'staging', given: [FIRST, SECOND] })).toEqual([]);
    expect(
      owedReviews(
        { policy: POLICY, reviews: [], now },
        {
          environment: 'moon',
          given: [
            { ...FIRST, environment: 'moon' },
            { ...SECOND, environment: 'moon' },
          ],
        },
      ),
    ).toMatchObject([{ dueMs: Date.UTC(2026, 10, 9, 12) }]);
  });

  it('is owed once either person has taken it back, or the earlier of both ends has come; from several who confirm, the last end counts', () => {
    const now = '2026-11-01T18:00:00.000Z';
    expect(owed(now)).toEqual([]);
    expect(owed(now, [{ ...FIRST, isWithdrawn: true }, SECOND])).toEqual(['a1 owed 2026-11-09']);
    expect(owed(now, [FIRST, { ...SECOND, isWithdrawn: true }])).toEqual(['a1 owed 2026-11-09']);
    const shorter = { ...SECOND, expiresAt: '2026-11-01T17:00:00.000Z' };
    expect(owed(now, [FIRST, shorter])).toEqual(['a1 owed 2026-11-08']);
    expect(owed(now, [{ ...FIRST, expiresAt: '2026-11-01T17:00:00.000Z' }, SECOND])).toEqual(['a1 owed 2026-11-08']);
    const cleo = { ...SECOND, sha256: 'c9', person: 'cleo' };
    // Who confirms a confirmation declares nothing.
    expect(owed('2026-11-02T12:00:00.000Z', [FIRST, SECOND, { ...cleo, confirms: 'b2' }])).toEqual(['a1 owed 2026-11-09']);
    expect(owed(now, [FIRST, shorter, cleo])).toEqual([]);
    expect(owed(now, [FIRST, cleo, shorter])).toEqual([]);
    expect(owed('2026-11-02T12:00:00.000Z', [FIRST, SECOND, { ...FIRST, sha256: 'f6' }, { ...SECOND, sha256: 'f7', confirms: 'f6', environment: 'staging' }])).toEqual([
      'a1 owed 2026-11-09',
    ]);
    expect(owed('2026-11-02T12:00:00.000Z', [FIRST, { ...SECOND, manifestSha256: 'm2' }])).toEqual([]);
  });

  it('is owed with the moments as they were signed, where both end at once', () => {
    const asWritten = owedReviews(
      { policy: POLICY, reviews: [], now: '2026-11-05T12:00:00.000Z' },
      { environment: 'production', given: [FIRST, { ...SECOND, expiresAt: '2026-11-02T12:00:00Z' }] },
    );
    expect(asWritten.map(({ endedAt }) => endedAt)).toEqual([FIRST.expiresAt]);
  });

  it('is owed whatever was done to get rid of it', () => {
    const now = '2026-12-01T12:00:00.000Z';
    expect(
      owed(now, [
        { ...FIRST, isWithdrawn: true },
        { ...SECOND, isWithdrawn: true },
      ]),
    ).toEqual(['a1 overdue 2026-11-09']);
    expect(owed(now, [FIRST, SECOND], [], ONLY_EXCEPTIONS)).toEqual(['a1 overdue 2026-11-09']);
    expect(owed(now, [{ ...FIRST, role: 'deployer' }, SECOND])).toEqual(['a1 overdue 2026-11-09']);
    expect(owed(now, [FIRST])).toEqual([]);
    expect(owed(now, [FIRST, { ...SECOND, isPerson: false }])).toEqual([]);
    expect(owed('someday')).toEqual(['a1 overdue 2026-11-09']);
  });
});
