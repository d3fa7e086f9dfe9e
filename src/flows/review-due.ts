/** What of that which environments run somebody must look at again, by the policy. */
import { escapeControl, TrainlockError } from '#base';
import { openStore } from '#store';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { emptyEnvironment, environmentsHere, uncountedPromotions } from './life/environments-here.ts';
import { historyHere, type HistoryPlace } from './life/filed-history.ts';
import { policyHere } from './policy/policy-file.ts';
import { type ReviewOfRun, reviewOf, type ReviewPlace } from './review/review-of.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type ReviewDueOptions = HistoryPlace & {
  readonly storeFolder: string;
  /** A policy in place of that of the project. */
  readonly file?: string;
  /** Only models of this tier, and those whose tier nobody knows. */
  readonly tier?: string;
  /** Also records that git keeps and no environment runs. */
  readonly kept: boolean;
};

/** A run, where it runs, and whether somebody must look at it. */
export type DueReview = ReviewOfRun & { readonly runId: string; readonly name?: string; /** Absent for a record that is only kept. */ readonly environment?: string };

export type ReviewsDue = {
  /** nothing: there is nothing that could be reviewed. */
  readonly kind: 'current' | 'due' | 'unknown' | 'nothing';
  readonly reviews: readonly DueReview[];
  /** Why there may be more, one sentence each. */
  readonly unknown: readonly string[];
};

/** Throws TL0001 where the policy says nothing of reviews, TL0002, TL1201, TL1301, TL1302. */
export const reviewDue = async (options: ReviewDueOptions): Promise<ReviewsDue> => {
  const { projectRoot, tier } = options;
  const { path, policy } = await policyHere(options);
  const rules = policy.review;
  if (rules === undefined)
    throw new TrainlockError('TL0001', 'the policy does not say how often models are reviewed', { where: path, fix: 'add to it: review: { every: { high: 180, other: 730 } }' });
  const now = new Date().toISOString();
  const trust = await standingOf({ ...options, now });
  const here = await historyHere(options);
  const store = await openStore(options);
  const place: ReviewPlace = { ...options, policy, rules, trust, store, here, filed: await filedApprovals(projectRoot, trust, now) };
  const runs = await store.runs();
  const nameOf = (manifestSha256: string): Pick<DueReview, 'name'> => {
    const name = runs.find((run) => run.manifestSha256 === manifestSha256)?.name;
    return name === undefined ? {} : { name };
  };
  const reviews: DueReview[] = [];
  const unknown = here.unread.map(({ path: file, because }) => `${file} may be a promotion, and cannot be judged: ${because}`);
  for (const { environment, because } of uncountedPromotions(here)) unknown.push(`a promotion to ${escapeControl(environment)} does not count: ${because}`);
  const running = new Set<string>();
  for (const state of await environmentsHere(options, here)) {
    const { environment } = state;
    if (state.kind === 'undecided') unknown.push(`what ${escapeControl(environment)} runs is undecided: trainlock rollout`);
    for (const { runId, manifestSha256 } of state.running) {
      running.add(manifestSha256);
      const from = state.past.at(-1)?.promotion.promotedAt ?? '';
      reviews.push({ runId, environment, ...nameOf(manifestSha256), ...(await reviewOf(place, { record: { runId, manifestSha256 }, state, from })) });
    }
  }
  const kept = options.kept ? runs.filter((run) => run.kept && run.kind === 'run' && run.manifestSha256 !== undefined && !running.has(run.manifestSha256)) : [];
  for (const { id: runId, manifestSha256 = '', startedAt: from } of kept)
    reviews.push({ runId, ...nameOf(manifestSha256), ...(await reviewOf(place, { record: { runId, manifestSha256 }, state: emptyEnvironment(''), from })) });
  const asked = reviews.filter((one) => tier === undefined || one.tier === undefined || one.tier === tier);
  return { kind: kindOf(asked, unknown), reviews: asked, unknown };
};

const kindOf = (reviews: readonly DueReview[], unknown: readonly string[]): ReviewsDue['kind'] => {
  if (reviews.some(({ state }) => state === 'due')) return 'due';
  if (unknown.length > 0 || reviews.some(({ state }) => state === 'unknown')) return 'unknown';
  return reviews.length === 0 ? 'nothing' : 'current';
};
