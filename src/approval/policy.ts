import type { ChangePattern } from './change-pattern.ts';
import type { EnvironmentRules } from './environment-rules.ts';
import type { Requirement as RequirementDocument, Role } from './generated/policy-types.ts';
import type { AskedReplay } from './judge-replays.ts';
import type { ReviewRules } from './judge-review.ts';
import type { RuleIndex } from './rule-index.ts';

export type { Role } from './generated/policy-types.ts';

/** So many distinct persons, each with one of the roles. */
export type Requirement = { readonly roles: readonly Role[]; readonly count: number };

export type Rule = {
  readonly id: string;
  readonly why: string;
  readonly changed: readonly { readonly text: string; readonly pattern: ChangePattern }[];
  /** Never empty: a replay alone is nobody's word. */
  readonly require: readonly Requirement[];
  /** What replay of the candidate must have come out the same. */
  readonly replay?: AskedReplay;
};

/** A policy that was read and understood. */
export type Policy = {
  /** Digest of the file, in hexadecimal. */
  readonly sha256: string;
  /** One person does everything. */
  readonly isSolo: boolean;
  readonly roles: ReadonlyMap<Role, readonly string[]>;
  readonly machines: ReadonlySet<string>;
  readonly rules: readonly Rule[];
  /** Which of the rules speak of a change. */
  readonly index: RuleIndex;
  /** Absent: nobody must look again. */
  readonly review?: ReviewRules;
  /** By name. A gate knows no other. */
  readonly environments: ReadonlyMap<string, EnvironmentRules>;
};

/** Everybody who has a role. */
export const peopleOf = ({ roles }: Pick<Policy, 'roles'>): ReadonlySet<string> => new Set([...roles.values()].flat());

/** Roles whose word a rule may ask for. */
export const APPROVING: readonly Role[] = ['approver-data', 'approver-dependency', 'approver-model'];

export const requirementOf = ({ role, anyOf, count }: RequirementDocument): Requirement => ({ roles: role === undefined ? (anyOf ?? []) : [role], count: count ?? 1 });

/** Roles in which each person may approve. Machines never may, and who keeps the policy may not, unless one person does everything. */
export const approversOf = ({ roles, machines, isSolo }: Pick<Policy, 'roles' | 'machines' | 'isSolo'>): ReadonlyMap<string, ReadonlySet<Role>> => {
  const admins = new Set(isSolo ? [] : roles.get('admin'));
  const approvers = new Map<string, Set<Role>>();
  for (const role of APPROVING)
    for (const person of roles.get(role) ?? []) {
      if (machines.has(person) || admins.has(person)) continue;
      approvers.set(person, (approvers.get(person) ?? new Set()).add(role));
    }
  return approvers;
};
