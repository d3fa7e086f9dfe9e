import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { propertyRuns } from '../../test/fixtures/property-runs.ts';
import { judgeReview, type ReviewFacts, type ReviewTrigger, reviewRules } from './judge-review.ts';

const rules = reviewRules({ every: { high: 30, low: 100 }, triggers: ['data-change', 'deprecation'] });
const others = reviewRules({ every: { high: 30, other: 100 } });
const facts = (more: Partial<ReviewFacts> = {}): ReviewFacts => ({
  tier: 'high',
  from: '2026-01-01T00:00:00.000Z',
  reviews: [],
  events: [],
  unknown: [],
  now: '2026-11-26T12:00:00.000Z',
  ...more,
});
const by = (at: string, person = 'ben'): ReviewFacts['reviews'] => [{ person, at }];
const RECENT = '2026-11-20T00:00:00.000Z';
const event = (at: string, trigger: ReviewTrigger = 'data-change'): ReviewFacts['events'] => [{ trigger, at, because: 'it happened' }];

describe('a review', () => {
  it.each<[string, Partial<ReviewFacts>, 'current' | 'due' | 'unknown', RegExp]>([
    ['that nobody gave', {}, 'due', /^nobody has reviewed it since it began to run, 2026-01-01; the policy asks for it every 30 days$/],
    ['that nobody gave, of what began to run a while ago', { from: RECENT }, 'current', /nobody has reviewed it since/],
    ['of a while ago', { reviews: by(RECENT) }, 'current', /^ben reviewed it last, 2026-11-20$/],
    ['of long ago', { reviews: by('2026-10-01T00:00:00.000Z') }, 'due', /^ben reviewed it last, 2026-10-01; the policy asks for it every 30 days$/],
    ['of exactly so many days ago', { reviews: by('2026-10-27T12:00:00.000Z') }, 'due', /every 30 days/],
    ['of a second later', { reviews: by('2026-10-27T12:00:01.000Z') }, 'current', /ben/],
    ['of long ago, and a newer one', { reviews: [...by('2026-10-01T00:00:00.000Z'), ...by(RECENT, 'cleo')] }, 'current', /^cleo/],
    ['of the future', { reviews: by('2036-01-01T00:00:00.000Z') }, 'due', /nobody has reviewed it/],
    ['of a clock that is five minutes ahead', { reviews: by('2026-11-26T12:05:00.000Z') }, 'current', /ben/],
    ['of a clock that is further ahead', { reviews: by('2026-11-26T12:05:00.001Z') }, 'due', /nobody has reviewed it/],
    ['of a moment that cannot be read', { reviews: by('soon') }, 'due', /nobody has reviewed it/],
    ['of the moment at which something happened', { reviews: by(RECENT), events: event(RECENT) }, 'current', /ben/],
    ['of a lower tier', { tier: 'low', reviews: by('2026-10-01T00:00:00.000Z') }, 'current', /ben/],
    ['of a tier that the policy does not name', { tier: 'none', reviews: by(RECENT) }, 'unknown', /the policy says nothing of the tier none/],
    ['of a model without a tier', { tier: undefined as never, reviews: by(RECENT) }, 'unknown', /the record names no tier/],
    ['of what runs since nobody knows when', { from: '' }, 'unknown', /nobody knows since when it runs/],
    ['of what began to run by a clock that is five minutes ahead', { from: '2026-11-26T12:05:00.000Z' }, 'current', /nobody has reviewed it/],
    ['of what began to run by a clock that is further ahead', { from: '2026-11-26T12:05:00.001Z' }, 'unknown', /nobody knows since when it runs/],
    ['of what begins to run in the future', { from: '2099-01-01T00:00:00.000Z' }, 'unknown', /nobody knows since when it runs/],
    ['of what begins to run in the future, and something happened', { from: '2099-01-01T00:00:00.000Z', events: event(RECENT) }, 'due', /^data-change/],
    ['after which something happened', { reviews: by(RECENT), events: event('2026-11-21T00:00:00.000Z') }, 'due', /^data-change: it happened$/],
    ['before which something happened', { reviews: by(RECENT), events: event('2026-11-19T00:00:00.000Z') }, 'current', /ben/],
    ['after which something happened that the policy does not name', { reviews: by(RECENT), events: event('2026-11-21T00:00:00.000Z', 'amendment') }, 'current', /ben/],
    ['beside which something happened at a moment that cannot be read', { reviews: by(RECENT), events: event('never') }, 'due', /data-change/],
    ['of which something is not known', { reviews: by(RECENT), unknown: ['a record is not here'] }, 'unknown', /^a record is not here$/],
    ['that is due, whatever else is not known', { unknown: ['a record is not here'] }, 'due', /every 30 days; |a record is not here/],
  ])('%s', (_, more, state, because) => {
    const answer = judgeReview(rules, facts(more));
    expect(answer.state, answer.because.join('; ')).toBe(state);
    expect(answer.because.join('; ')).toMatch(because);
  });

  it('is told with whom it was given by, and when the next is due', () => {
    expect(judgeReview(rules, facts({ reviews: by(RECENT) }))).toEqual({
      state: 'current',
      because: ['ben reviewed it last, 2026-11-20'],
      last: { person: 'ben', at: RECENT },
      dueMs: Date.parse(RECENT) + 30 * 86_400_000,
    });
    expect(judgeReview(rules, facts({ tier: 'none' }))).toStrictEqual({ state: 'unknown', because: ['the policy says nothing of the tier none'] });
  });

  it('of any other tier has the time of other', () => {
    expect(judgeReview(others, facts({ tier: 'none', reviews: by('2026-10-01T00:00:00.000Z') })).state).toBe('current');
    const { tier: _, ...without } = facts({ reviews: by('2026-10-01T00:00:00.000Z') });
    expect(judgeReview(others, without)).toMatchObject({ state: 'current', dueMs: Date.parse('2027-01-09T00:00:00.000Z') });
  });

  it('that is missing, more events and more that is not known never make it current', () => {
    const moment = fc.constantFrom('2026-11-25T00:00:00.000Z', RECENT, '2026-10-01T00:00:00.000Z', '2036-01-01T00:00:00.000Z', 'soon', '');
    const events = fc.array(fc.record({ trigger: fc.constantFrom<ReviewTrigger>('data-change', 'deprecation', 'amendment'), at: moment, because: fc.constant('so') }), {
      maxLength: 3,
    });
    const asked = fc.record({
      tier: fc.constantFrom('high', 'low', 'none'),
      from: moment,
      reviews: fc.array(fc.record({ person: fc.constant('ben'), at: moment }), { maxLength: 3 }),
      events,
      unknown: fc.subarray(['a', 'b']),
      now: fc.constant('2026-11-26T12:00:00.000Z'),
    });
    fc.assert(
      fc.property(asked, events, fc.nat(), (one, more, seed) => {
        if (judgeReview(rules, one).state === 'current') return;
        expect(judgeReview(rules, { ...one, events: [...one.events, ...more] }).state).not.toBe('current');
        expect(judgeReview(rules, { ...one, unknown: [...one.unknown, 'c'] }).state).not.toBe('current');
        // Without any review the time runs from when it began to run, and that may be newer.
        const fewer = one.reviews.filter((_, at) => (at + seed) % 2 === 0);
        if (fewer.length > 0) expect(judgeReview(rules, { ...one, from: '2026-01-01T00:00:00.000Z', reviews: fewer }).state).not.toBe('current');
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});

describe('the reviews of a policy', () => {
  const problems = (review: string): string => {
    const reading = readingOf(`${TEAM_POLICY}review: ${review}\n`);
    return reading.kind === 'accepted' ? '' : reading.problems.map(({ pointer, message, hint }) => `${pointer}: ${message} ${hint ?? ''}`).join('\n');
  };
  it.each<[string, string, RegExp]>([
    ['without a time', '{ triggers: [data-change] }', /every/],
    ['without any tier', '{ every: {} }', /\/review\/every/],
    ['with no days', '{ every: { high: 0 } }', /\/review\/every\/high/],
    ['with days in words', '{ every: { high: 180d } }', /\/review\/every\/high/],
    ['with a trigger that nobody knows', '{ every: { high: 1 }, triggers: [incident] }', /\/review\/triggers\/0/],
    ['with a trigger twice', '{ every: { high: 1 }, triggers: [data-change, data-change] }', /data-change stands here a second time/],
    ['with an unknown key', '{ evry: { high: 1 } }', /evry.*did you mean every\?/],
  ])('%s are not understood', (_, review, expected) => {
    expect(problems(review)).toMatch(expected);
  });

  it('are read with the times and triggers', () => {
    expect(readingOf(`${TEAM_POLICY}review: { every: { high: 180 }, triggers: [return] }\n`)).toMatchObject({
      kind: 'accepted',
      value: { review: { every: new Map([['high', 180]]), triggers: ['return'] } },
    });
  });
});
