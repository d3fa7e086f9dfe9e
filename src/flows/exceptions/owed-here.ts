import { type OwedReview, owedReviews, type Policy } from '#approval';
import { type FiledException, givenExceptions, givenReviews } from './filed-exceptions.ts';

/** With the moment until which it must be there: RFC 3339 in UTC. */
export type OwedHere = OwedReview & { readonly dueAt: string };

export type OwedQuestion = { readonly policy: Policy; readonly environment: string; /** RFC 3339 in UTC. */ readonly now: string };

/** The emergencies of an environment that are over, and that nobody has reviewed. */
export const owedHere = (filed: readonly FiledException[], { policy, environment, now }: OwedQuestion): readonly OwedHere[] =>
  owedReviews({ policy, reviews: givenReviews(filed), now }, { environment, given: givenExceptions(filed) }).map((one) => ({ ...one, dueAt: textOf(one) }));

/** What cannot be read as a moment was due when it ended. */
const textOf = ({ dueMs, endedAt }: OwedReview): string => (Number.isNaN(dueMs) ? endedAt : new Date(dueMs).toISOString());
