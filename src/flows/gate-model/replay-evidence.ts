import type { ReplayEvidence } from '#gate';
import type { Store } from '#store';
import type { TrustStanding } from '#trust';
import type { ExactRecord } from '../policy/exact-record.ts';
import { replaysInStore } from '../policy/replays-of.ts';

/** The recorded replays of a run, each by what the two signed records bear out, as for rules of a policy. Never throws for what they are. */
export const replayEvidence = async (store: Store, record: ExactRecord, trust: TrustStanding): Promise<readonly ReplayEvidence[]> => {
  const { given } = await replaysInStore(store, record, trust);
  return given.map(({ by, ...replay }) => ({ ...replay, isByAnother: by.length > 0 }));
};
