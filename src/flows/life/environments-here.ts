import { escapeControl } from '#base';
import { type EnvironmentState, promotionsOf } from '#history';
import { soloHere } from '../policy/policy-file.ts';
import type { HistoryHere, HistoryPlace } from './filed-history.ts';

/** What each environment runs, by the promotions that count here. Throws TL0002. */
export const environmentsHere = async (place: HistoryPlace, { counted, notCounted }: HistoryHere): Promise<readonly EnvironmentState[]> =>
  promotionsOf({ promotions: counted.promotions, isSolo: await soloHere(place), notCounted });

/** An environment to which nothing was promoted. */
export const emptyEnvironment = (environment: string): EnvironmentState => ({
  environment,
  kind: 'known',
  heads: [],
  running: [],
  isReturn: false,
  there: new Set(),
  past: [],
  findings: [],
});

/** A promotion that could be read and does not count, and why. */
export type UncountedPromotion = { readonly path: string; readonly environment: string; readonly because: string };

/** Promotions that do not count: where nothing else was promoted, they say that nobody knows what runs, and not that nothing does. */
export const uncountedPromotions = ({ filed }: HistoryHere): readonly UncountedPromotion[] =>
  filed.flatMap(({ path, judged }) =>
    judged.kind !== 'signed' && judged.document?.kind === 'promotion' ? [{ path, environment: judged.document.promotion.environment, because: escapeControl(judged.because) }] : [],
  );

/** The same of what was said of places. */
export const uncountedDeployments = ({ filed }: HistoryHere): readonly UncountedPromotion[] =>
  filed.flatMap(({ path, judged }) =>
    judged.kind !== 'signed' && judged.document?.kind === 'deployment'
      ? [{ path, environment: judged.document.deployment.environment, because: escapeControl(judged.because) }]
      : [],
  );
