import type { Policy } from '#approval';
import type { GateFacts } from '#gate';
import type { Store } from '#store';
import type { TrustStanding } from '#trust';
import { actorsOf } from '../policy/decide-change.ts';
import type { ExactRecord } from '../policy/exact-record.ts';
import { replaysInStore } from '../policy/replays-of.ts';

type Asking = { readonly policy: Policy; readonly trust: TrustStanding; /** Who took part, beside whom record and signatures say. */ readonly actors: readonly string[] };

/**
 * The recorded replays of a run, each by what the two signed records bear out, as for rules of a policy: nobody is another person than they
 * are by another spelling. Throws TL0001 for actors that the policy does not know; never for what replays are.
 */
export const replayEvidence = async (store: Store, record: ExactRecord, { policy, trust, actors: named }: Asking): Promise<Pick<GateFacts, 'replays' | 'replaysLeftOut'>> => {
  const { given, leftOut } = await replaysInStore(store, record, trust);
  const { actors } = actorsOf({ policy, candidate: record, named, trust });
  return { replays: given.map(({ by, ...replay }) => ({ ...replay, isByAnother: by.some((person) => !actors.includes(person)) })), replaysLeftOut: leftOut };
};
