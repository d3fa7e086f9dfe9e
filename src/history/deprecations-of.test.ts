import { describe, expect, it } from 'vitest';
import type { Deprecation } from '#statements';
import { digestOf, distribution, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import type { SignedReversion } from './chain-of.ts';
import { deprecationHits, type SignedDeprecation, standingDeprecations } from './deprecations-of.ts';

const ROOT = digestOf('record');
const manifest = edited(trainingManifest(), {
  '/data/0/list': { sha256: digestOf('list'), fileCount: 1, totalBytes: 1 },
  '/lineage/parents': [{ manifestSha256: digestOf('parent'), run: 'parent-run' }],
  '/dependencies/distributions': [
    distribution('NumPy', '1.26.4'),
    distribution('Scikit_Learn', '1.5.2'),
    distribution('torch', '2.0+cu121'),
    distribution('pip', '24.0', { relation: 'unrelated' }),
  ],
});

const NOW = '2026-11-26T12:00:00.000Z';
const said = (of: Deprecation['of'], from: string = NOW): SignedDeprecation => ({
  sha256: digestOf('one'),
  person: 'ben',
  isAdmin: false,
  deprecation: { of, from, person: 'ben', reason: 'overflows', deprecatedAt: NOW },
});

describe('a deprecation', () => {
  it.each<[string, Deprecation['of'], readonly string[]]>([
    ['of the run itself', { kind: 'run', runId: 'x', manifestSha256: ROOT }, ['this run yes']],
    ['of a run on which it builds', { kind: 'run', runId: 'x', manifestSha256: digestOf('parent') }, ['the earlier run parent-r, on which it builds yes']],
    ['of another run', { kind: 'run', runId: 'x', manifestSha256: digestOf('x') }, []],
    ['of its data', { kind: 'snapshot', snapshotSha256: digestOf('s'), listSha256: digestOf('list') }, ['the data digits yes']],
    ['of other data', { kind: 'snapshot', snapshotSha256: digestOf('s'), listSha256: digestOf('x') }, []],
    ['of its version of a package', { kind: 'package', name: 'numpy', versions: '<2' }, ['numpy 1.26.4 yes']],
    ['of a package by another spelling', { kind: 'package', name: 'scikit-learn', versions: '*' }, ['scikit-learn 1.5.2 yes']],
    ['of another version', { kind: 'package', name: 'numpy', versions: '>=2' }, []],
    ['of a version that cannot be compared', { kind: 'package', name: 'torch', versions: '==2.0' }, ['torch 2.0+cu121 unknown']],
    ['of a package that had nothing to do with it', { kind: 'package', name: 'pip', versions: '*' }, []],
    ['of a field that it has', { kind: 'field', path: '/model/owner' }, ['the field /model/owner yes']],
    ['of a field in a list', { kind: 'field', path: '/data/*/splits/*/method' }, ['the field /data/*/splits/*/method yes']],
    ['of a field that it does not have', { kind: 'field', path: '/model/tier' }, []],
    ['of a field by its name in an older schema', { kind: 'field', path: '/process/*/argv' }, ['the field /process/*/argv yes']],
    ['of a member of every object', { kind: 'field', path: '/constructor' }, []],
  ])('%s', (_, of, expected) => {
    const standing = standingDeprecations({ deprecations: [said(of)], reversions: [], now: NOW });
    expect(deprecationHits(standing, { manifest, manifestSha256: ROOT }).map(({ about, applies }) => `${about} ${applies}`)).toEqual(expected);
  });

  it.each([
    ['2026-11-26T12:00:00.000Z', 'in-force'],
    ['2026-11-26T12:00:00.001Z', 'announced'],
  ])('from %s is %s', (from, state) => {
    expect(standingDeprecations({ deprecations: [said({ kind: 'field', path: '/model' }, from)], reversions: [], now: NOW })[0]?.state.kind).toBe(state);
  });

  it('ends when it is taken back, and only by what takes back a deprecation', () => {
    const back = (kind: 'deprecation' | 'amendment'): SignedReversion => ({
      sha256: digestOf('back'),
      person: 'cleo',
      isAdmin: false,
      reversion: { of: { kind, sha256: digestOf('one') }, person: 'cleo', reason: 'fixed', revertedAt: NOW },
    });
    const stateAfter = (kind: 'deprecation' | 'amendment'): string | undefined =>
      standingDeprecations({ deprecations: [said({ kind: 'field', path: '/model' })], reversions: [back(kind)], now: NOW })[0]?.state.kind;
    expect([stateAfter('deprecation'), stateAfter('amendment')]).toEqual(['reverted', 'in-force']);
  });
});
