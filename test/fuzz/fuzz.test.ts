/**
 * Every reader of untrusted bytes against inputs that nobody thought of. TRAINLOCK_FUZZ_SECONDS: time for all targets together, 5 if
 * nothing is said. TRAINLOCK_FUZZ_SEED: the same inputs again. TRAINLOCK_FUZZ_ONLY: names of targets, with commas between.
 * TRAINLOCK_FUZZ_KEEP=1: writes small inputs that made a reader answer something new to test/fuzz/corpus. An input that shows a fault is
 * always written there, and tried first from then on.
 */
import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { keptFor, keptTargets, MOST_KEPT, nameOf } from './engine/corpus.ts';
import { fuzz, type FuzzReport, runOnce } from './engine/fuzz.ts';
import { startWatchdog } from './engine/watchdog.ts';
import { TARGETS } from './targets.ts';

const asked = process.env['TRAINLOCK_FUZZ_SECONDS'];
const seconds = Number(asked ?? 5);
/** The same inputs every time where nobody asks for more time; other ones where somebody does. */
const seed = Number(process.env['TRAINLOCK_FUZZ_SEED'] ?? (asked === undefined ? 1 : randomInt(2 ** 31)));
const only = process.env['TRAINLOCK_FUZZ_ONLY']?.split(',');
const chosen = TARGETS.filter(({ name }) => only === undefined || only.includes(name));
const keepNew = process.env['TRAINLOCK_FUZZ_KEEP'] === '1';
const watchdog = startWatchdog();
const reports: FuzzReport[] = [];

const rowOf = ({ target, runs, behaviours, slowest }: FuzzReport): string =>
  `${target.padEnd(22)} ${String(runs).padStart(9)} runs ${String(behaviours).padStart(5)} answers, slowest ${slowest.ms.toFixed(1)} ms (${slowest.bytes.length} bytes)`;

afterAll(async () => {
  await watchdog.stop();
  const runs = reports.reduce((sum, one) => sum + one.runs, 0);
  console.log(`fuzz: seed ${seed}, ${reports.length} targets, ${runs} runs in ${seconds} s; again with TRAINLOCK_FUZZ_SEED=${seed} TRAINLOCK_FUZZ_SECONDS=${seconds}`);
  if (asked !== undefined) console.log(reports.map(rowOf).join('\n'));
});

describe('inputs that are kept', () => {
  it('are small, named after their bytes, and belong to a target', () => {
    const kept = keptTargets().flatMap(keptFor);
    expect(keptTargets().filter((name) => !TARGETS.some((target) => target.name === name))).toEqual([]);
    expect(kept.filter(({ name, bytes }) => name !== nameOf(bytes) || bytes.length > MOST_KEPT.one)).toEqual([]);
    expect(kept.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(MOST_KEPT.all);
  });

  it.each(keptTargets().flatMap((target) => keptFor(target).map(({ name, bytes }) => [target, name, bytes] as const)))('%s/%s shows no fault', async (targetName, _, bytes) => {
    const target = TARGETS.find(({ name }) => name === targetName)!;
    const outcome = await runOnce(target, bytes, watchdog);
    expect('fault' in outcome ? outcome.fault : undefined).toBeUndefined();
  });
});

describe(`new inputs for ${seconds} seconds`, () => {
  it.each(chosen.map((target) => [target.name, target] as const))(
    '%s: no input shows a fault',
    async (_, target) => {
      const report = await fuzz(target, { seed, forMs: (seconds * 1000) / chosen.length, keepNew, watchdog });
      reports.push(report);
      const { fault } = report;
      const told =
        fault === undefined
          ? undefined
          : `${fault.what}\nseed ${seed}; input kept as ${fault.kept}\n${JSON.stringify(Buffer.from(fault.bytes.subarray(0, 400)).toString('latin1'))}`;
      expect(told).toBeUndefined();
    },
    (seconds * 1000) / chosen.length + 180_000,
  );
});
