import { describe, expect, it } from 'vitest';
import { digestOf } from '../../test/fixtures/training-manifest.ts';
import type { SignedReversion } from './chain-of.ts';
import { type DeployedPlace, deploymentsOf, judgePlace, type PlaceQuestion, type SignedDeployment } from './deployments-of.ts';

const runOf = (name: string): { readonly runId: string; readonly manifestSha256: string } => ({ runId: name, manifestSha256: digestOf(`run ${name}`) });
const day = (number: number): string => `2026-11-${String(number).padStart(2, '0')}T12:00:00.000Z`;

/** A deployment of the model of a run on a day of November, which follows others. */
const said = (name: string, run: string, on: number, follows: readonly string[] = [], more: { readonly place?: string; readonly environment?: string } = {}): SignedDeployment => ({
  sha256: digestOf(name),
  person: 'ci',
  isAdmin: false,
  deployment: {
    record: runOf(run),
    environment: 'production',
    place: 'web-1',
    modelSha256: digestOf(`model ${run}`),
    gate: { policySha256: digestOf('policy'), factsSha256: digestOf('facts') },
    follows: follows.map(digestOf).toSorted(),
    person: 'ci',
    reason: 'the gate allowed it',
    gatedAt: day(on),
    ...more,
  },
});
const back = (name: string): SignedReversion => ({
  sha256: digestOf(`back ${name}`),
  person: 'dee',
  isAdmin: false,
  reversion: { of: { kind: 'deployment', sha256: digestOf(name) }, person: 'dee', reason: 'wrong host', revertedAt: day(30) },
});

const NAMES = ['d1', 'd2', 'd3', 'd4', 'x', 'y', 'z'];
const ask = (deployments: readonly SignedDeployment[], reversions: readonly SignedReversion[] = []): readonly DeployedPlace[] => deploymentsOf({ deployments, reversions });
const told = ({ heads, since, findings }: DeployedPlace): unknown => ({
  heads: NAMES.filter((name) => heads.some(({ sha256 }) => sha256 === digestOf(name))),
  since,
  findings: findings.map(({ kind, severity }) => `${severity} ${kind}`),
});

const D1 = said('d1', 'a', 1);
const D2 = said('d2', 'a', 8, ['d1']);
const D3 = said('d3', 'b', 9, ['d2']);
const D4 = said('d4', 'a', 10, ['d3']);

describe('what was said last of a place', () => {
  it.each<[string, readonly SignedDeployment[], readonly SignedReversion[], object]>([
    ['the first one', [D1], [], { heads: ['d1'], since: day(1), findings: [] }],
    ['the same model gated again, since the first time', [D2, D1], [], { heads: ['d2'], since: day(1), findings: [] }],
    ['another model, since it came', [D1, D3, D2], [], { heads: ['d3'], since: day(9), findings: [] }],
    ['a model that came back, since it did', [D4, D1, D3, D2], [], { heads: ['d4'], since: day(10), findings: [] }],
    ['what was before the one that was taken back', [D1, D2, D3], [back('d3')], { heads: ['d2'], since: day(1), findings: [] }],
    ['what follows the one that was taken back', [D1, D2, D3, D4], [back('d3')], { heads: ['d4'], since: day(10), findings: [] }],
    ['two side by side', [D1, said('x', 'b', 2, ['d1']), said('y', 'c', 2, ['d1'])], [], { heads: ['x', 'y'], since: day(2), findings: [] }],
    ['what follows both', [D1, said('x', 'b', 2, ['d1']), said('y', 'c', 2, ['d1']), said('z', 'c', 3, ['x', 'y'])], [], { heads: ['z'], since: day(3), findings: [] }],
    ['the one before is not here', [D2], [], { heads: ['d2'], since: day(8), findings: ['warning gap'] }],
    ['the one between is not here', [D1, D3], [], { heads: ['d1', 'd3'], findings: ['warning gap'] }],
    ['an earlier time on a later one', [D1, said('d2', 'a', 1, ['d1'])], [], { heads: ['d2'], since: day(1), findings: [] }],
  ])('%s', (_, deployments, reversions, expected) => {
    for (const order of [deployments, deployments.toReversed()]) expect(told(ask(order, reversions)[0]!)).toMatchObject(expected);
  });

  it('is kept apart by place and environment, and is nothing where everything was taken back', () => {
    const others = [said('x', 'a', 1, [], { place: 'web-2' }), said('y', 'a', 1, [], { environment: 'staging' })];
    expect(ask([D1, ...others]).map(({ place, environment }) => `${environment} ${place}`)).toEqual(['production web-1', 'production web-2', 'staging web-1']);
    expect(ask([D1], [back('d1')])).toEqual([]);
  });
});

const promoted = (...runs: readonly (readonly [string, number])[]): PlaceQuestion['state'] => ({
  kind: 'known',
  heads: [{}] as never,
  running: runs.map(([run, sharePercent]) => ({ ...runOf(run), sharePercent, since: day(1) })),
});
const A = promoted(['a', 100]);

/** Asked on a day, with some days for which a gate holds. */
const on = (now: number, days?: number, state: PlaceQuestion['state'] = A): PlaceQuestion => ({
  state,
  latest: `2026-11-${String(now).padStart(2, '0')}T12:05:00.000Z`,
  ...(days === undefined ? {} : { overdueBefore: day(now - days) }),
});

describe('a place', () => {
  it.each<[string, readonly SignedDeployment[], PlaceQuestion, string]>([
    ['gated within the days', [D2], on(15, 7), 'current'],
    ['gated longer ago', [D2], { ...on(15, 7), overdueBefore: '2026-11-08T12:00:00.001Z' }, 'overdue'],
    ['gated again since', [D1, D2], on(14, 7), 'current'],
    ['for which the policy sets no time', [D1], on(29), 'current'],
    ['of a canary', [D3], on(9, 7, promoted(['a', 90], ['b', 10])), 'current'],
    ['of another run than was promoted', [D3], on(9, 7), 'other'],
    ['of another run, gated long ago', [D3], on(29, 1), 'other'],
    ['of a run that does no work any more', [D1], on(2, 1, promoted(['b', 100], ['a', 0])), 'other'],
    ['where nothing is to run any more', [D1], on(2, 1, promoted()), 'other'],
    ['where nothing was promoted', [D1], on(2, 1, { kind: 'known', heads: [], running: [] }), 'undecided'],
    ['where nobody knows what was promoted', [D1], on(2, 1, { ...A, kind: 'undecided' }), 'undecided'],
    ['of two models', [D1, said('x', 'b', 1)], on(2, 1), 'undecided'],
    ['of one model that two said, by the earlier one', [said('x', 'a', 1), said('y', 'a', 20)], on(21, 7), 'overdue'],
    ['gated in the future', [said('x', 'a', 25)], on(24, 7), 'undecided'],
    ['of one model that two said, one of them in the future', [said('x', 'a', 23), said('y', 'a', 25)], on(24, 7), 'current'],
  ])('%s', (_, deployments, question, kind) => {
    expect(judgePlace(ask(deployments)[0]!, question).kind).toBe(kind);
  });

  it('of which nobody knows the last word is undecided', () => {
    expect(judgePlace({ heads: [] }, on(9)).kind).toBe('undecided');
  });
});
