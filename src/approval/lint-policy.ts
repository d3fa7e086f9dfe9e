import { countOf } from '#base';
import { type Approvers, assignApprovers } from './assign-approvers.ts';
import { POLICY, POLICY_CHANGE } from './change-pattern.ts';
import { APPROVING, approversOf, type Policy, type Role } from './policy.ts';
import { rulesFor } from './rule-index.ts';
import { uncoveredCauses } from './uncovered-causes.ts';

/** Something that would stop every change of a kind, or let one person decide alone. */
export type LintFinding = {
  readonly kind: 'uncovered' | 'too-few-people' | 'unsatisfiable' | 'without-key' | 'never-allowed';
  /** JSON pointer into the policy. */
  readonly pointer: string;
  readonly message: string;
};

/** Whose keys count as persons, with which roles; undefined where no trust file is known here. */
export type KeyHolders = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Whether every change that could be a cause is spoken of, and every rule can be satisfied by at least two distinct people, whoever of
 * all who are named made the change. With `holders`, only people count whose keys the trust file has, in the role that they need.
 */
export const lintPolicy = (policy: Policy, holders?: KeyHolders): readonly LintFinding[] => [
  ...coverage(policy),
  ...policyCoverage(policy),
  ...policy.rules.flatMap((_, at) => eligibleOf(policy, at, holders)),
  ...keysOf(policy, holders),
  ...environmentsOf(policy, holders),
];

const coverage = ({ index }: Policy): readonly LintFinding[] => {
  const open = uncoveredCauses(index);
  if (open === undefined) return [];
  return [{ kind: 'uncovered', pointer: '/rules', message: `no rule speaks of ${open.many}, so every change of them is denied: ${open.tops}` }];
};

/** The policy can change too, and the one before judges that. */
const policyCoverage = (policy: Policy): readonly LintFinding[] =>
  rulesFor(policy.index, POLICY_CHANGE).length > 0
    ? []
    : [{ kind: 'uncovered', pointer: '/rules', message: `no rule speaks of ${POLICY}, so every change of the policy itself is denied` }];

const eligibleOf = (policy: Policy, at: number, holders: KeyHolders | undefined): readonly LintFinding[] => {
  const { id, require } = policy.rules[at]!;
  const pointer = `/rules/${at}/require`;
  const approvers = withKeys(approversOf(policy), holders);
  const asked = new Set(require.flatMap(({ roles }) => roles));
  const eligible = [...approvers].filter(([, roles]) => [...roles].some((role) => asked.has(role))).map(([person]) => person);
  const least = policy.isSolo ? 1 : 2;
  if (eligible.length < least) {
    const who = `${eligible[0] ?? 'nobody'} may satisfy it${holders === undefined ? '' : ' with a key that counts'}`;
    return [{ kind: 'too-few-people', pointer, message: `rule ${id}: ${who}; with fewer than ${countOf(least, 'person', 'people')} it teaches everybody to go round it` }];
  }
  const leavesOpen = (author: string | undefined): boolean =>
    assignApprovers(require, new Map([...approvers].filter(([person]) => person !== author))).missing.some((missing) => missing > 0);
  if (leavesOpen(undefined)) return [{ kind: 'unsatisfiable', pointer, message: `rule ${id} asks for more people than there are` }];
  // Who makes a change cannot approve it: whoever that is, enough others must be left. People with the same roles are alike.
  const alike = new Map(eligible.toReversed().map((person) => [[...approvers.get(person)!].toSorted().join(' '), person]));
  const author = policy.isSolo ? undefined : [...alike.values()].toReversed().find(leavesOpen);
  return author === undefined ? [] : [{ kind: 'unsatisfiable', pointer, message: `rule ${id} cannot be satisfied when ${author} made the change` }];
};

/** Without what somebody may do by the policy and has no key for. */
const withKeys = (approvers: Approvers, holders: KeyHolders | undefined): Approvers =>
  holders === undefined ? approvers : new Map([...approvers].map(([person, roles]) => [person, new Set([...roles].filter((role) => holders.get(person)?.has(role) === true))]));

const keysOf = (policy: Policy, holders: KeyHolders | undefined): readonly LintFinding[] =>
  holders === undefined
    ? []
    : [...policy.roles]
        .filter(([role]) => APPROVING.includes(role))
        .flatMap(([role, people]) =>
          people.flatMap((person, at): readonly LintFinding[] =>
            holders.get(person)?.has(role) === true
              ? []
              : [{ kind: 'without-key', pointer: `/roles/${role}/${at}`, message: `the trust file has no key of ${person} with the role ${role}` }],
          ),
        );

/** Environments in which nothing could ever run, and exceptions and emergencies that nobody could declare. */
const environmentsOf = (policy: Policy, holders: KeyHolders | undefined): readonly LintFinding[] =>
  [...policy.environments].flatMap(([name, { isStrict, exceptions, breakGlass }]): readonly LintFinding[] => {
    const approvers = withKeys(approversOf(policy), holders);
    const countWith = (role: Role): number => [...approvers].filter(([, roles]) => roles.has(role)).length;
    const tooFew = exceptions !== undefined && !policy.isSolo && (countWith(exceptions.role) === 0 || approvers.size < 2);
    // Whoever asked for it does not review it, and whoever made the change is not the one who is asked.
    const nobodyLeft = breakGlass !== undefined && countWith(breakGlass.role) < 2;
    return [
      ...(isStrict && policy.isSolo
        ? [
            {
              kind: 'never-allowed' as const,
              pointer: `/environments/${name}`,
              message: `${name} is strict, and refuses whatever one person alone has approved: say strict: false, or name a second person`,
            },
          ]
        : []),
      ...(tooFew
        ? [
            {
              kind: 'too-few-people' as const,
              pointer: `/environments/${name}/exceptions`,
              message: `${name}: an exception needs two persons, one of them with the role ${exceptions.role}; there are too few`,
            },
          ]
        : []),
      ...(nobodyLeft
        ? [
            {
              kind: 'too-few-people' as const,
              pointer: `/environments/${name}/breakGlass`,
              message: `${name}: a break-glass needs two persons with the role ${breakGlass.role}, one to confirm and one to review; there are too few`,
            },
          ]
        : []),
    ];
  });
