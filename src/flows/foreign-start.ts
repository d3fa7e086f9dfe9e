import { resolve } from 'node:path';
import { type Gap, isBelow, type StartFacts } from '#assembly';

/** The start of a run that somebody else may have written, without the places outside of the project that it names to be read. */
export const withoutPaths = ({ logFiles: _, ...start }: StartFacts, projectRoot: string): StartFacts => {
  const metrics = Object.entries(start.config.metrics ?? {}).filter(([, metric]) => metric.file === undefined || isBelow(resolve(start.projectRoot, metric.file), projectRoot));
  return start.config.metrics === undefined ? start : { ...start, config: { ...start.config, metrics: Object.fromEntries(metrics) } };
};

/** What such a record does not have. */
export const foreignGaps = (start: StartFacts): readonly Gap[] => [
  { about: '/data', reason: 'the record was completed by somebody who did not start the run: no bytes were kept, and no profiles were taken' },
  ...(Object.keys(start.logFiles ?? {}).length === 0
    ? []
    : [{ about: '/logs/output', reason: 'the output went to files outside of the record, and these are not opened by somebody who did not start the run' }]),
  ...(start.config.canary === undefined ? [] : [{ about: '/evaluation/canary', reason: 'the canary is not asked by somebody who did not start the run' }]),
];
