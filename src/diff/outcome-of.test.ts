import { describe, expect, it } from 'vitest';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';
import type { ContentFinding, MetricPair, OutputFacts, OutputPair, ReplayFacts } from './outcome.ts';
import { exitOfOutcome, outcomeOf } from './outcome-of.ts';
import { pairMetrics } from './pair-metrics.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const file = (sha256: string | undefined, more: Partial<OutputFacts> = {}): OutputFacts => ({
  path: 'model.pt',
  role: 'model',
  ...(sha256 === undefined ? {} : { sha256 }),
  ...more,
});
const pair = (recorded: OutputFacts, replayed: OutputFacts | undefined, more: Partial<OutputPair> = {}): OutputPair => ({
  recorded,
  replayed,
  pairedBy: replayed === undefined ? 'none' : 'path',
  ...more,
});
const metric = (recorded: string, replayed: string | undefined, absolute?: string): MetricPair => ({
  name: 'accuracy',
  recorded: { value: recorded },
  replayed: replayed === undefined ? undefined : { value: replayed },
  ...(absolute === undefined ? {} : { tolerance: { absolute } }),
});
const ok = { kind: 'exited', code: 0 } as const;
const facts = (more: Partial<ReplayFacts>): ReplayFacts => ({ exit: { recorded: ok, replayed: ok }, outputs: [], extra: [], metrics: [], ...more });
const same = pair(file(A), file(A));
const other = pair(file(A), file(B));
const content = (finding: ContentFinding, more: Partial<OutputPair> = {}): OutputPair => pair(file(A), file(B), { content: finding, ...more });
const numeric: ContentFinding = { kind: 'numeric', maxAbsolute: '1e-7', maxRelative: '3e-6', because: 'weights' };

describe('outcomeOf', () => {
  it.each<[string, Partial<ReplayFacts>, string, RegExp]>([
    ['the same bytes', { outputs: [same], metrics: [metric('1', '1')] }, 'identical', /1 output identical, 1 metric identical/],
    ['metrics alone', { metrics: [metric('1', '1')] }, 'identical', /1 metric identical/],
    ['nothing at all', {}, 'undecided', /nothing to compare/],
    ['only a cache', { outputs: [pair(file(A, { role: 'cache' }), file(A, { role: 'cache' }))] }, 'undecided', /nothing to compare/],
    ['a cache that differs beside a model that does not', { outputs: [same, pair(file(A, { role: 'cache' }), file(B, { role: 'cache' }))] }, 'identical', /1 output identical/],
    [
      'other bytes with the same content digest',
      { outputs: [pair(file(A, { content: { format: 'safetensors', sha256: B } }), file(B, { content: { format: 'safetensors', sha256: B } }))] },
      'content-identical',
      /content-identical/,
    ],
    [
      'the same digest of different formats',
      { outputs: [pair(file(A, { content: { format: 'npz', sha256: B } }), file(B, { content: { format: 'pt', sha256: B } }))] },
      'different',
      /other bytes/,
    ],
    ['text with other clock readings', { outputs: [content({ kind: 'volatile', because: '2 lines differ in durations only' })] }, 'content-identical', /content-identical/],
    ['numbers within a declared tolerance', { outputs: [content(numeric, { tolerance: { absolute: '1e-6' } })] }, 'within-tolerance', /within-tolerance/],
    ['numbers beyond a declared tolerance', { outputs: [content(numeric, { tolerance: { absolute: '1e-8', relative: '1e-6' } })] }, 'different', /beyond the tolerance/],
    ['numbers without a declared tolerance', { outputs: [content(numeric)] }, 'different', /no tolerance is declared/],
    ['other bytes that cannot be read', { outputs: [content({ kind: 'unreadable', because: 'not a format we know' })] }, 'different', /not a format we know/],
    ['other bytes, no metric', { outputs: [other] }, 'different', /nothing is known about what is inside/],
    ['other bytes, equal metrics', { outputs: [other], metrics: [metric('1', '1')] }, 'metric-equal', /1 metric equal or within tolerance, but outputs differ/],
    ['other bytes, metrics within tolerance', { outputs: [other], metrics: [metric('1', '1.01', '0.02')] }, 'metric-equal', /outputs differ/],
    ['other bytes, one metric missing', { outputs: [other], metrics: [metric('1', '1'), metric('1', undefined)] }, 'different', /other bytes/],
    ['the same bytes, another metric', { outputs: [same], metrics: [metric('1', '2')] }, 'different', /metric accuracy: differs by 1/],
    ['metrics within tolerance', { outputs: [same], metrics: [metric('1', '1.01', '0.02')] }, 'within-tolerance', /1 metric within tolerance/],
    ['an output without counterpart', { outputs: [same, pair(file(A), undefined)], metrics: [metric('1', '1')] }, 'undecided', /wrote no counterpart/],
    ['an output without digest', { outputs: [pair(file(undefined, { withheld: 'a secret was found' }), file(A))] }, 'undecided', /a secret was found/],
    ['an output that only the replay wrote', { outputs: [same], extra: [file(A, { path: 'new.txt' })] }, 'undecided', /new\.txt: only the replay wrote it/],
    ['a difference beside something unknown', { outputs: [other, pair(file(A), undefined)] }, 'different', /other bytes/],
    ['another exit code', { outputs: [same], exit: { recorded: ok, replayed: { kind: 'exited', code: 1 } } }, 'different', /exit code 1, the recorded one with exit code 0/],
    [
      'another exit code that isolation may explain',
      { outputs: [same], exit: { recorded: ok, replayed: { kind: 'exited', code: 1 }, interference: 'no network' } },
      'undecided',
      /no network/,
    ],
    ['a replay that did not start', { outputs: [same], exit: { recorded: ok, replayed: undefined, interference: 'python is missing' } }, 'undecided', /python is missing/],
    ['an end that nobody saw', { outputs: [same], exit: { recorded: { kind: 'lost' }, replayed: ok } }, 'undecided', /nobody saw/],
    [
      'the same failure',
      { outputs: [same], exit: { recorded: { kind: 'signalled', signal: 'SIGKILL' }, replayed: { kind: 'signalled', signal: 'SIGKILL' } } },
      'identical',
      /identical/,
    ],
  ])('%s', (_, more, kind, because) => {
    const outcome = outcomeOf(facts(more));
    expect(outcome.kind).toBe(kind);
    expect(outcome.because.join('; ')).toMatch(because);
  });

  it.each([
    ['identical', false, 0],
    ['content-identical', false, 0],
    ['within-tolerance', false, 0],
    ['metric-equal', false, 3],
    ['metric-equal', true, 0],
    ['different', true, 1],
    ['undecided', true, 3],
  ] as const)('%s (equal metrics accepted: %s) exits with %i', (kind, accepted, exit) => {
    expect(exitOfOutcome(kind, accepted)).toBe(exit);
  });
});

describe('pairMetrics', () => {
  it('pairs by name, stage, split and step, with the tolerance of the first, and keeps what has no partner', () => {
    const { evaluation } = trainingManifest();
    const replayed = {
      ...evaluation,
      metrics: [
        { ...evaluation.metrics[0]!, value: '0.97' },
        { ...evaluation.metrics[0]!, name: 'loss' },
      ],
    };
    expect(
      pairMetrics(evaluation, replayed).map(({ name, split, recorded, replayed: other, tolerance }) => [name, split, recorded?.value, other?.value, tolerance?.absolute]),
    ).toEqual([
      ['accuracy', 'test', '0.9688888888888889', '0.97', '0.001'],
      ['loss', 'test', undefined, '0.9688888888888889', undefined],
    ]);
  });
});
