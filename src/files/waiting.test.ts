import { describe, expect, it } from 'vitest';
import { areWaiting, threadsFor, type Usage, usageOf } from './waiting.ts';

const none: Usage = { atMs: 0, cpuMs: 0, waits: 0, preemptions: 0 };

describe('areWaiting', () => {
  it.each([
    ['threads that compute', { atMs: 100, cpuMs: 195, waits: 50, preemptions: 3 }, false],
    ['threads that wait for a disk', { atMs: 100, cpuMs: 60, waits: 900, preemptions: 20 }, true],
    ['threads on a machine that is busy with others', { atMs: 100, cpuMs: 60, waits: 50, preemptions: 400 }, false],
    ['threads that wait although there are more of them than cores', { atMs: 100, cpuMs: 80, waits: 900, preemptions: 100 }, true],
  ])('%s', (_, now, waiting) => {
    expect(areWaiting(none, now, { threads: 4, cores: 2 })).toBe(waiting);
  });

  it('is asked of what this process did', async () => {
    const before = usageOf();
    await new Promise((done) => setTimeout(done, 100));
    const now = usageOf();
    expect(now.atMs - before.atMs).toBeGreaterThan(90);
    expect(now.cpuMs).toBeGreaterThanOrEqual(before.cpuMs);
    expect(now.waits).toBeGreaterThan(before.waits);
  });
});

describe('threadsFor', () => {
  it('holds to what was asked for, and else may grow', () => {
    expect(threadsFor(3)).toEqual({ jobs: 3, most: 3 });
    const { jobs, most } = threadsFor(undefined);
    expect([jobs >= 2, most >= 8, jobs <= most]).toEqual([true, true, true]);
  });
});
