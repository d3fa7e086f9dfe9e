import { formatBytes, formatDuration } from '#base';

export type Progress = {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** False while it is not known how much there is. */ readonly counted?: boolean;
  /** What is counted, where bytes say nothing. */ readonly unit?: 'leaves' | 'files';
};

const BAR = 20;

/** One line on long work: a bar, bytes, files, rate and time left. `elapsedMs` counts from the start of the work. */
export const progressLine = (what: string, done: Progress, elapsedMs: number): string => {
  const rate = elapsedMs === 0 ? 0 : (done.bytes / elapsedMs) * 1000;
  if (done.unit !== undefined) return `${what}  ${done.files} of ${done.totalFiles} ${done.unit}`;
  if (done.counted === false) return `${what}  ${formatBytes(done.bytes)}, ${done.files} files so far, ${formatBytes(Math.round(rate))}/s`;
  const share = done.totalBytes === 0 ? done.files / Math.max(1, done.totalFiles) : Math.min(1, done.bytes / done.totalBytes);
  const filled = Math.round(share * BAR);
  const left = rate === 0 ? '' : `, ${formatDuration(((done.totalBytes - Math.min(done.bytes, done.totalBytes)) / rate) * 1000)} left`;
  return `${what}  [${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}]  ${formatBytes(done.bytes)} of ${formatBytes(done.totalBytes)}, ${done.files} of ${done.totalFiles} files, ${formatBytes(Math.round(rate))}/s${left}`;
};
