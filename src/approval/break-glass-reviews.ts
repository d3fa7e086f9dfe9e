import type { GivenException } from './judge-exceptions.ts';
import { DAY_MS, hasExpired, millisecondsOf, SKEW_MS } from './moments.ts';
import type { Policy, Role } from './policy.ts';

/** A review whose signature held and whose signer is known. */
export type GivenReview = {
  readonly sha256: string;
  /** The first word of the emergency, by digest. */
  readonly reviews: string;
  readonly manifestSha256: string;
  readonly environment: string;
  readonly person: string;
  readonly isPerson: boolean;
  readonly isAdmin: boolean;
  readonly role: Role;
  readonly outcome: 'justified' | 'not-justified';
  readonly reason: string;
  /** RFC 3339 in UTC, as whoever signed it said it. */
  readonly reviewedAt: string;
};

/** An emergency that two persons have declared, whatever became of it since: it let a model run, or could have. */
export type OpenedGlass = { readonly first: GivenException; readonly second: GivenException; /** RFC 3339 in UTC. */ readonly endsAt: string };

/**
 * The emergencies among what was given for one environment. Deliberately wide: what was taken back, is over, or is by roles that the policy has changed since, was an emergency all the same, and is
 * reviewed. Only who never could declare one has not: machines, admins, one person alone.
 */
export const openedIn = (policy: Policy, given: readonly GivenException[]): readonly OpenedGlass[] => {
  const couldSpeak = ({ isPerson, isAdmin, person }: GivenException): boolean =>
    isPerson && !isAdmin && !policy.machines.has(person) && policy.roles.get('admin')?.includes(person) !== true;
  const all = given.filter((one) => one.isBreakGlass === true && couldSpeak(one));
  return all
    .filter(({ confirms }) => confirms === undefined)
    .flatMap((first): readonly OpenedGlass[] => {
      const seconds = all.filter(({ confirms, person, manifestSha256, finding }) => {
        const isSame = manifestSha256 === first.manifestSha256 && finding.id === first.finding.id && finding.about === first.finding.about;
        return confirms === first.sha256 && person !== first.person && isSame;
      });
      const second = seconds.toSorted((a, b) => millisecondsOf(b.expiresAt) - millisecondsOf(a.expiresAt))[0];
      if (second === undefined) return [];
      return [{ first, second, endsAt: millisecondsOf(second.expiresAt) < millisecondsOf(first.expiresAt) ? second.expiresAt : first.expiresAt }];
    });
};

export type ReviewQuestion = { readonly policy: Policy; readonly reviews: readonly GivenReview[]; /** RFC 3339 in UTC. */ readonly now: string };

/** Why a review of an emergency does not count; undefined if it does. It is over by then, and whoever asked for it does not judge it. */
export const reviewProblem = (review: GivenReview, first: GivenException, { policy, now }: Omit<ReviewQuestion, 'reviews'>): string | undefined => {
  const { person, role, reviewedAt } = review;
  const asked = policy.environments.get(first.environment)?.breakGlass?.role;
  if (review.reviews !== first.sha256 || review.manifestSha256 !== first.manifestSha256 || review.environment !== first.environment) return 'it reviews another one';
  if (!review.isPerson || policy.machines.has(person)) return 'a machine never stands for a person';
  if (review.isAdmin || policy.roles.get('admin')?.includes(person) === true) return 'admins review no break-glass';
  if (policy.roles.get(role)?.includes(person) !== true) return `the policy does not give ${person} the role ${role}`;
  if (asked !== undefined && role !== asked) return `whoever reviews it must speak as ${asked}`;
  if (person === first.person) return 'nobody reviews a break-glass of their own';
  const [at, until] = [millisecondsOf(reviewedAt), millisecondsOf(now)];
  if (Number.isNaN(at) || Number.isNaN(until)) return 'its moment cannot be read';
  if (at - until > SKEW_MS) return `it was signed in the future, ${reviewedAt}`;
  if (at < millisecondsOf(first.statedAt)) return 'it was signed before the break-glass';
  return first.isWithdrawn || hasExpired(first.expiresAt, reviewedAt) ? undefined : 'the break-glass is not over: withdraw it, or wait';
};

export const isReviewed = (first: GivenException, question: ReviewQuestion): boolean => question.reviews.some((one) => reviewProblem(one, first, question) === undefined);

/** An emergency of an environment that is over, and that nobody has reviewed. */
export type OwedReview = {
  /** Of the first word. */
  readonly sha256: string;
  readonly manifestSha256: string;
  readonly persons: readonly string[];
  readonly endedAt: string;
  /** Milliseconds since 1970; not a number where its end cannot be read: then it is overdue. */
  readonly dueMs: number;
  readonly isOverdue: boolean;
};

/** Where the policy has forgotten that there were any, in days after the end. */
const USUAL_DAYS = 7;

/** Every emergency of an environment whose review is owed, whatever ran there. What cannot be read is overdue. Total: never throws. */
export const owedReviews = (
  { policy, reviews, now }: ReviewQuestion,
  { environment, given }: { readonly environment: string; readonly given: readonly GivenException[] },
): readonly OwedReview[] => {
  const days = policy.environments.get(environment)?.breakGlass?.reviewDays ?? USUAL_DAYS;
  return openedIn(
    policy,
    given.filter((one) => one.environment === environment),
  ).flatMap(({ first, second, endsAt }): readonly OwedReview[] => {
    const isOver = first.isWithdrawn || second.isWithdrawn || hasExpired(endsAt, now);
    if (!isOver || isReviewed(first, { policy, reviews, now })) return [];
    const dueMs = millisecondsOf(endsAt) + days * DAY_MS;
    const isOverdue = !(millisecondsOf(now) < dueMs);
    return [{ sha256: first.sha256, manifestSha256: first.manifestSha256, persons: [first.person, second.person], endedAt: endsAt, dueMs, isOverdue }];
  });
};
