import { describe, expect, it } from 'vitest';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { weighReplay } from './index.ts';
import type { NotedOutcome } from './read-replay-outcome.ts';

const run = { manifest: trainingManifest(), sha256: digestOf('run') };
const parents = [{ kind: 'replay', run: run.manifest.run.id, manifestSha256: run.sha256 }];
const again = (changes: Readonly<Record<string, unknown>> = {}): typeof run => ({
  manifest: edited(trainingManifest(), { '/run/parents': parents, ...changes }),
  sha256: digestOf('replay'),
});
const note: NotedOutcome = {
  of: { run: run.manifest.run.id, manifestSha256: run.sha256 },
  replay: { id: 'x', manifestSha256: digestOf('replay') },
  kind: 'identical',
  because: ['all'],
};

describe('weighReplay', () => {
  it('counts an identical replay whose record has the same digests', () => {
    expect(weighReplay(run, again(), note)).toMatchObject({ outcome: 'identical', isBitIdentical: true });
  });

  it.each<[string, Readonly<Record<string, unknown>>, NotedOutcome | undefined, RegExp]>([
    ['one of another record', { '/run/parents': [{ ...parents[0], manifestSha256: digestOf('other') }] }, note, /repeats another record/],
    ['one that does not say which record', { '/run/parents': [{ kind: 'replay', run: run.manifest.run.id }] }, note, /repeats another record/],
    ['one without a note', {}, undefined, /not noted/],
    ['a note about another record', {}, { ...note, of: { ...note.of, manifestSha256: digestOf('other') } }, /about other records/],
    ['a note of another replay', {}, { ...note, replay: { ...note.replay, manifestSha256: digestOf('other') } }, /about other records/],
    ['a note that digests contradict', { '/outputs/0/sha256': digestOf('else') }, note, /digests of outputs differ/],
    ['a note that a missing output contradicts', { '/outputs': [] }, note, /digests of outputs differ/],
  ])('does not count %s', (_, changes, noted, because) => {
    const weighed = weighReplay(run, again(changes), noted);
    expect(weighed).toMatchObject({ outcome: 'not-counted', isBitIdentical: false });
    expect(weighed.because).toMatch(because);
  });

  it('takes a worse outcome as it is noted, and calls nothing bit-identical without a file', () => {
    expect(weighReplay(run, again({ '/outputs/0/sha256': digestOf('else') }), { ...note, kind: 'different' })).toMatchObject({ outcome: 'different', isBitIdentical: false });
    const bare = { ...run, manifest: trainingManifest({ outputs: [] }) };
    expect(weighReplay(bare, again({ '/outputs': [] }), note)).toMatchObject({ outcome: 'identical', isBitIdentical: false });
  });

  it.each([
    ['h1', 'h1', 'AMD', 'same'],
    ['h1', 'h2', 'AMD', 'unknown'],
    [undefined, 'h1', 'AMD', 'unknown'],
    ['h1', 'h2', 'ARM', 'other'],
  ])('compares hosts %s and %s with a processor %s', (before, after, model, host) => {
    const at = (manifest: typeof run.manifest, name: string | undefined, cpu: string): typeof run.manifest =>
      edited(manifest, { '/environment/host': name, '/environment/cpu': { model: cpu } });
    expect(weighReplay({ ...run, manifest: at(run.manifest, before, 'AMD') }, { ...again(), manifest: at(again().manifest, after, model) }, note).host).toBe(host);
  });
});
