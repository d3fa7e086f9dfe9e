import { describe, expect, it } from 'vitest';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { showManifestAs } from './show-as.ts';

describe('a manifest as another version says it', () => {
  it('tells what it says otherwise', () => {
    const parents = [{ kind: 'upgrade', run: 'before', manifestSha256: 'a'.repeat(64) }];
    const shown = showManifestAs(edited(trainingManifest(), { '/run/parents': parents }), 0);
    expect(shown).toMatchObject({ kind: 'shown', value: { schemaVersion: '0.1', extensions: { 'dev.trainlock.v1': { '/run/parents': parents } } } });
    expect(shown.kind === 'shown' && shown.notes.map(({ kind, from }) => `${kind} ${from}`)).toEqual(['moved /processes', 'kept-aside /run/parents']);
    expect(showManifestAs(trainingManifest(), 1)).toEqual({ kind: 'shown', value: trainingManifest(), notes: [] });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['that junk lies where v0 kept something', { '/extensions': { 'dev.trainlock.v0': { '/governance/approvalsRequired': 'junk' } } }, '/governance/approvalsRequired'],
    [
      'more than v0 has room for',
      { '/extensions': Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`com.example.${at}`, 1])), '/run/parents': [{ kind: 'upgrade', run: 'before' }] },
      '/extensions',
    ],
  ])('is undecided where it says %s', (_, edits, pointer) => {
    expect(showManifestAs(edited(trainingManifest(), edits), 0)).toMatchObject({
      kind: 'undecided',
      problems: [{ pointer, message: expect.stringMatching(/^it cannot be written as schema 0: /) }],
    });
  });

  it('of a later minor version is one of a later minor version', () => {
    const later = edited(trainingManifest(), { '/schemaVersion': '1.5', '/run/weather': 'rain' });
    expect(showManifestAs(later, 0)).toMatchObject({ kind: 'shown', value: { schemaVersion: '0.9999', run: { weather: 'rain' } } });
  });
});
