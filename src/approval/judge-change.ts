import { countOf } from '#base';
import type { Change } from './change-pattern.ts';
import { type Approvers, assignApprovers } from './assign-approvers.ts';
import type { EnvironmentRules } from './environment-rules.ts';
import { type GivenReplays, judgeReplays, type ReplayAnswer, replayText } from './judge-replays.ts';
import { hasExpired, isYounger } from './moments.ts';
import { approversOf, type Policy, type Requirement, type Role, type Rule } from './policy.ts';
import { rulesFor } from './rule-index.ts';
import { uncoveredCauses } from './uncovered-causes.ts';

/** An approval whose signature held and whose signer is known; what it is worth is judged here. */
export type GivenApproval = {
  /** Who stands behind the key. */
  readonly person: string;
  /** Machines and services never stand for a person. */
  readonly isPerson: boolean;
  readonly role: Role;
  /** Whether the trust file makes the person an admin. */
  readonly isAdmin?: boolean;
  /** A review says that somebody looked, and decides nothing. */
  readonly isReview?: boolean;
  /** The change it was given to, as a digest over baseline, candidate, difference and policy. */
  readonly binds: string;
  /** The only environment for which it was given; all, if nothing is said. */
  readonly environment?: string;
  /** RFC 3339 in UTC, as whoever approved said it. */
  readonly approvedAt?: string;
  /** RFC 3339 in UTC. */
  readonly expiresAt?: string;
  /** Taken back by the same person, whenever. */
  readonly isWithdrawn?: boolean;
};

export type ChangeQuestion = {
  readonly changes: readonly Change[];
  /** Everybody who took part in making the change: author, initiator, signer, pushers. Unknown is an empty list, and is denied. */
  readonly actors: readonly string[];
  readonly approvals: readonly GivenApproval[];
  /** Recorded replays of the candidate; none, if nothing is said. */
  readonly replays?: GivenReplays;
  /** Digest over baseline, candidate, difference and policy. */
  readonly binds: string;
  /** The environment that is asked about. */
  readonly environment?: string;
  /** RFC 3339 in UTC. */
  readonly now: string;
};

export type RequirementAnswer = Requirement & {
  /** Persons whose approvals count for it. */
  readonly by: readonly string[];
  /** How many more are needed. */
  readonly missing: number;
  /** Who could give them. */
  readonly eligible: readonly string[];
};

export type RuleAnswer = {
  readonly id: string;
  readonly why: string;
  /** What it speaks of. */
  readonly changes: readonly Change[];
  readonly requirements: readonly RequirementAnswer[];
  /** Only where the rule asks for a replay, and a record changed that could be replayed. */
  readonly replay?: ReplayAnswer;
  /** satisfied; outstanding: what is missing can be given; unsatisfiable: there are too few people; contradicted: a replay came out different. */
  readonly state: 'satisfied' | 'outstanding' | 'unsatisfiable' | 'contradicted';
};

export type ChangeDecision = {
  readonly kind: 'allowed' | 'denied' | 'undecided';
  /** Every reason, worst first; for an allowed change what allows it. */
  readonly because: readonly string[];
  readonly rules: readonly RuleAnswer[];
  /** Changes that no rule speaks of. */
  readonly uncovered: readonly Change[];
  /** Approvals that do not count, each with its reason. */
  readonly notCounted: readonly { readonly approval: GivenApproval; readonly because: string }[];
};

/**
 * Whether a change may be promoted. Rules add: every rule that speaks of any part of it must be satisfied, each by distinct persons who
 * did not make the change, and by a replay where it asks for one. What no rule speaks of is denied, and so is a change of which nobody
 * knows who made it, and one whose replay came out different. Judged by one policy: for a change of the policy itself, that is the one
 * before. Total: never throws.
 */
export const judgeChange = (policy: Policy, question: ChangeQuestion): ChangeDecision => {
  const counted = countApprovals(policy, question);
  const actors = new Set(policy.isSolo ? [] : question.actors);
  const eligible: Approvers = new Map([...approversOf(policy)].filter(([person]) => !actors.has(person)));
  const { spokenOf, uncovered } = sortChanges(policy, question.changes);
  const rules = policy.rules.flatMap((rule, at) => (spokenOf[at]!.length === 0 ? [] : [ruleAnswer(rule, spokenOf[at]!, { given: counted.given, eligible, question })]));
  const denials = [
    ...(question.actors.length === 0 && question.changes.length > 0 ? [NOBODY_KNOWN] : []),
    ...uncovered.map(({ path, label }) => `no rule speaks of ${label}${path === '' ? '' : ` (${path})`}`),
    ...rules.filter(({ state }) => state === 'contradicted').map(({ id, replay }) => `rule ${id} asks for a replay, and ${replay!.because}`),
    ...rules.filter(({ state }) => state === 'unsatisfiable').map(({ id }) => `rule ${id} cannot be satisfied: too few people who may approve did not make the change`),
  ];
  const open = rules.filter(({ state }) => state === 'outstanding').map(outstanding);
  const kind = denials.length > 0 ? 'denied' : open.length > 0 ? 'undecided' : 'allowed';
  const yes = question.changes.length === 0 ? ['nothing changed that could be a cause'] : rules.map(({ id }) => `rule ${id} is satisfied`);
  return { kind, because: kind === 'allowed' ? yes : [...denials, ...open], rules, uncovered, notCounted: counted.notCounted };
};

/** The changes that each rule speaks of, by its number, and those of which none speaks. */
const sortChanges = ({ rules, index }: Policy, changes: readonly Change[]): { readonly spokenOf: readonly (readonly Change[])[]; readonly uncovered: readonly Change[] } => {
  const spokenOf = rules.map((): Change[] => []);
  const uncovered: Change[] = [];
  // Of what may be anything each cause may have changed: rules for some of them do not speak of the others.
  const open = changes.some(mayBeAnything) ? uncoveredCauses(index) : undefined;
  for (const change of changes) {
    const speaking = rulesFor(index, change);
    if (speaking.length === 0) uncovered.push(change);
    else if (open !== undefined && mayBeAnything(change)) uncovered.push({ ...change, label: `${open.many} that may be among it (${open.tops}): ${change.label}` });
    for (const rule of speaking) spokenOf[rule]!.push(change);
  }
  return { spokenOf, uncovered };
};

/** Why a change is denied whose makers nobody can tell from others. */
export const NOBODY_KNOWN = 'nobody knows who made the change';

const mayBeAnything = ({ path, isPolicy }: Change): boolean => path === '' && isPolicy !== true;

const outstanding = ({ id, requirements, replay }: RuleAnswer): string => {
  const needs = requirements.filter(({ missing }) => missing > 0).map(({ roles, missing }) => `${missing} more × ${roles.join(' or ')}`);
  return `rule ${id} needs ${[...needs, ...(replay?.state === 'missing' ? [`${replayText(replay.asked)}: ${replay.because}`] : [])].join(' and ')}`;
};

type Judging = { /** Whose approvals count. */ readonly given: Approvers; /** Who could approve. */ readonly eligible: Approvers; readonly question: ChangeQuestion };

const ruleAnswer = (rule: Rule, changes: readonly Change[], { given, eligible, question }: Judging): RuleAnswer => {
  const { id, why, require } = rule;
  const now = assignApprovers(require, given);
  const replay = replayAnswer(rule, changes, question);
  const isEnough = now.missing.every((missing) => missing === 0);
  const others = [...eligible.keys()].filter((person) => !now.by.some((people) => people.includes(person)));
  const requirements = require.map(({ roles, count }, at) => ({
    roles,
    count,
    by: now.by[at]!,
    missing: now.missing[at]!,
    eligible: others.filter((person) => roles.some((role) => eligible.get(person)!.has(role))),
  }));
  // Who could approve is asked only where somebody must.
  const canBe = isEnough || assignApprovers(require, eligible).missing.every((missing) => missing === 0);
  const isSatisfied = isEnough && (replay === undefined || replay.state === 'met');
  const state = replay?.state === 'contradicted' ? 'contradicted' : isSatisfied ? 'satisfied' : canBe ? 'outstanding' : 'unsatisfiable';
  return { id, why, changes, requirements, ...(replay === undefined ? {} : { replay }), state };
};

const NO_REPLAYS: GivenReplays = { given: [], leftOut: 0 };

/** A change of the policy itself has no run that could be repeated: persons alone judge it. */
const replayAnswer = ({ replay }: Rule, changes: readonly Change[], { replays = NO_REPLAYS, actors }: ChangeQuestion): ReplayAnswer | undefined =>
  replay === undefined || changes.every(({ isPolicy }) => isPolicy === true) ? undefined : judgeReplays(replay, replays, actors);

const countApprovals = (policy: Policy, question: ChangeQuestion): Pick<ChangeDecision, 'notCounted'> & { readonly given: Approvers } => {
  const approvers = approversOf(policy);
  const given = new Map<string, Set<Role>>();
  const notCounted: { readonly approval: GivenApproval; readonly because: string }[] = [];
  for (const approval of question.approvals) {
    const because = refusal(approval, question, { policy, approvers });
    if (because === undefined) given.set(approval.person, (given.get(approval.person) ?? new Set()).add(approval.role));
    else notCounted.push({ approval, because });
  }
  return { given, notCounted };
};

/** Why an approval does not count; undefined if it does. */
const refusal = (approval: GivenApproval, question: ChangeQuestion, { policy, approvers }: { readonly policy: Policy; readonly approvers: Approvers }): string | undefined => {
  const { person, role, binds, environment, expiresAt } = approval;
  if (!approval.isPerson || policy.machines.has(person)) return 'a machine never stands for a person';
  if (approval.isWithdrawn === true) return 'it was withdrawn';
  if (approval.isReview === true) return 'it is a review, and decides nothing';
  if (approval.isAdmin === true && !policy.isSolo) return 'admins neither approve nor deploy';
  if (binds !== question.binds) return 'it was given to another change, or by another policy';
  if (environment !== undefined && environment !== question.environment) return `it was given for ${environment} only`;
  if (hasExpired(expiresAt, question.now)) return `it expired ${expiresAt}`;
  const oldest = environmentOf(policy, question)?.approvalDays;
  if (oldest !== undefined && !isYounger(approval.approvedAt, { days: oldest, now: question.now }))
    return `it is older than ${countOf(oldest, 'day')}, as ${question.environment} asks`;
  if (!policy.isSolo && question.actors.includes(person)) return `${person} took part in making the change`;
  return approvers.get(person)?.has(role) === true ? undefined : `${person} does not have the role ${role}`;
};

const environmentOf = ({ environments }: Policy, { environment }: ChangeQuestion): EnvironmentRules | undefined =>
  environment === undefined ? undefined : environments.get(environment);
