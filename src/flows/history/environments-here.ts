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
