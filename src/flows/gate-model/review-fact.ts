import type { GateFacts } from '#gate';
import { emptyEnvironment, environmentsHere } from '../life/environments-here.ts';
import { historyHere } from '../life/filed-history.ts';
import type { ExactRecord } from '../policy/exact-record.ts';
import { reviewOf, type ReviewPlace } from '../review/review-of.ts';

type Asking = Omit<ReviewPlace, 'here' | 'rules'> & { readonly environment: string };

/** Whether a review is due of what the environment runs, the record among it. Where nothing ran yet nobody can have looked away. Throws TL0002. */
export const reviewFact = async (place: Asking, { manifest, sha256 }: ExactRecord): Promise<GateFacts['review']> => {
  const rules = place.policy.review;
  if (rules === undefined) return { kind: 'not-asked', because: 'the policy does not say how often' };
  const here = await historyHere(place);
  const state = (await environmentsHere(place, here)).find(({ environment }) => environment === place.environment) ?? emptyEnvironment(place.environment);
  const from = state.past.at(-1)?.promotion.promotedAt;
  if (from === undefined && here.unread.length === 0) return { kind: 'not-asked', because: 'nothing was promoted to it yet' };
  const record = { runId: manifest.run.id, manifestSha256: sha256 };
  const answer = await reviewOf({ ...place, rules, here }, { record, state, from: from ?? '' });
  return { kind: 'asked', state: answer.state, because: answer.because };
};
