import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import type { Manifest } from '#manifest';
import { codeFile, digestOf, distribution, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { wantedBytes, withPatches } from './code-patch.ts';
import { compareManifests } from './compare-manifests.ts';
import type { Comparison, Difference } from './comparison.ts';

const base = trainingManifest();
const against = (edits: Readonly<Record<string, unknown>>, from: Manifest = base): Comparison => compareManifests([from, edited(from, edits)]);
const brief = (difference: Difference): string => `${difference.class} ${difference.risk} ${difference.kind} ${difference.label}`;

describe('compareManifests', () => {
  it('finds nothing between a manifest and itself, and counts what is equal', () => {
    const comparison = compareManifests([base, structuredClone(base)]);
    expect([...comparison.causes, ...comparison.results, ...comparison.context, ...comparison.consequences]).toEqual([]);
    expect(comparison.verdict).toBe('same');
    expect(comparison.equal.filter(({ class: group }) => group === 'package').map(({ label }) => label)).toContain('numpy');
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a parameter', { '/parameters/0/value': '4' }, ['parameter high changed depth']],
    ['a parameter only in one', { '/parameters/2': { name: 'seed', value: '1', type: 'int', source: 'argparse', masked: false } }, ['parameter high only-in seed']],
    [
      'a code file, told once though it is also the entry point',
      { '/code/files/0/sha256': digestOf('x'), '/run/entryPoint/sha256': digestOf('x') },
      ['code high changed ${project}/train.py'],
    ],
    [
      'an imported package before an unrelated one',
      { '/dependencies/distributions/2/version': '25.0', '/dependencies/distributions/1/version': '1.6.0' },
      ['package high changed scikit-learn', 'package low changed pip'],
    ],
    ['data and its order', { '/data/0/splits/0/parts/0/orderSha256': digestOf('y') }, ['split high changed digits › train_test_split › train']],
    ['the bytes of a data file', { '/data/0/files/0/sha256': digestOf('z') }, ['data high changed digits › ${python}/site-packages/sklearn/datasets/data/digits.csv.gz']],
    ['an explicit seed', { '/randomness/generators/1/seed': { kind: 'int', value: '8' } }, ['seed high changed random.seed at ${project}/train.py (<module>)']],
    ['threads', { '/environment/threadPools/0/threads': 4 }, ['threads high changed openblas of numpy']],
    [
      'a variable that was read, before one that was not',
      { '/environment/variables/0/value': '4', '/environment/variables/2': { name: 'EDITOR', shown: 'value', value: 'vi' } },
      ['config medium changed OMP_NUM_THREADS', 'config low only-in EDITOR'],
    ],
    ['a runtime setting that is missing', { '/environment/runtime': {} }, ['threads medium only-in OMP_NUM_THREADS']],
    ['a criterion', { '/evaluation/criteria/0/value': '0.8' }, ['criteria high changed accuracy test']],
    ['a command', { '/run/command': ['python', 'train.py', '--depth', '4'] }, ['parameter high changed Command']],
    ['the CPU', { '/environment/cpu/model': 'Intel Xeon' }, ['hardware low changed CPU › Model']],
    [
      'times, ids, lines, people and durations, hidden as context',
      {
        '/run/id': 'x',
        '/run/startedAt': '2026-12-01T00:00:00.000Z',
        '/run/usage/wallMs': 9,
        '/run/participant/name': 'Bob',
        '/randomness/generators/0/site/line': 99,
        '/processes/0/pid': 1,
      },
      [],
    ],
  ])('ranks %s', (_, edits, causes) => {
    expect(against(edits).causes.map(brief)).toEqual(causes);
  });

  it('tells the context apart, and does not hide it for ever', () => {
    expect(
      against({ '/run/id': 'x', '/run/usage/wallMs': 9, '/processes/0/pid': 1 })
        .context.map(({ label }) => label)
        .toSorted(),
    ).toEqual(['0', 'Run id', 'Usage › Wall time']);
  });

  it('says that a missing section is not recorded, not that it differs', () => {
    const comparison = against({ '/environment/threadPools': undefined, '/environment/locale': undefined });
    expect(comparison.verdict).toBe('undecided');
    expect(comparison.causes.map((difference) => [brief(difference), difference.cells[1]])).toEqual([
      ['threads medium unknown Thread pools', { kind: 'unknown', because: 'not recorded' }],
      ['config low unknown Locale', { kind: 'unknown', because: 'not recorded' }],
    ]);
  });

  it('tells an item that is absent from one that nobody could see', () => {
    const without = { '/data': [] };
    expect(against(without).causes[0]).toMatchObject({ kind: 'only-in', cells: [{ kind: 'value' }, { kind: 'absent' }] });
    expect(against({ ...without, '/capture/gaps': [{ about: '/data', reason: 'native readers' }] }).causes[0]).toMatchObject({
      kind: 'unknown',
      cells: [{ kind: 'value' }, { kind: 'unknown', because: 'the list may be incomplete: native readers' }],
    });
  });

  it.each([
    ['a masked parameter', { '/parameters/0': { name: 'token', value: '***', type: 'text', source: 'argparse', masked: true } }, /masked/],
    ['a withheld file', { '/code/files/0': { path: 'a.py', withheld: 'a secret was found' } }, /no digest: a secret was found/],
    ['an output whose hashing was put off', { '/outputs/0': { path: 'm', role: 'model', deferred: true } }, /put off/],
    ['a data set without digest', { '/data/0': { name: 'rows', role: 'train', origin: { kind: 'memory' } } }, /no digest/],
  ])('never calls %s equal', (_, edits, because) => {
    const manifest = edited(base, edits);
    const { causes, results } = compareManifests([manifest, structuredClone(manifest)]);
    expect([...causes, ...results].map(({ kind }) => kind)).toEqual(['unknown']);
    expect(JSON.stringify([...causes, ...results][0]!.cells)).toMatch(because);
  });

  it('tells upgrades, downgrades and rebuilt packages', () => {
    const comparison = against({
      '/dependencies/distributions': [
        distribution('numpy', '2.0.0rc1'),
        distribution('scikit-learn', '1.5.1'),
        distribution('pip', '24.0', { relation: 'unrelated', imported: false, recordSha256: digestOf('other') }),
      ],
    });
    expect(comparison.causes.map(({ label, details }) => [label, ...details.map((detail) => (detail.kind === 'version' ? detail.direction : detail.kind))])).toEqual([
      ['numpy', 'upgrade'],
      ['scikit-learn', 'downgrade'],
      ['pip', 'rebuilt'],
    ]);
  });

  it('lets native libraries and thread pools of an upgraded package follow from it', () => {
    const library = '${python}/site-packages/numpy.libs/libopenblas64_p-r0-aaaaaaaa.3.27.so';
    const comparison = against({
      '/dependencies/distributions/0/version': '1.27.0',
      '/dependencies/native/0/path': library,
      '/dependencies/native/0/owner/version': '1.27.0',
      '/environment/threadPools/0/path': library,
      '/environment/threadPools/0/version': '0.3.27',
      '/dependencies/numeric/0/version': '1.27.0',
    });
    expect(comparison.causes.map(({ label }) => label)).toEqual(['numpy']);
    expect(comparison.consequences.map(({ title, follows }) => `${title}: ${follows}`)).toHaveLength(3);
  });

  it('takes a library for the same if its build id is, whatever package claims it', () => {
    const left = edited(base, { '/dependencies/native/0/buildId': 'ab12' });
    expect(against({ '/dependencies/native/0/path': '/usr/lib/libopenblas64_p-r0.so', '/dependencies/native/0/owner/name': 'openblas' }, left).causes).toEqual([]);
    expect(against({ '/dependencies/native/0/buildId': 'cd34' }, left).causes.map(({ title }) => title)).toHaveLength(1);
  });

  it('tells a list that may be incomplete once, not item by item', () => {
    const packages = Array.from({ length: 40 }, (_, i) => distribution(`p${i}`, '1.0'));
    const comparison = compareManifests([
      edited(base, { '/dependencies/distributions': [], '/capture/gaps': [{ about: '/dependencies/distributions', reason: 'no permission' }] }),
      edited(base, { '/dependencies/distributions': packages }),
    ]);
    expect(comparison.causes.map(({ kind, cells }) => [kind, cells])).toEqual([
      [
        'unknown',
        [
          { kind: 'unknown', because: 'the list may be incomplete: no permission' },
          { kind: 'value', value: '40 entries' },
        ],
      ],
    ]);
  });

  it('knows that seeds drawn from the same root are the same, though they are withheld', () => {
    const withheld = edited(base, { '/randomness/generators/0/seed': { kind: 'withheld', reason: 'drawn from the root' } });
    expect(compareManifests([withheld, structuredClone(withheld)]).verdict).toBe('same');
    const otherRoot = compareManifests([withheld, edited(withheld, { '/randomness/root/commitment': digestOf('root-2') })]);
    expect([otherRoot.causes.map(({ path }) => path), otherRoot.consequences.map(({ path }) => path)]).toEqual([['/randomness/root'], ['/randomness/generators/*']]);
  });

  it('tells one cause for another entropy root, and lets owned seeds and states follow', () => {
    const comparison = against({
      '/randomness/root/commitment': digestOf('root-2'),
      '/randomness/hashSeed/value': '99',
      '/randomness/generators/0/seed/value': '42',
      '/randomness/states/0/sha256': digestOf('other'),
    });
    expect(comparison.causes.map(({ path }) => path)).toEqual(['/randomness/root']);
    expect(comparison.consequences.map(({ path }) => path).toSorted()).toEqual(['/randomness/generators/*', '/randomness/hashSeed', '/randomness/states/*']);
  });

  it('tells another state with equal seeds as a result', () => {
    const { causes, results } = against({ '/randomness/states/0/sha256': digestOf('other') });
    expect(causes).toEqual([]);
    expect(results[0]?.details).toEqual([{ kind: 'note', text: expect.stringMatching(/different amount/) }]);
  });

  it.each([
    ['0.98', 'better', '0.0111111'],
    ['0.95', 'worse', '-0.0188889'],
    ['0.969', 'same-within-tolerance', '0.000111111'],
    ['NaN', 'unclear', undefined],
  ])('says what %s means for a metric whose direction is declared', (value, verdict, delta) => {
    const { results, causes } = against({ '/evaluation/metrics/0/value': value, '/evaluation/metrics/0/bits': undefined });
    expect(causes).toEqual([]);
    expect(results[0]?.details).toMatchObject([{ kind: 'metric', points: 1, differing: 1, verdict, ...(delta === undefined ? {} : { delta }) }]);
  });

  it('folds a series of values into one difference', () => {
    const series = (factor: number): unknown =>
      Array.from({ length: 50 }, (_, step) => ({ name: 'loss', value: String(step === 0 ? 1 : step * factor), step, ordinal: step, source: 'api', trust: 'reported' }));
    const comparison = compareManifests([edited(base, { '/evaluation/metrics': series(1) }), edited(base, { '/evaluation/metrics': series(2) })]);
    expect(comparison.results.map(({ label, details }) => [label, details])).toEqual([['loss', [{ kind: 'metric', points: 50, differing: 49, delta: '49', verdict: 'unclear' }]]]);
  });

  it('tells a moved file as moved', () => {
    const { causes } = against({ '/code/files/1/path': '${project}/lib/features.py' });
    expect(causes.map(({ label, kind, details }) => [label, kind, details])).toEqual([
      ['${project}/features.py', 'changed', [{ kind: 'moved', from: '${project}/features.py', to: '${project}/lib/features.py' }]],
    ]);
  });

  it('tells a command word by word', () => {
    const [command] = against({ '/run/command': ['python', 'train.py', '--depth', '4', '--fast'] }).causes;
    expect(command?.details).toEqual([{ kind: 'sequence', removed: ['3'], added: ['4', '--fast'], reordered: false }]);
  });

  it('knows that commitments under another key say nothing', () => {
    const variables = (key: string): unknown => ['A', 'B'].map((name) => ({ name, shown: 'commitment', commitment: digestOf(name + key) }));
    const left = edited(base, { '/environment/variables': variables('1') });
    expect(compareManifests([left, edited(base, { '/environment/variables': variables('2') })]).causes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
    const oneChanged = edited(left, { '/environment/variables/1/commitment': digestOf('changed') });
    expect(compareManifests([left, oneChanged]).causes.map(({ label, kind }) => `${label} ${kind}`)).toEqual(['B changed']);
  });

  it('compares more than two manifests in columns', () => {
    const comparison = compareManifests([base, edited(base, { '/parameters/0/value': '4' }), edited(base, { '/parameters/0/value': '5', '/environment/locale': undefined })]);
    expect(comparison.causes.map(({ label, cells, changes }) => [label, (changes[0]?.cells ?? cells).map((cell) => (cell.kind === 'value' ? cell.value : cell.kind))])).toEqual([
      ['depth', ['3', '4', '5']],
      ['Locale', ['C.UTF-8', 'C.UTF-8', 'unknown']],
    ]);
  });

  it('keeps fields that it does not know, as possible causes', () => {
    expect(against({ '/environment/weather': 'rain' }).causes.map(brief)).toEqual(['config low unknown weather']);
  });

  it('is symmetric: whatever changes, the same things are told in the other direction', () => {
    const places = [
      '/parameters/0/value',
      '/code/files/1/sha256',
      '/dependencies/distributions/1/version',
      '/outputs/0/sha256',
      '/environment/timeZone',
      '/randomness/hashSeed/value',
      '/data/0/role',
    ];
    fc.assert(
      fc.property(fc.subarray(places), fc.string({ minLength: 1 }), (chosen, value) => {
        const other = edited(base, Object.fromEntries(chosen.map((place) => [place, value])));
        const labels = (comparison: Comparison): readonly string[] => [...comparison.causes, ...comparison.results].map(({ path, label }) => path + label).toSorted();
        expect(labels(compareManifests([base, other]))).toEqual(labels(compareManifests([other, base])));
        expect(labels(compareManifests([base, other])).length).toBeGreaterThanOrEqual(new Set(chosen).size - (value === '' ? 1 : 0) - 3);
      }),
    );
  });

  it('pairs long lists in linear time', () => {
    const files = Array.from({ length: 20_000 }, (_, i) => codeFile(`f${i}.py`, `${i}`));
    const left = edited(base, { '/code/files': files });
    const right = edited(base, { '/code/files': files.map((file, i) => (i === 19_000 ? codeFile(file.path, 'other') : file)) });
    expect(compareManifests([left, right]).causes.map(({ label }) => label)).toEqual(['f19000.py']);
  });
});

describe('withPatches', () => {
  const comparison = against({ '/code/files/0/sha256': digestOf('x') });

  it('asks for the bytes of code that differs and shows a unified diff', () => {
    const [before, after] = wantedBytes(comparison);
    const shown = withPatches(
      comparison,
      new Map([
        [before!, utf8('a\nb\nc\n')],
        [after!, utf8('a\nB\nc\n')],
      ]),
    );
    expect(shown.causes[0]?.details.at(-1)).toEqual({
      kind: 'patch',
      text: '--- ${project}/train.py\n+++ ${project}/train.py\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c'.split('\n').slice(2).join('\n'),
      added: 1,
      removed: 1,
    });
  });

  it.each([
    ['nothing without the bytes', new Map<string, Uint8Array>(), undefined],
    [
      'a note for binary files',
      new Map([
        [digestOf('import sklearn'), Uint8Array.of(0, 1)],
        [digestOf('x'), Uint8Array.of(2)],
      ]),
      { kind: 'note', text: 'not shown line by line: binary or longer than 1 MiB' },
    ],
  ])('shows %s', (_, bytes, detail) => {
    expect(withPatches(comparison, bytes).causes[0]?.details.at(-1)).toEqual(detail);
  });
});
