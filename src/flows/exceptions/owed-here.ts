import { type OwedReview, owedReviews, type Policy } from '#approval';
import { type FiledException, formerEmergencies, givenExceptions, givenReviews, unreadExceptions } from './filed-exceptions.ts';

/** With the moment until which it must be there: RFC 3339 in UTC. */
export type OwedHere = OwedReview & { readonly dueAt: string };

export type OwedQuestion = { readonly policy: Policy; readonly environment: string; /** RFC 3339 in UTC. */ readonly now: string };

/** The emergencies of an environment that are over, and that nobody has reviewed. */
export const owedHere = (filed: readonly FiledException[], { policy, environment, now }: OwedQuestion): readonly OwedHere[] =>
  owedReviews({ policy, reviews: givenReviews(filed), now }, { environment, given: [...givenExceptions(filed), ...formerEmergencies(filed)] }).map((one) => ({
    ...one,
    dueAt: textOf(one),
  }));

/** Files that may be an emergency of the environment, and of which nobody can tell: by a key that nobody knows, or not to be read at all. One sentence each. */
export const unjudgedGlass = (filed: readonly FiledException[], { environment }: Pick<OwedQuestion, 'environment'>): readonly string[] => {
  const unknown = filed.flatMap(({ path, judged }) =>
    judged.kind === 'unknown' && judged.exception?.level !== undefined && judged.exception.environment === environment ? [{ path, because: judged.because }] : [],
  );
  return [...unreadExceptions(filed), ...unknown].map(({ path, because }) => `${path} may be an emergency that nobody has reviewed, and cannot be judged: ${because}`);
};

/** What cannot be read as a moment was due when it ended. */
const textOf = ({ dueMs, endedAt }: OwedReview): string => (Number.isNaN(dueMs) ? endedAt : new Date(dueMs).toISOString());
