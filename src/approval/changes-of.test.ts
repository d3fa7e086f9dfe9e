import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { compareManifests } from '#diff';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { policyOf } from '../../test/fixtures/policies.ts';
import { changesOf } from './changes-of.ts';
import { judgeChange } from './judge-change.ts';

const before = trainingManifest();

const rulesFor = (after: Manifest): readonly string[] => {
  const changes = changesOf({ comparison: compareManifests([before, after]), manifests: [before, after] });
  return judgeChange(policyOf(), { changes, actors: ['ann'], approvals: [], binds: '', now: '2026-11-26T12:00:00Z' }).rules.map(({ id }) => id);
};

describe('the changes between two manifests', () => {
  it('of the same run are none', () => {
    expect(changesOf({ comparison: compareManifests([before, before]), manifests: [before, before] })).toEqual([]);
    expect(rulesFor(before)).toEqual([]);
  });

  const withGap = (about: string): Manifest => ({ ...before, capture: { ...before.capture, gaps: [{ about, reason: 'not seen' }] } });
  const set = before.data[0]!;
  const [first, ...others] = before.dependencies.distributions!;
  it.each<[string, Manifest, readonly string[]]>([
    ['a data set that is gone', { ...before, data: [] }, ['data-change', 'anything']],
    ['other bytes of data', { ...before, data: [{ ...set, contentSha256: 'f'.repeat(64) }] }, ['data-change', 'anything']],
    [
      'a package of another version',
      { ...before, dependencies: { ...before.dependencies, distributions: [{ ...first!, version: '99.0' }, ...others] } },
      ['dependency-change', 'anything'],
    ],
    ['a package that is gone', { ...before, dependencies: { ...before.dependencies, distributions: others } }, ['dependency-change', 'anything']],
    [
      'results that differ without a cause',
      { ...before, outputs: [{ ...before.outputs[0]!, sha256: 'f'.repeat(64) }] },
      ['data-change', 'dependency-change', 'criteria-change', 'anything'],
    ],
    ['a process that was not seen', withGap('/processes'), ['data-change', 'dependency-change', 'criteria-change', 'anything']],
    ['a place that this version does not know', withGap('/later/place'), ['data-change', 'dependency-change', 'criteria-change', 'anything']],
    ['data that was not seen', withGap('/data/0'), ['data-change', 'anything']],
    ['a lock that is not there', withGap('/dependencies/lock'), []],
    ['a repository that is not there', withGap('/code/repository/commit'), []],
    ['criteria that were moved', { ...before, evaluation: { ...before.evaluation, criteria: [] } }, ['criteria-change', 'anything']],
  ])('%s are those of its rules', (_, after, rules) => {
    expect(rulesFor(after)).toEqual(rules);
  });
});
