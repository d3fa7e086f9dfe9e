import { describe, expect, it } from 'vitest';
import type { Output } from '#manifest';
import { normalisePath } from './normalise-path.ts';
import { pairOutputs } from './pair-outputs.ts';

describe('normalisePath', () => {
  it.each([
    ['${project}/outputs/2026-11-24/12-00-00/model.pt', '${project}/outputs/2026-12-01/09-30-11/model.pt'],
    ['${project}/lightning_logs/version_0/metrics.csv', '${project}/lightning_logs/version_12/metrics.csv'],
    ['a/0b5a1f0e-8f3c-4c56-9a43-0c7f1f2b3d4e.pt', 'a/1b5a1f0e-8f3c-4c56-9a43-0c7f1f2b3d4e.pt'],
    ['wandb/offline-run-20261124_120000-ab12cd34/run-ab12cd34.wandb', 'wandb/offline-run-20261202_090001-zz12cd34/run-zz12cd34.wandb'],
    ['runs/Nov24_12-00-00_host/events.out.tfevents.1764000000.host.123.0', 'runs/Dec02_12-00-00_other/events.out.tfevents.1764700000.other.9.0'],
    ['mlruns/0/5f2a1b3c4d5e6f708192a3b4c5d6e7f8/metrics/loss', 'mlruns/0/6f2a1b3c4d5e6f708192a3b4c5d6e7f9/metrics/loss'],
    ['model-20261124T120000Z.joblib', 'model-20261202T080910Z.joblib'],
    ['model_1764000000.joblib', 'model_1764700000.joblib'],
    ['runs/exp/weights.pt', 'runs/exp2/weights.pt'],
    ['ckpt/last.ckpt', 'ckpt/last-v1.ckpt'],
  ])('gives %s and %s one name', (a, b) => {
    expect(normalisePath(a)).toBe(normalisePath(b));
  });

  it.each([
    ['fold_1/model.pt', 'fold_2/model.pt'],
    ['epoch=3-step=100.ckpt', 'epoch=4-step=100.ckpt'],
    ['layer-12.npy', 'layer-13.npy'],
    ['model_v1.pt', 'model_v2.pt'],
    ['2019.csv', '2020.csv'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(normalisePath(a)).not.toBe(normalisePath(b));
  });
});

const output = (path: string, more: Partial<Output> = {}): Output => ({ path, role: 'other', ...more });
const pairsOf = (recorded: readonly Output[], replayed: readonly Output[]) => {
  const { pairs, extra } = pairOutputs(recorded, replayed);
  return { pairs: pairs.map((pair) => [pair.recorded.path, pair.replayed?.path, pair.pairedBy]), extra: extra.map((one) => one.path) };
};

describe('pairOutputs', () => {
  it.each([
    [
      'a declared role that is unique',
      [output('a.pt', { role: 'model', roleSource: 'declared' })],
      [output('b.pt', { role: 'model', roleSource: 'declared' })],
      [['a.pt', 'b.pt', 'role']],
    ],
    [
      'no role that was only inferred',
      [output('a.pt', { role: 'model', roleSource: 'inferred' })],
      [output('b.pt', { role: 'model', roleSource: 'inferred' })],
      [['a.pt', undefined, 'none']],
    ],
    [
      'the path',
      [output('a'), output('b')],
      [output('b'), output('a')],
      [
        ['a', 'a', 'path'],
        ['b', 'b', 'path'],
      ],
    ],
    ['the path without made-up parts', [output('version_0/m')], [output('version_3/m')], [['version_0/m', 'version_3/m', 'normalised-path']]],
    ['the content', [output('a', { sha256: 'x' })], [output('b', { sha256: 'x' })], [['a', 'b', 'content']]],
    [
      'nothing where one of several is missing',
      [output('version_0/m'), output('version_1/m')],
      [output('version_2/m')],
      [
        ['version_0/m', undefined, 'none'],
        ['version_1/m', undefined, 'none'],
      ],
    ],
    [
      'several by the order of their names',
      [output('version_0/m'), output('version_1/m')],
      [output('version_3/m'), output('version_2/m')],
      [
        ['version_0/m', 'version_2/m', 'normalised-path'],
        ['version_1/m', 'version_3/m', 'normalised-path'],
      ],
    ],
  ])('pairs by %s', (_, recorded, replayed, expected) => {
    expect(pairsOf(recorded, replayed).pairs).toEqual(expected);
  });

  it('tells what only the replay wrote', () => {
    expect(pairsOf([output('a')], [output('a'), output('new')]).extra).toEqual(['new']);
  });
});
