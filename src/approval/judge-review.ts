import { countOf } from '#base';
import type { PolicyDocument } from './generated/policy-types.ts';
import { DAY_MS, millisecondsOf, SKEW_MS } from './moments.ts';

type Review = NonNullable<PolicyDocument['review']>;

/** Something that makes a review due at once. */
export type ReviewTrigger = NonNullable<Review['triggers']>[number];

/** How often, and after what, somebody must look again. */
export type ReviewRules = {
  /** Unit: day, by tier. */
  readonly every: ReadonlyMap<string, number>;
  readonly triggers: readonly ReviewTrigger[];
};

/** The word for every tier that is not named. */
const OTHER = 'other';

export const reviewRules = ({ every, triggers = [] }: Review): ReviewRules => ({ every: new Map(Object.entries(every)), triggers });

export type ReviewFacts = {
  /** Of the model, as its record reads now. */
  readonly tier?: string;
  /** When it began to run; RFC 3339 in UTC. */
  readonly from: string;
  /** Reviews of it that count, in any order; RFC 3339 in UTC. */
  readonly reviews: readonly { readonly person: string; readonly at: string }[];
  readonly events: readonly { readonly trigger: ReviewTrigger; readonly at: string; /** One sentence. */ readonly because: string }[];
  /** What could not be seen, one sentence each: each may be a reason to look. */
  readonly unknown: readonly string[];
  /** RFC 3339 in UTC. */
  readonly now: string;
};

export type ReviewAnswer = {
  /** current: nobody must look now; due: somebody must; unknown: nobody can tell. */
  readonly state: 'current' | 'due' | 'unknown';
  /** Why, one sentence each. */
  readonly because: readonly string[];
  readonly last?: { readonly person: string; readonly at: string };
  /** When the next is due, by the cadence alone; absent where the policy does not say how often. Unit: milliseconds since 1970. */
  readonly dueMs?: number;
};

/** Whether somebody must look again. What is due is due, whatever else is not known; a moment that cannot be read is no proof of a review. Total: never throws. */
export const judgeReview = ({ every, triggers }: ReviewRules, facts: ReviewFacts): ReviewAnswer => {
  const now = millisecondsOf(facts.now);
  // One from the future would put the next off for as long as somebody likes.
  const reviews = facts.reviews.filter(({ at }) => millisecondsOf(at) <= now + SKEW_MS).toSorted((a, b) => millisecondsOf(b.at) - millisecondsOf(a.at));
  const [last] = reviews;
  // Nor does it begin to run tomorrow.
  const from = millisecondsOf(facts.from) <= now + SKEW_MS ? facts.from : '';
  const since = millisecondsOf(last?.at ?? from);
  const days = every.get(facts.tier ?? OTHER) ?? every.get(OTHER);
  const dueMs = since + (days ?? Number.NaN) * DAY_MS;
  const told = last === undefined ? `nobody has reviewed it since it began to run, ${facts.from.slice(0, 10)}` : `${last.person} reviewed it last, ${last.at.slice(0, 10)}`;
  const overdue = dueMs <= now ? [`${told}; the policy asks for it every ${countOf(days!, 'day')}`] : [];
  // An event whose time cannot be compared counts: nobody can say that the review came after it.
  const fired = facts.events.filter(({ trigger, at }) => triggers.includes(trigger) && !(millisecondsOf(at) <= since)).map(({ trigger, because }) => `${trigger}: ${because}`);
  const unknown = [
    ...(days === undefined
      ? [facts.tier === undefined ? 'the record names no tier, and the policy says nothing of other ones' : `the policy says nothing of the tier ${facts.tier}`]
      : []),
    ...(days !== undefined && Number.isNaN(dueMs) ? ['nobody knows since when it runs'] : []),
    ...facts.unknown,
  ];
  const due = [...overdue, ...fired];
  return {
    state: due.length > 0 ? 'due' : unknown.length > 0 ? 'unknown' : 'current',
    because: due.length + unknown.length > 0 ? [...due, ...unknown] : [told],
    ...(last === undefined ? {} : { last }),
    ...(Number.isNaN(dueMs) ? {} : { dueMs }),
  };
};
