import { utf8 } from '#base';
import { readReplayOutcome } from '#evidence';
import { demand, readingTarget, type Target } from '../engine/target.ts';

const NOTE = {
  schema: 'https://trainlock.dev/schema/replay-outcome/v0',
  of: { run: '1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', manifestSha256: 'a'.repeat(64) },
  replay: { id: '2f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c02', folder: '/tmp/replay', manifestSha256: 'b'.repeat(64) },
  outcome: { kind: 'identical', because: ['3 outputs identical'], outputs: [], extra: [], metrics: [] },
};

const outcome: Target = readingTarget('replay-outcome', 'json', {
  seeds: () => [NOTE, { ...NOTE, outcome: { kind: 'perfect' } }].map((note) => utf8(JSON.stringify(note))),
  read: readReplayOutcome,
  holds: ({ of, replay, because }) => {
    demand(
      [of.manifestSha256, replay.manifestSha256].every((digest) => /^[0-9a-f]{64}$/.test(digest)),
      'a digest that is none',
    );
    demand(because.length <= 20, 'reasons without end');
  },
});

export const REPORTS: readonly Target[] = [outcome];
