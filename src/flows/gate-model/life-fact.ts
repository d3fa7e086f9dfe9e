import type { LifeFact } from '#gate';
import type { Manifest } from '#manifest';
import type { HistoryPlace } from '../life/filed-history.ts';
import { lifeLines, runLife } from '../life/run-life.ts';

/** What was said of a record since it was made, as far as it matters to who would serve its model. Throws like runLife. */
export const lifeFact = async (place: HistoryPlace, { manifest, manifestSha256 }: { readonly manifest: Manifest; readonly manifestSha256: string }): Promise<LifeFact> => {
  const life = await runLife({ ...place, manifest, manifestSha256, now: new Date().toISOString() });
  const inForce = life.deprecations.filter(({ applies, state }) => applies === 'yes' && state.kind === 'in-force');
  return {
    undecided: life.because,
    deprecated: inForce.map(({ about, sha256, deprecation: { of, reason, replacement } }) => ({
      about,
      sha256,
      isRun: of.kind === 'run' && about === 'this run',
      because: replacement === undefined ? reason : `${reason}; in its place ${replacement}`,
    })),
    told: lifeLines(life),
  };
};
