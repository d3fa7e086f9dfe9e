import { utf8 } from '#base';
import { comparePredictions } from '#gate';
import { readPredictions } from '../../../src/gate/read-predictions.ts';
import { demand, demandSame, readingTarget, type Target } from '../engine/target.ts';

const GOLDEN = utf8('label,score\ncat,0.25\ndog,0.75\n');
const STRICT = { format: 'csv', absoluteTolerance: '0', flips: 0 } as const;

const holds = (bytes: Uint8Array, format: 'csv' | 'json-lines'): void => {
  const canary = { ...STRICT, format };
  const says = readPredictions(bytes, format).kind === 'accepted';
  demandSame(comparePredictions(bytes, bytes, canary).kind, says ? 'bit' : 'other', 'predictions that are not themselves, or nothing that is something');
  const [there, back] = [comparePredictions(GOLDEN, bytes, canary), comparePredictions(bytes, GOLDEN, canary)];
  demandSame(there.kind, back.kind, 'predictions that are the same in one direction only');
  if (there.kind === 'tolerance') demand(there.flips === 0 && there.maxAbsolute === 0, 'a difference that nobody tolerates passes');
};

const predictions = (name: string, format: 'csv' | 'json-lines', seeds: readonly string[]): Target =>
  readingTarget(name, format === 'csv' ? 'lines' : 'json', {
    seeds: () => seeds.map(utf8),
    read: (bytes) => {
      holds(bytes, format);
      return readPredictions(bytes, format);
    },
    holds: ({ rows }) => demand(rows.length > 0, 'predictions of nothing'),
  });

export const GATES: readonly Target[] = [
  predictions('predictions-csv', 'csv', ['label,score\ncat,0.25\ndog,0.75\n', '0.5,0.5\n1,0\n', 'p\nnan\n-inf\n1e400\n"a ""quoted"" text"\n']),
  predictions('predictions-json', 'json-lines', ['{"label":"cat","scores":[0.25,0.75]}\n{"label":"dog","scores":[]}\n', '1\n2.5\nnull\n']),
];
