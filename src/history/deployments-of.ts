import { escapeControl } from '#base';
import type { Deployment } from '#statements';
import type { SignedReversion } from './chain-of.ts';
import { groupedBy } from './grouped-by.ts';
import { type HistoryFinding, shortDigest } from './history-finding.ts';
import type { Signed } from './history-document.ts';
import type { EnvironmentState } from './promotions-of.ts';

export type SignedDeployment = Signed<{ readonly deployment: Deployment }>;

/** A place of an environment, and what was said last of it. */
export type DeployedPlace = {
  readonly environment: string;
  readonly place: string;
  /** What no other one follows; more than one where two were said side by side. */
  readonly heads: readonly SignedDeployment[];
  /** When the model of the last one was first gated there without another one in between; RFC 3339 in UTC, a claim. */
  readonly since?: string;
  readonly findings: readonly HistoryFinding[];
};

type Said = { readonly deployments: readonly SignedDeployment[]; readonly reversions: readonly SignedReversion[]; readonly notCounted?: ReadonlyMap<string, string> };

/** Every place of which something was said that counts and was not taken back. They are put in order by what they name, never by a clock. Never throws. */
export const deploymentsOf = ({ deployments, reversions, notCounted = new Map() }: Said): readonly DeployedPlace[] => {
  const takenBack = new Set(reversions.map(({ reversion }) => reversion.of.sha256));
  const places = groupedBy(deployments, ({ deployment: { environment, place } }) => JSON.stringify([environment, place]));
  return [...places.values()].flatMap((all): readonly DeployedPlace[] => {
    const counted = all.filter(({ sha256 }) => !takenBack.has(sha256));
    const [first] = counted;
    if (first === undefined) return [];
    const known = new Map(all.map((one) => [one.sha256, one]));
    const before = new Set<string>();
    for (const one of counted) addBefore(one, known, before);
    const heads = counted.filter(({ sha256 }) => !before.has(sha256)).toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
    const since = heads.length === 0 ? undefined : sinceOf(heads[0]!, known, takenBack);
    const { environment, place } = first.deployment;
    return [{ environment, place, heads, ...(since === undefined ? {} : { since }), findings: counted.flatMap((one) => gapsOf(one, known, notCounted)) }];
  });
};

const addBefore = ({ deployment }: SignedDeployment, known: ReadonlyMap<string, SignedDeployment>, before: Set<string>): void => {
  const open = [...deployment.follows];
  for (let sha256 = open.pop(); sha256 !== undefined; sha256 = open.pop()) {
    if (before.has(sha256)) continue;
    before.add(sha256);
    open.push(...(known.get(sha256)?.deployment.follows ?? []));
  }
};

const sinceOf = (head: SignedDeployment, known: ReadonlyMap<string, SignedDeployment>, takenBack: ReadonlySet<string>): string => {
  let [since, at] = [head.deployment.gatedAt, head];
  for (let steps = known.size; steps > 0; steps -= 1) {
    const [only, ...more] = at.deployment.follows;
    const earlier = only === undefined || more.length > 0 ? undefined : known.get(only);
    if (earlier === undefined || earlier.deployment.modelSha256 !== head.deployment.modelSha256) return since;
    at = earlier;
    if (!takenBack.has(earlier.sha256)) since = earlier.deployment.gatedAt;
  }
  return since;
};

/** What is missing before does not change what was said last: it is told, and nothing is undecided by it. */
const gapsOf = ({ sha256, deployment }: SignedDeployment, known: ReadonlyMap<string, SignedDeployment>, notCounted: ReadonlyMap<string, string>): readonly HistoryFinding[] =>
  deployment.follows.flatMap((one): readonly HistoryFinding[] => {
    if (known.has(one)) return [];
    const because = notCounted.get(one);
    return [
      {
        kind: 'gap',
        severity: 'warning',
        message: `what was said of ${escapeControl(deployment.place)} before ${shortDigest(sha256)} ${because === undefined ? 'is not here' : `does not count: ${escapeControl(because)}`}`,
        about: [sha256, one],
      },
    ];
  });

export type PlaceJudgement = {
  /** current: the gate allowed what is to run there, not too long ago. other: it is another run than was promoted. */
  readonly kind: 'current' | 'overdue' | 'other' | 'undecided';
  readonly because: string;
};

export type PlaceQuestion = {
  /** What was promoted to the environment. */
  readonly state: Pick<EnvironmentState, 'kind' | 'heads' | 'running'>;
  /** What was gated before this moment is overdue; nothing is if nothing is said. As all of these RFC 3339 in UTC with milliseconds. */
  readonly overdueBefore?: string;
  /** What was gated after this moment says a time that has not come. */
  readonly latest: string;
};

/** Whether what runs at a place is still what was gated, and what was promoted. Where nobody knows, it is undecided. */
export const judgePlace = ({ heads }: Pick<DeployedPlace, 'heads'>, { state, overdueBefore, latest }: PlaceQuestion): PlaceJudgement => {
  const [head] = heads;
  if (head === undefined) return { kind: 'undecided', because: 'what was said of it goes in a circle' };
  if (heads.some(({ deployment }) => !isSame(deployment, head.deployment)))
    return { kind: 'undecided', because: 'two models were said to run there side by side, and nobody has said which' };
  if (state.kind === 'undecided') return { kind: 'undecided', because: 'nobody knows what was promoted' };
  if (state.heads.length === 0) return { kind: 'undecided', because: 'nothing was promoted to this environment' };
  const { record } = head.deployment;
  if (!state.running.some(({ manifestSha256, sharePercent }) => manifestSha256 === record.manifestSha256 && sharePercent > 0))
    return { kind: 'other', because: 'another run was promoted than the one that runs there' };
  const gatedAt = gatedOf(heads);
  // Times of one form are in the order of their letters.
  if (!(gatedAt <= latest)) return { kind: 'undecided', because: 'it says that it was gated at a time that has not come' };
  if (overdueBefore === undefined) return { kind: 'current', because: 'the policy does not say how long a gate holds' };
  return gatedAt < overdueBefore
    ? { kind: 'overdue', because: 'it was gated longer ago than the policy lets a gate hold' }
    : { kind: 'current', because: 'it was gated within the time that the policy lets a gate hold' };
};

/** When it was gated: of two that say the same the earlier one is proven less. */
export const gatedOf = (heads: DeployedPlace['heads']): string => heads.map(({ deployment }) => deployment.gatedAt).reduce((a, b) => (b < a ? b : a), '9999');

const isSame = (a: Deployment, b: Deployment): boolean => a.modelSha256 === b.modelSha256 && a.record.manifestSha256 === b.record.manifestSha256;
