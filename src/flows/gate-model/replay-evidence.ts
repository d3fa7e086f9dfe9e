import { isRepeated } from '#evidence';
import type { ReplayEvidence } from '#gate';
import type { Manifest } from '#manifest';
import type { RunRecord, Store } from '#store';
import { type ReplaysPlace, replayFacts } from '../case-facts/replay-facts.ts';

type Replayed = { readonly store: Store; readonly run: RunRecord; readonly manifest: Manifest; /** Of the record. */ readonly sha256: string };

/** The recorded replays of a run, each weighed anew. Never throws for what they are. */
export const replayEvidence = async (place: ReplaysPlace, { store, run, manifest, sha256 }: Replayed): Promise<readonly ReplayEvidence[]> => {
  const { replays } = await replayFacts(store, { run, manifest, sha256 }, place);
  return replays.map(({ runId, outcome, because, host, isIndependent }) => ({
    runId,
    outcome: outcome === 'different' ? 'different' : isRepeated({ outcome }) ? 'same' : 'nothing',
    because,
    host,
    isByAnother: isIndependent,
  }));
};
