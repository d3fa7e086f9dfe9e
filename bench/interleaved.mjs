// Runs several commands in turn and tells the ratio of their medians: a ratio holds when the machine's speed drifts, a time does not.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Milliseconds of one run of a command; a command that fails ends the benchmark. */
export const timed = (argv, options = {}) => {
  const began = performance.now();
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - began;
};

/** Medians in milliseconds by name, of `rounds` rounds in which every command runs once, after one round that does not count. */
export const interleave = (commands, rounds) => {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(commands)) {
      const ms = run();
      if (round > 0) times[name].push(ms);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, { median: median(values), min: Math.min(...values), max: Math.max(...values) }]));
};

export const row = (name, figures, base) =>
  `${name.padEnd(34)} ${figures.median.toFixed(0).padStart(7)} ms  (${figures.min.toFixed(0)}–${figures.max.toFixed(0)})   ${(figures.median / base.median).toFixed(3)}x`;
