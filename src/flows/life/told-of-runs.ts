import { standingDeprecations } from '#history';
import type { RunRecord } from '#store';
import { historyHere, type HistoryPlace } from './filed-history.ts';

/** A run of which somebody has said something that whoever lists it should know. */
export type ToldRun = { readonly id: string; readonly name?: string; readonly what: readonly ('amended' | 'deprecated')[] };

/** Runs that amendments or deprecations in force name by their records. Reads no record, so what a run uses is not looked at. Throws as historyHere does. */
export const toldOfRuns = async (runs: readonly RunRecord[], place: HistoryPlace): Promise<readonly ToldRun[]> => {
  const { counted } = await historyHere(place);
  const takenBack = new Set(counted.reversions.map(({ reversion }) => reversion.of.sha256));
  const amended = new Set(counted.amendments.filter(({ sha256 }) => !takenBack.has(sha256)).map(({ amendment }) => amendment.record.manifestSha256));
  const inForce = standingDeprecations({ ...counted, now: new Date().toISOString() }).filter(({ state }) => state.kind === 'in-force');
  const deprecated = new Set(inForce.flatMap(({ deprecation: { of } }) => (of.kind === 'run' ? [of.manifestSha256] : [])));
  return runs.flatMap(({ id, name, manifestSha256 = '' }) => {
    const what = [...(amended.has(manifestSha256) ? (['amended'] as const) : []), ...(deprecated.has(manifestSha256) ? (['deprecated'] as const) : [])];
    return what.length === 0 ? [] : [{ id, what, ...(name === undefined ? {} : { name }) }];
  });
};
