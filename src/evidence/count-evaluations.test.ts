import { describe, expect, it } from 'vitest';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { countEvaluations, evaluationsText, type KnownData, type LookingRecord } from './count-evaluations.ts';

const TEST: KnownData = { name: 'test', role: 'test', digests: ['bytes', 'rows'] };
const TRAIN: KnownData = { name: 'train', role: 'train', digests: ['other'] };
let clock = 0;
const record = (id: string, data: readonly KnownData[] = [TRAIN, TEST], more: Readonly<Record<string, unknown>> = {}): LookingRecord => {
  clock += 1;
  const manifest = edited(trainingManifest(), { '/run/id': id, '/run/startedAt': `2026-11-26T12:00:${String(clock).padStart(2, '0')}.000Z`, ...more });
  return { manifestSha256: digestOf(id), manifest, data };
};
const replayOf = (id: string, of: string, more: Readonly<Record<string, unknown>> = {}): LookingRecord =>
  record(id, [TRAIN, TEST], { '/run/parents': [{ kind: 'replay', run: of, manifestSha256: digestOf(of) }], ...more });
const metric = (value: string): Readonly<Record<string, unknown>> => ({ '/evaluation/metrics/0/value': value, '/evaluation/metrics/0/bits': undefined });
const NO_METRIC = { '/evaluation/metrics': [] };

const count = (of: LookingRecord, others: readonly LookingRecord[] = [], unseen: readonly string[] = []) => countEvaluations({ of, others, unseen })[0]!;

describe('the evaluations of a test set', () => {
  const me = record('me');
  it.each<[string, readonly LookingRecord[], readonly string[], number]>([
    ['are the run itself', [], ['me'], 0],
    ['are distinct runs that had the same bytes', [record('a'), record('b', [{ ...TEST, name: 'holdout', digests: ['rows'] }])], ['me', 'a', 'b'], 0],
    ['are also those that gave the bytes another role', [record('a', [{ ...TEST, role: 'unknown' }]), record('b', [{ ...TEST, role: 'train' }])], ['me', 'a', 'b'], 0],
    ['are none that had other bytes', [record('a', [{ ...TEST, digests: ['else'] }]), record('b', [TRAIN])], ['me'], 0],
    ['are none that reported nothing', [record('a', [TEST], NO_METRIC)], ['me'], 0],
    ['are counted once, however often a record is here', [record('a'), record('a'), me], ['me', 'a'], 0],
    ['are no replays with the same numbers', [replayOf('r', 'me'), replayOf('s', 'me', metric('0.9688'))], ['me'], 2],
    ['are replays of replays neither', [replayOf('r', 'me'), replayOf('s', 'r')], ['me'], 2],
    ['are replays with other numbers', [replayOf('r', 'me', metric('0.99'))], ['me', 'r'], 0],
    ['are replays of a run that is not here', [replayOf('r', 'gone')], ['me', 'r'], 0],
  ])('%s', (_, others, runs, repeated) => {
    expect(count(me, others)).toEqual({ name: 'test', runs, repeated, atLeast: [] });
  });

  it('are a lower bound where something is not known', () => {
    expect(count(me, [record('a', [{ ...TEST, digests: [] }])]).atLeast).toEqual(['1 run had a test set of which nobody knows the bytes']);
    expect(count(me, [record('a', [{ ...TEST, digests: [] }], NO_METRIC)]).atLeast).toEqual([]);
    expect(count(me, [], ['1 record cannot be read']).atLeast).toEqual(['1 record cannot be read']);
    expect(count(record('x', [{ ...TEST, digests: [] }]), [me])).toMatchObject({ runs: ['x'], atLeast: ['nobody knows which bytes it had'] });
  });

  it('are counted for each test set, and for nothing else', () => {
    expect(countEvaluations({ of: record('x', [TRAIN]), others: [], unseen: ['any'] })).toEqual([]);
    const two = record('y', [TEST, { ...TEST, name: 'second', digests: ['second'] }]);
    expect(countEvaluations({ of: two, others: [record('a')], unseen: [] }).map(({ name, runs }) => [name, runs.length])).toEqual([
      ['test', 2],
      ['second', 1],
    ]);
  });

  it('are told with what is not known of them', () => {
    expect(evaluationsText({ runs: ['a'], atLeast: [] })).toBe('1 time');
    expect(evaluationsText({ runs: ['a', 'b'], atLeast: ['why'] })).toBe('at least 2 times');
  });
});
