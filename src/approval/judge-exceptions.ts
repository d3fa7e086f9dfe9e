import { countOf } from '#base';
import { NOBODY_KNOWN } from './judge-change.ts';
import { type GivenReview, isReviewed, openedIn } from './break-glass-reviews.ts';
import type { EnvironmentRules } from './environment-rules.ts';
import { DAY_MS, hasExpired, millisecondsOf, SKEW_MS } from './moments.ts';
import type { Policy, Role } from './policy.ts';

/** An exception whose signature held and whose signer is known; what it is worth is judged here. */
export type GivenException = {
  /** Of the statement. */
  readonly sha256: string;
  readonly finding: { readonly id: string; readonly about?: string };
  readonly manifestSha256: string;
  readonly environment: string;
  /** An emergency: it lasts hours, may stand for missing approvals, and is reviewed. */
  readonly isBreakGlass?: boolean;
  /** The exception of another person that it confirms; absent for the first. */
  readonly confirms?: string;
  /** Who stands behind the key. */
  readonly person: string;
  readonly isPerson: boolean;
  readonly isAdmin: boolean;
  /** As what the person speaks. */
  readonly role: Role;
  readonly reason: string;
  /** RFC 3339 in UTC, as whoever signed it said it. */
  readonly statedAt: string;
  readonly expiresAt: string;
  /** Taken back by the same person, whenever. */
  readonly isWithdrawn: boolean;
};

/** One record in one environment. */
export type ExceptionQuestion = {
  readonly manifestSha256: string;
  readonly environment: string;
  /** Everybody who took part in making the change. Unknown is an empty list. */
  readonly actors: readonly string[];
  readonly given: readonly GivenException[];
  readonly reviews?: readonly GivenReview[];
  /** RFC 3339 in UTC. */
  readonly now: string;
};

/** waiting: nothing is wrong with it, and it needs a second person. */
export type ExceptionState = 'counts' | 'waiting' | 'expired' | 'withdrawn' | 'refused';

export type ExceptionAnswer = {
  readonly given: GivenException;
  readonly state: ExceptionState;
  readonly because: string;
  /** Whose word it is; with the second person where it counts. */
  readonly persons: readonly string[];
  /** With the second person the earlier of both ends. */
  readonly expiresAt: string;
};

/**
 * What each exception for a record in an environment is worth. One counts if two distinct persons, no machines and no admins, have signed
 * it for exactly the same finding, the second naming the first by digest; neither is over, taken back, from the future or longer than
 * the policy allows; and one of them speaks in the role that the policy names and did not make the change. Where one person does
 * everything, that person suffices, and never for an emergency. Others than those of this record and environment are left out. Total: never throws.
 */
export const judgeExceptions = (policy: Policy, question: ExceptionQuestion): readonly ExceptionAnswer[] => {
  const given = distinct(question.given.filter(({ manifestSha256, environment }) => manifestSha256 === question.manifestSha256 && environment === question.environment));
  const firsts = new Map(given.filter(({ confirms }) => confirms === undefined).map((one) => [one.sha256, firstAnswer(one, { policy, question, given })]));
  return given.map((one) => firsts.get(one.sha256) ?? confirmationAnswer(one, firsts, { policy, question, given }));
};

type Asked = { readonly policy: Policy; readonly question: ExceptionQuestion; readonly given: readonly GivenException[] };

/** The same statement may lie there more than once. */
const distinct = (given: readonly GivenException[]): readonly GivenException[] => [...new Map(given.map((one) => [one.sha256, one])).values()];

const firstAnswer = (first: GivenException, asked: Asked): ExceptionAnswer => {
  const own = ownProblem(first, asked);
  if (own !== undefined) return answerOf(first, own);
  const { policy, question, given } = asked;
  if (first.isBreakGlass === true && hasOlder(first, asked)) return answerOf(first, { state: 'refused', because: 'one before it is not reviewed yet' });
  if (policy.isSolo && first.isBreakGlass !== true)
    return hasRole(first, asked) ? answerOf(first, { state: 'counts', because: 'one person does everything here' }) : answerOf(first, needsRole(first, asked));
  if (question.actors.length === 0) return answerOf(first, { state: 'refused', because: NOBODY_KNOWN });
  const [best] = given
    .filter((one) => one.confirms === first.sha256 && pairProblem(first, one, asked) === undefined)
    .toSorted((a, b) => (a.expiresAt === b.expiresAt ? (a.sha256 < b.sha256 ? -1 : 1) : millisecondsOf(b.expiresAt) - millisecondsOf(a.expiresAt)));
  if (best !== undefined) {
    const ends = millisecondsOf(best.expiresAt) < millisecondsOf(first.expiresAt) ? best.expiresAt : first.expiresAt;
    return { given: first, state: 'counts', because: `${best.person} confirms it`, persons: [first.person, best.person], expiresAt: ends };
  }
  const who = hasRole(first, asked) ? 'a second person' : `a second person with the role ${roleAsked(first, asked)} who did not make the change`;
  return answerOf(first, { state: 'waiting', because: `waits for ${who}` });
};

const confirmationAnswer = (one: GivenException, firsts: ReadonlyMap<string, ExceptionAnswer>, asked: Asked): ExceptionAnswer => {
  const first = firsts.get(one.confirms ?? '');
  if (first === undefined) return answerOf(one, { state: 'refused', because: 'what it confirms is no exception for this record and environment' });
  const problem = pairProblem(first.given, one, asked);
  if (problem !== undefined) return answerOf(one, problem);
  if (first.state === 'counts') return { ...first, given: one, because: `it confirms that of ${first.given.person}` };
  return answerOf(one, { state: first.state, because: `what it confirms does not count: ${first.because}` });
};

type Problem = Pick<ExceptionAnswer, 'state' | 'because'>;

const answerOf = (given: GivenException, { state, because }: Problem): ExceptionAnswer => ({ given, state, because, persons: [given.person], expiresAt: given.expiresAt });

/** Why the word of a person does not count, whatever others say; undefined if it does. */
const ownProblem = (one: GivenException, { policy, question }: Asked): Problem | undefined => {
  const refused = (because: string): Problem => ({ state: 'refused', because });
  const longest = longestOf(one, policy.environments.get(question.environment));
  const { person, role, statedAt, expiresAt } = one;
  if (longest === undefined) return refused(`the policy allows no ${one.isBreakGlass === true ? 'break-glass' : 'exceptions'} in ${question.environment}`);
  if (!one.isPerson || policy.machines.has(person)) return refused('a machine never stands for a person');
  if (one.isWithdrawn) return { state: 'withdrawn', because: 'it was withdrawn' };
  if ((!policy.isSolo || one.isBreakGlass === true) && (one.isAdmin || policy.roles.get('admin')?.includes(person) === true)) return refused('admins make no exceptions');
  if (policy.roles.get(role)?.includes(person) !== true) return refused(`the policy does not give ${person} the role ${role}`);
  const [from, to, now] = [millisecondsOf(statedAt), millisecondsOf(expiresAt), millisecondsOf(question.now)];
  if (Number.isNaN(from) || Number.isNaN(to) || Number.isNaN(now)) return refused('its moments cannot be read');
  if (from - now > SKEW_MS) return refused(`it was signed in the future, ${statedAt}`);
  if (to <= from) return refused('it ends before it begins');
  if (to - from > longest.ms) return refused(`it lasts longer than the ${longest.text} that the policy allows`);
  return hasExpired(expiresAt, question.now) ? { state: 'expired', because: `it expired ${expiresAt}` } : undefined;
};

/** Why one person does not confirm what another has said. */
const pairProblem = (first: GivenException, second: GivenException, asked: Asked): Problem | undefined => {
  const own = ownProblem(second, asked);
  if (own !== undefined) return own;
  if (first.finding.id !== second.finding.id || first.finding.about !== second.finding.about) return { state: 'refused', because: 'it confirms an exception for another finding' };
  if ((first.isBreakGlass ?? false) !== (second.isBreakGlass ?? false)) return { state: 'refused', because: 'an exception and a break-glass do not confirm each other' };
  if (first.person === second.person) return { state: 'refused', because: 'nobody confirms an exception of their own' };
  return hasRole(first, asked) || hasRole(second, asked) ? undefined : needsRole(first, asked);
};

/** Whether somebody speaks in the role that is asked for, and did not make the change. That the policy gives the role has been looked at. */
const hasRole = (one: GivenException, asked: Asked): boolean =>
  one.role === roleAsked(one, asked) && ((asked.policy.isSolo && one.isBreakGlass !== true) || !asked.question.actors.includes(one.person));

const roleAsked = ({ isBreakGlass }: GivenException, { policy, question }: Asked): Role | undefined => {
  const rules = policy.environments.get(question.environment);
  return (isBreakGlass === true ? rules?.breakGlass : rules?.exceptions)?.role;
};

/** The longest time that it may last; undefined where the policy allows none. No policy makes an emergency longer than a day. */
const longestOf = ({ isBreakGlass }: GivenException, rules: EnvironmentRules | undefined): { readonly ms: number; readonly text: string } | undefined => {
  if (isBreakGlass !== true) return rules?.exceptions === undefined ? undefined : { ms: rules.exceptions.days * DAY_MS, text: countOf(rules.exceptions.days, 'day') };
  if (rules?.breakGlass === undefined) return undefined;
  const hours = Math.min(rules.breakGlass.hours, MOST_HOURS);
  return { ms: hours * HOUR_MS, text: countOf(hours, 'hour') };
};

const HOUR_MS = 3_600_000;
const MOST_HOURS = 24;

/** Whether an earlier emergency for the same finding is not reviewed: hours that follow one another would be days. */
const hasOlder = (one: GivenException, { policy, question, given }: Asked): boolean =>
  openedIn(policy, given).some(
    ({ first }) =>
      first.finding.id === one.finding.id &&
      first.finding.about === one.finding.about &&
      (millisecondsOf(first.statedAt) < millisecondsOf(one.statedAt) || (first.statedAt === one.statedAt && first.sha256 < one.sha256)) &&
      !isReviewed(first, { policy, reviews: question.reviews ?? [], now: question.now }),
  );

const needsRole = (one: GivenException, asked: Asked): Problem => ({
  state: 'refused',
  because: `one of the persons must speak as ${roleAsked(one, asked)}${asked.policy.isSolo && one.isBreakGlass !== true ? '' : ', and must not have made the change'}`,
});
