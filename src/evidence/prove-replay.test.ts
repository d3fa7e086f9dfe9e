import { describe, expect, it } from 'vitest';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { proveReplay } from './index.ts';
import type { NotedOutcome } from './read-replay-outcome.ts';

const run = { manifest: trainingManifest(), sha256: digestOf('run') };
const parents = [{ kind: 'replay', run: run.manifest.run.id, manifestSha256: run.sha256 }];
const again = (changes: Readonly<Record<string, unknown>> = {}): typeof run => ({
  manifest: edited(trainingManifest(), { '/run/parents': parents, ...changes }),
  sha256: digestOf('replay'),
});
const note = (kind: NotedOutcome['kind'], more: Partial<NotedOutcome> = {}): NotedOutcome => ({
  of: { run: run.manifest.run.id, manifestSha256: run.sha256 },
  replay: { id: 'x', manifestSha256: digestOf('replay') },
  kind,
  because: ['noted'],
  ...more,
});
const OTHER_BYTES = { '/outputs/0/sha256': digestOf('else'), '/outputs/0/content': undefined };
const metric = (value: string): Readonly<Record<string, unknown>> => ({ '/evaluation/metrics/0/value': value, '/evaluation/metrics/0/bits': undefined });

describe('what a replay proves', () => {
  it.each<[string, Readonly<Record<string, unknown>>, NotedOutcome | undefined, 'same' | 'different' | 'nothing', RegExp]>([
    ['with the same digests and metrics, whether it is noted or not', {}, undefined, 'same', /identical/],
    ['with the same digests, noted as different', {}, note('different'), 'different', /^noted$/],
    ['with other bytes and the same content digest', { '/outputs/0/sha256': digestOf('else') }, undefined, 'same', /content-identical/],
    ['with a metric within its tolerance', metric('0.9688'), undefined, 'same', /within tolerance/],
    ['with another metric', metric('0.5'), note('identical'), 'different', /^metric accuracy: /],
    ['with other bytes, whatever the note says', OTHER_BYTES, note('within-tolerance'), 'nothing', /the two records do not bear out/],
    ['with other bytes and no note', OTHER_BYTES, undefined, 'nothing', /the two records do not bear out/],
    ['with other bytes, noted as different', OTHER_BYTES, note('different'), 'different', /^noted$/],
    ['without an output', { '/outputs': [] }, note('identical'), 'nothing', /wrote no counterpart/],
    ['with an output whose bytes nobody knows', { '/outputs/0/sha256': undefined }, note('identical'), 'nothing', /no digest/],
    ['with another end of the program', { '/run/exit': { kind: 'exited', code: 1 } }, note('identical'), 'nothing', /exit code 1/],
    ['of another record', { '/run/parents': [{ ...parents[0], manifestSha256: digestOf('other') }] }, note('identical'), 'nothing', /repeats another record/],
    ['that does not say which record', { '/run/parents': [{ kind: 'replay', run: run.manifest.run.id }] }, note('identical'), 'nothing', /repeats another record/],
    ['with the note of another replay', OTHER_BYTES, note('different', { replay: { id: 'x', manifestSha256: digestOf('other') } }), 'nothing', /do not bear out/],
  ])('%s', (_, changes, noted, outcome, because) => {
    const proven = proveReplay(run, again(changes), noted);
    expect(proven.outcome, proven.because).toBe(outcome);
    expect(proven.because).toMatch(because);
  });

  it('is nothing where there is nothing to compare', () => {
    const bare = { '/outputs': [], '/evaluation/metrics': [] };
    expect(proveReplay({ ...run, manifest: edited(trainingManifest(), bare) }, again(bare), note('identical')).outcome).toBe('nothing');
  });
});
