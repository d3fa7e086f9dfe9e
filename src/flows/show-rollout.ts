/** What each environment runs, since when and by whom, and whether the policy of now allows it. */
import { peopleOf, type Policy } from '#approval';
import { escapeControl, TrainlockError } from '#base';
import type { EnvironmentState, HistoryFinding, RunningRun, SignedPromotion } from '#history';
import { openStore, type Store } from '#store';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { emptyEnvironment, environmentsHere, uncountedDeployments, uncountedPromotions, type UncountedPromotion } from './life/environments-here.ts';
import { type PlaceView, placesHere, placeViews } from './life/places-here.ts';
import { type HistoryHere, historyHere, type HistoryPlace } from './life/filed-history.ts';
import { changeHere, type ChangePlace } from './policy/change-here.ts';
import { type PolicyFile, policyIfThere } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type RolloutOptions = HistoryPlace & {
  readonly storeFolder: string;
  /** Only this one. */
  readonly environment?: string;
  /** A policy in place of that of the project. */
  readonly file?: string;
};

/** Whether the newest promotion is allowed by the policy of now; not-asked: a return, or a first one. */
export type PolicyStanding = { readonly kind: 'allowed' | 'denied' | 'undecided' | 'not-asked' | 'no-policy'; readonly because: readonly string[] };

export type EnvironmentView = {
  readonly environment: string;
  readonly kind: EnvironmentState['kind'];
  readonly running: readonly (RunningRun & { readonly name?: string })[];
  /** The newest promotion; absent where there is none, or more than one. */
  readonly by?: { readonly sha256: string; readonly person: string; readonly reason: string; readonly at: string };
  readonly policy: PolicyStanding;
  readonly findings: readonly HistoryFinding[];
  /** Where models were said to run after a gate, and whether they still are what was gated and promoted. */
  readonly places: readonly PlaceView[];
};

export type Rollout = {
  readonly environments: readonly EnvironmentView[];
  readonly unread: HistoryHere['unread'];
  readonly notCounted: readonly UncountedPromotion[];
  /** Environments of which only such promotions speak. */
  readonly unknown: readonly string[];
};

/** Throws TL0001 for an environment to which nothing was promoted, TL0002 or TL1201 for a pin file that cannot be used. */
export const showRollout = async (options: RolloutOptions): Promise<Rollout> => {
  const here = await historyHere(options);
  const places = placesHere(here);
  const promoted = await environmentsHere(options, here);
  const all = [...promoted, ...onlyDeployed(places, promoted)];
  const { environment } = options;
  const chosen = environment === undefined ? all : all.filter((one) => one.environment === environment);
  const notCounted = uncountedPromotions(here).filter((one) => environment === undefined || one.environment === environment);
  if (environment !== undefined && chosen.length === 0 && here.unread.length === 0 && notCounted.length === 0)
    throw new TrainlockError('TL0001', `nothing was promoted to ${escapeControl(environment)}`, {
      notes: all.length === 0 ? [] : [`environments: ${all.map((one) => escapeControl(one.environment)).join(', ')}`],
      fix: 'trainlock promote RUN --to ENVIRONMENT --reason "…"',
    });
  const shown = chosen.length === 0 && environment !== undefined && here.unread.length > 0 ? [emptyEnvironment(environment)] : chosen;
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const policy = await policyIfThere(options);
  const names = new Map((await store.runs()).map(({ manifestSha256, name }) => [manifestSha256, name]));
  let asked: Promise<Judging> | undefined;
  const judging = (): Promise<Judging> => (asked ??= judgingHere(options, policy, store));
  const environments: EnvironmentView[] = [];
  for (const state of shown) environments.push(await viewOf(state, { options, policy, names, judging, here, places, now: new Date().toISOString() }));
  const known = new Set(promoted.map((one) => one.environment));
  const uncounted = [...notCounted, ...uncountedDeployments(here).filter((one) => environment === undefined || one.environment === environment)];
  return { environments, unread: here.unread, notCounted: uncounted, unknown: [...new Set(notCounted.map((one) => one.environment))].filter((name) => !known.has(name)) };
};

/** Environments to which nothing was promoted, and where models were said to run all the same. */
const onlyDeployed = (places: ReturnType<typeof placesHere>, promoted: readonly EnvironmentState[]): readonly EnvironmentState[] =>
  [...new Set(places.map(({ environment }) => environment))].filter((name) => !promoted.some(({ environment }) => environment === name)).map(emptyEnvironment);

type Judging = Pick<ChangePlace, 'trust' | 'read'>;

type Looking = {
  readonly options: RolloutOptions;
  readonly policy: PolicyFile | undefined;
  /** Of runs, by the digests of their records. */
  readonly names: ReadonlyMap<string | undefined, string | undefined>;
  /** What changes are judged by, read once, and only if one is judged. */
  readonly judging: () => Promise<Judging>;
  readonly here: HistoryHere;
  readonly places: ReturnType<typeof placesHere>;
  readonly now: string;
};

const judgingHere = async (options: RolloutOptions, policy: PolicyFile | undefined, store: Store): Promise<Judging> => {
  const now = new Date().toISOString();
  const trust = await standingOf({ ...options, now });
  return policy?.kind === 'read' ? { trust, read: { ...policy, store, filed: await filedApprovals(options.projectRoot, trust, now) } } : { trust };
};

const viewOf = async (state: EnvironmentState, looking: Looking): Promise<EnvironmentView> => {
  const [head, ...more] = state.heads;
  const only = more.length === 0 ? head : undefined;
  return {
    environment: state.environment,
    kind: state.kind,
    running: state.running.map((run) => {
      const name = looking.names.get(run.manifestSha256);
      return { ...run, ...(name === undefined ? {} : { name }) };
    }),
    ...(only === undefined ? {} : { by: { sha256: only.sha256, person: only.person, reason: only.promotion.reason, at: only.promotion.promotedAt } }),
    policy: only === undefined ? { kind: 'not-asked', because: [] } : await policyStanding(only, state, looking),
    findings: [...state.findings, ...looking.places.filter(({ environment }) => environment === state.environment).flatMap(({ findings }) => findings)],
    places: placeViews(looking.places, state, looking),
  };
};

/** Asked anew each time: an approval may have been taken back since. What cannot be asked is undecided. */
const policyStanding = async ({ promotion, person }: SignedPromotion, state: EnvironmentState, { options, policy, judging }: Looking): Promise<PolicyStanding> => {
  if (policy === undefined) return { kind: 'no-policy', because: [] };
  if (policy.kind === 'invalid') return { kind: 'undecided', because: ['the policy cannot be understood: trainlock policy lint'] };
  const { record, replaces, environment } = promotion;
  if (policy.policy.roles.get('deployer')?.includes(person) !== true)
    return { kind: 'undecided', because: [`the policy of now does not give ${escapeControl(person)} the role deployer`] };
  if (state.isReturn) return { kind: 'not-asked', because: [state.running.length === 0 ? 'nothing runs there any more' : 'a run came back that had been there'] };
  try {
    const { decision } = await changeHere({
      ...options,
      ...(replaces === undefined ? {} : { baseline: { manifestSha256: replaces.manifestSha256 } }),
      candidate: { manifestSha256: record.manifestSha256 },
      actors: actorsKnown(promotion, policy.policy),
      environment,
      ...(await judging()),
    });
    return { kind: decision.kind, because: decision.because };
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { kind: 'undecided', because: [`the change cannot be compared: ${error.message}`] };
  }
};

/** Whom the policy of now still knows: an actor that it does not know cannot have approved. */
const actorsKnown = ({ allowedBy }: SignedPromotion['promotion'], policy: Policy): readonly string[] => {
  const people = peopleOf(policy);
  return (allowedBy?.actors ?? []).filter((name) => people.has(name));
};
