import { describe, expect, it } from 'vitest';
import { CAUSE_CLASSES, type Manifest } from '#manifest';
import { compareManifests, type Difference } from '#diff';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { policyOf } from '../../test/fixtures/policies.ts';
import { type Change, changeOf } from './change-pattern.ts';
import { changesOf, changesOfFirst } from './changes-of.ts';
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

const difference = (more: Partial<Difference>): Difference => ({
  path: '/dependencies/distributions/*',
  label: 'numpy',
  title: 'Package',
  class: 'package',
  risk: 'high',
  score: 1,
  swap: true,
  kind: 'changed',
  cells: [],
  changes: [],
  details: [],
  ...more,
});

const field = (path: string, context = false): Difference['changes'][number] => ({ path, title: 'it', cells: [], context });

const asked = (more: { causes?: readonly Difference[]; consequences?: readonly Difference[]; results?: readonly Difference[]; gaps?: readonly (readonly [string, string])[] }) =>
  changesOf({
    comparison: { causes: more.causes ?? [], consequences: more.consequences ?? [], results: more.results ?? [] },
    manifests: [{ capture: { ...before.capture, gaps: (more.gaps ?? []).map(([about, reason]) => ({ about, reason })) } }],
  });

const everything = (label: string): Change => ({ path: '', segments: [], classes: CAUSE_CLASSES, isWhole: true, label });
const change = (path: string, classes: Change['classes'], label = 'numpy', isWhole = false): Change => changeOf({ path, classes, isWhole, label });

describe('what a policy is asked about', () => {
  it.each<[string, Parameters<typeof asked>[0], readonly Change[]]>([
    ['nothing', {}, []],
    [
      'a thing that came or went, as a whole',
      { causes: [difference({ kind: 'only-in', changes: [field('/dependencies/distributions/*/version')] })] },
      [change('/dependencies/distributions/*', ['package'], 'numpy', true)],
    ],
    [
      'a thing of which nobody knows, as a whole',
      { causes: [difference({ kind: 'unknown', changes: [field('/dependencies/distributions/*/version')] })] },
      [change('/dependencies/distributions/*', ['package'], 'numpy', true)],
    ],
    ['a thing of which no field is known, as a whole', { causes: [difference({})] }, [change('/dependencies/distributions/*', ['package'], 'numpy', true)]],
    [
      'a thing of which only bookkeeping changed, as a whole',
      { causes: [difference({ changes: [field('/dependencies/distributions/*/files', true)] })] },
      [change('/dependencies/distributions/*', ['package'], 'numpy', true)],
    ],
    [
      'every field of it that is no bookkeeping',
      { causes: [difference({ changes: [field('/dependencies/distributions/*/version'), field('/dependencies/distributions/*/name', true), field('/data/*/contentSha256')] })] },
      [change('/dependencies/distributions/*/version', ['package']), change('/data/*/contentSha256', ['package', 'data'])],
    ],
    ['a field that this version does not know, and what may be below it', { causes: [difference({ changes: [field('/later')] })] }, [change('/later', ['package'], 'numpy', true)]],
    [
      'what follows from a cause and could be one, and not what is a result or context',
      {
        consequences: [
          difference({ kind: 'only-in', label: 'blas', class: 'native' }),
          difference({ kind: 'only-in', label: 'accuracy', class: 'result' }),
          difference({ kind: 'only-in', label: 'id', class: 'context' }),
        ],
      },
      [change('/dependencies/distributions/*', ['native'], 'blas', true)],
    ],
    ['everything, where results differ and no cause was seen', { results: [difference({ class: 'result' })] }, [everything('results differ, and no cause was seen')]],
    ['nothing, where nobody knows whether results differ', { results: [difference({ class: 'result', kind: 'unknown' })] }, []],
    [
      'the cause alone, where results differ',
      { causes: [difference({})], results: [difference({ class: 'result' })] },
      [change('/dependencies/distributions/*', ['package'], 'numpy', true)],
    ],
    [
      'everything, for each gap that may hide anything',
      {
        gaps: [
          ['', 'nobody looked'],
          ['/processes', 'a child was not seen'],
          ['/capture', 'the shim failed'],
          ['/later/place', 'a later version says so'],
        ],
      },
      [
        everything('not seen: nobody looked'),
        everything('not seen: a child was not seen'),
        everything('not seen: the shim failed'),
        everything('not seen: a later version says so'),
      ],
    ],
    [
      'each gap once, and two reasons at one place twice',
      {
        gaps: [
          ['/data/3', 'gone'],
          ['/data/3', 'gone'],
          ['/data/3', 'too large'],
        ],
      },
      [change('/data/*', ['data'], 'not seen: gone', true), change('/data/*', ['data'], 'not seen: too large', true)],
    ],
    [
      'nothing for gaps in what came out, in who and when, and in where code and locks come from',
      {
        gaps: [
          ['/outputs', 'not read'],
          ['/run/purpose', 'not said'],
          ['/dependencies/lock', 'none'],
          ['/dependencies/lock/sha256', 'none'],
          ['/code/repository', 'none'],
          ['/code/snapshot/files', 'none'],
        ],
      },
      [],
    ],
    ['a gap beside a place that only describes', { gaps: [['/dependencies/locks', 'a later version']] }, [everything('not seen: a later version')]],
  ])('is %s', (_, comparison, expected) => {
    expect(asked(comparison)).toEqual(expected);
  });

  it('is everything, where nothing came before', () => {
    expect(changesOfFirst()).toEqual([everything('it follows nothing: everything is new')]);
  });
});
