import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { whereParted } from './where-parted.ts';

type States = Manifest['randomness']['states'];
const manifest = (states: States, more: { readonly splits?: unknown; readonly generators?: unknown; readonly processes?: readonly string[] } = {}): Manifest =>
  ({
    randomness: { states, generators: more.generators ?? [] },
    data: more.splits === undefined ? [] : [{ splits: more.splits }],
    processes: (more.processes ?? ['0']).map((id) => ({ id, hooks: 'active' })),
  }) as never;
const state = (process: string, at: 'start' | 'end' | 'epoch', sha256: string, ordinal?: number): States[number] => ({
  library: 'numpy',
  process,
  at,
  sha256,
  ...(ordinal === undefined ? {} : { ordinal }),
});
const kinds = (a: Manifest, b: Manifest): readonly string[] => whereParted(a, b).map((parting) => `${parting.kind} ${parting.process}`);

describe('whereParted', () => {
  it('finds nothing where nothing that was seen differs', () => {
    expect(whereParted(manifest([state('0', 'end', 'a')]), manifest([state('0', 'end', 'a')]))).toEqual([]);
  });

  it('names the first moment of each process, 0.2 before 0.10', () => {
    const left = manifest([state('0.10', 'end', 'a'), state('0.2', 'epoch', 'a', 1), state('0.2', 'end', 'a')]);
    const right = manifest([state('0.10', 'end', 'b'), state('0.2', 'epoch', 'b', 1), state('0.2', 'end', 'b')]);
    expect(
      whereParted(left, right)
        .filter((one) => one.kind === 'draws')
        .map((one) => one.message),
    ).toEqual([expect.stringContaining('at epoch 1 (process 0.2)'), expect.stringContaining('at the end (process 0.10)')]);
  });

  it('tells other rows from another order', () => {
    const split = (orderSha256: string, membershipSha256: string) => [
      { method: 'KFold', ordinal: 0, process: '0', parts: [{ name: 'train', count: 1, orderSha256, membershipSha256 }] },
    ];
    expect(kinds(manifest([], { splits: split('a', 'm') }), manifest([], { splits: split('b', 'm') }))).toEqual(['order 0']);
    expect(kinds(manifest([], { splits: split('a', 'm') }), manifest([], { splits: split('b', 'n') }))).toEqual(['split 0']);
  });

  it('does not mind the order of keys', () => {
    const split = (part: object) => [{ method: 'KFold', ordinal: 0, process: '0', parts: [part] }];
    const seeds = (seed: object) => [{ library: 'random', api: 'random.seed', process: '0', seed }];
    const read = manifest([], { splits: split({ count: 1, name: 'train', orderSha256: 'a' }), generators: seeds({ kind: 'int', value: '1' }) });
    const made = manifest([], { splits: split({ name: 'train', orderSha256: 'a', count: 1 }), generators: seeds({ value: '1', kind: 'int' }) });
    expect(whereParted(read, made)).toEqual([]);
  });

  it('names an explicit seed that is another', () => {
    const generator = (value: string) => [{ library: 'random', api: 'random.seed', how: 'explicit', process: '0', seed: { kind: 'int', value } }];
    expect(kinds(manifest([], { generators: generator('1') }), manifest([], { generators: generator('2') }))).toEqual(['seeds 0']);
  });

  it('names the scheduler where equal seeds met other tasks', () => {
    const left = manifest([state('0.0', 'start', 's'), state('0.0', 'end', 'a'), state('0.1', 'end', 'b')]);
    const right = manifest([state('0.0', 'start', 's'), state('0.0', 'end', 'b'), state('0.1', 'end', 'a')]);
    expect(kinds(left, right)[0]).toBe('scheduling 0.0');
  });

  it('tells of processes that only one run had', () => {
    expect(kinds(manifest([], { processes: ['0', '0.0'] }), manifest([], { processes: ['0'] }))).toEqual(['processes 0.0']);
  });
});
