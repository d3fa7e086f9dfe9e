/** What differs between runs, as people read it: metrics before everything else that came out. */
import type { Comparison, Difference } from '#diff';
import { diffRuns, type DiffOptions } from './diff-runs.ts';

/** Throws as diffRuns does. */
export const reportCompare = async (options: DiffOptions): Promise<Comparison> => {
  const comparison = await diffRuns(options);
  const isMetric = ({ details }: Difference): boolean => details.some(({ kind }) => kind === 'metric');
  return { ...comparison, results: [...comparison.results.filter(isMetric), ...comparison.results.filter((one) => !isMetric(one))] };
};
