import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { type Comparison, compareManifests, outcomeOf, wantedBytes, withPatches } from '#diff';
import type { Manifest } from '#manifest';
import type { Verdict } from '#verify';
import { digestOf, distribution, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import {
  renderComparison,
  renderManifest,
  renderMarkdown,
  renderOutcome,
  renderRunSummary,
  renderText,
  renderValidation,
  renderVerdict,
  styled,
  type ValidatedFile,
  widthOf,
} from './index.ts';

const manifest = trainingManifest();
const sha256 = digestOf('identity');

describe('renderManifest', () => {
  it('shows on one screen who ran what, when and why, what came out, with what, and what nobody saw', () => {
    expect(`\n${renderManifest(manifest, { sha256 })}`).toBe(`
digits-baseline  1f0c7e52  succeeded
who         Ann Example <ann@example.org> (git-config)
when        2026-11-24 08:00:00 UTC, took 3.2 s, 172 MiB at most
why         baseline
command     python train.py --depth 3
result      criteria met
            accuracy 0.9688888888888889 >= 0.9
metrics     accuracy (test) 0.9688888888888889
settings    depth = 3
            lr = 0.1  default
randomness  1 unseeded source made repeatable: RandomState at train.py:12 (main)
            random.seed seeded with 7 at train.py:5
data        digits  train, 1 file, 56.2 KiB, ${digestOf('digits').slice(0, 12)}…
              train_test_split: train 1347, test 450  no overlap
code        git aaaaaaaa on main
            2 files of the project ran, snapshot of 2 files
software    CPython 3.11.2, 3 packages, 2 imported, 1 native library
            numpy 1.26.4, scikit-learn 1.5.2
            no lock file
machine     Debian GNU/Linux 12, kernel 6.1.0, AMD EPYC 7B13 (2 CPUs), 14.9 GiB
            openblas 0.3.23 Haswell 2 threads
outputs     model.joblib  model, 117 KiB  ${digestOf('model').slice(0, 12)}…
            metrics.json  metrics, 40 B  ${digestOf('metrics').slice(0, 12)}…
model       digits, owner ann
gaps        none known
seen        1 of 1 process from inside
trust       self-attested: what the machine that ran it claims
identity    sha256 ${sha256}`);
  });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['a failure', { '/run/exit': { kind: 'exited', code: 3 } }, /failed with exit code 3/],
    ['a kill with its reason', { '/run/exit': { kind: 'signalled', signal: 'SIGKILL', reason: 'out of memory' } }, /killed by SIGKILL \(out of memory\)/],
    ['an end that nobody saw', { '/run/exit': { kind: 'lost' } }, /nobody saw how it ended/],
    ['a missing purpose', { '/run/purpose': undefined }, /why +not said/],
    ['criteria that were not met', { '/evaluation/verdict': { kind: 'not-met', because: ['accuracy 0.5 < 0.9'] } }, /criteria not met\n +accuracy 0\.5 < 0\.9/],
    ['unseeded sources that cannot be repeated', { '/randomness/generators/0/how': 'unseeded' }, /1 unseeded source cannot be repeated: RandomState/],
    ['differential privacy', { '/randomness/differentialPrivacy': 'opacus' }, /opacus is in use: its noise is never drawn/],
    ['data that changed while it was read', { '/data/0/stability': 'changed' }, /changed while it was read/],
    ['rows in two parts', { '/data/0/splits/0/overlapCount': 12 }, /12 rows in more than one part/],
    ['uncommitted changes', { '/code/repository/dirty': 'yes', '/code/repository/pushed': 'no' }, /with uncommitted changes, not pushed/],
    ['a missing snapshot', { '/code/snapshot': undefined }, /no snapshot: the code cannot be restored/],
    ['a modified package', { '/dependencies/distributions/0/modified': ['a.py'] }, /numpy: files differ from what was installed \(a\.py\)/],
    [
      'a lock that does not agree',
      { '/dependencies/lock': { kind: 'uv', path: '${project}/uv.lock', agrees: 'no', disagreements: ['numpy'] } },
      /lock uv\.lock does not agree with what is installed: numpy/,
    ],
    ['a masked setting', { '/parameters/0': { name: 'token', value: '***', type: 'text', source: 'argparse', masked: true } }, /token = \*\*\* \(masked\)/],
    ['gaps with their remedy', { '/capture/gaps': [{ about: '/data', reason: 'a native reader', remedy: 'declare it' }] }, /\/data: a native reader {2}fix: declare it/],
    ['processes seen only from outside', { '/capture/coverage': { processesSeen: 3, processesWithHooks: 1 } }, /1 of 3 processes from inside, the others only from outside/],
    ['a record completed later', { '/capture/interrupted': true }, /completed after the recorder had died/],
    [
      'ranks that disagree',
      { '/distributed': { worldSize: 2, ranks: [{ rank: 0, process: '0' }], disagreements: ['rank 1 has torch 2.3'] } },
      /1 of 2 seen\n +rank 1 has torch 2\.3/,
    ],
    ['no outputs', { '/outputs': [] }, /outputs +none/],
    ['an output without digest', { '/outputs/0/withheld': 'a secret was found' }, /no digest: a secret was found/],
  ])('says it plainly: %s', (_, edits, text) => {
    expect(renderManifest(edited(manifest, edits))).toMatch(text);
  });

  it('stays on one screen however long the lists are', () => {
    const long = edited(manifest, {
      '/parameters': Array.from({ length: 500 }, (_, i) => ({ name: `p${i}`, value: '1', type: 'int', source: 'argparse', masked: false })),
      '/outputs': Array.from({ length: 500 }, (_, i) => ({ path: `o${i}`, role: 'other' })),
      '/evaluation/metrics': Array.from({ length: 500 }, (_, i) => ({ name: `m${i}`, value: '1', source: 'api', trust: 'reported' })),
    });
    expect(renderManifest(long).split('\n').length).toBeLessThan(70);
    expect(renderManifest(long)).toMatch(/and 490 more outputs/);
  });
});

describe('renderRunSummary', () => {
  it('has four to eight lines', () => {
    const text = renderRunSummary(
      edited(manifest, { '/capture/gaps': [{ about: '/data', reason: 'a native reader' }], '/capture/findings': [{ kind: 'x', severity: 'warning', message: 'a dirty tree' }] }),
      { sha256 },
    );
    expect(`\n${text}`).toBe(`
trainlock: recorded digits-baseline (1f0c7e52), succeeded after 3.2 s, sha256 ${sha256.slice(0, 12)}…
  metrics     accuracy (test) 0.9688888888888889, criteria met
  randomness  1 unseeded source made repeatable: RandomState at train.py:12 (main)
  read        1 data file (56.2 KiB), 2 code files
  wrote       model.joblib, metrics.json
  look at     1 gap: a native reader
              warning: a dirty tree`);
  });
});

const other = edited(manifest, {
  '/run/id': 'ffffffff-3a44-4b8e-9d52-6f3f1b2a9c01',
  '/run/command': ['python', 'train.py', '--depth', '4'],
  '/parameters/0/value': '4',
  '/code/files/0/sha256': digestOf('new code'),
  '/randomness/root/commitment': digestOf('root-2'),
  '/randomness/generators/0/seed/value': '77',
  '/environment/threadPools/0/threads': 4,
  '/environment/locale': undefined,
  '/dependencies/distributions': [distribution('numpy', '2.0.0', { requiredBy: ['scikit-learn'] }), distribution('scikit-learn', '1.5.2'), distribution('torch', '2.4')],
  '/evaluation/metrics/0/value': '0.95',
  '/evaluation/metrics/0/bits': undefined,
  '/outputs/0/sha256': digestOf('model-2'),
});
const comparison = ((): Comparison => {
  const found = compareManifests([manifest, other]);
  const [before, after] = wantedBytes(found);
  return withPatches(
    found,
    new Map([
      [before!, utf8('import sklearn\nx = 1\n')],
      [after!, utf8('import sklearn\nx = 2\n')],
    ]),
  );
})();

describe('renderComparison', () => {
  it('tells results, then causes by class and risk, and counts the rest', () => {
    expect(`\n${renderComparison(comparison)}`).toBe(`
A  digits-baseline  1f0c7e52, 2026-11-24 08:00:00 UTC  baseline
B  digits-baseline  ffffffff, 2026-11-24 08:00:00 UTC  baseline
8 possible causes; 1 thing cannot be compared

Results  2
  model.joblib: ${digestOf('model').slice(0, 12)}… → ${digestOf('model-2').slice(0, 12)}…
  accuracy test: 0.9688888888888889 → 0.95
    -0.0188889 worse

Code  1
  [high risk] train.py: 1 line added, 1 removed
    @@ -1,2 +1,2 @@
     import sklearn
    -x = 1
    +x = 2

Settings  2
  [high risk] Command: -3  +4
  [high risk] depth: 3 → 4

Randomness  1
  [high risk] Entropy root: ${digestOf('root-1').slice(0, 12)}… → ${digestOf('root-2').slice(0, 12)}…
    unseeded sources drew other numbers

Packages  3
  [high risk] numpy: 1.26.4 → 2.0.0 (upgrade)
  [high risk] torch: only in B (2.4)
  [low risk] pip: only in A (24.0)

Threads and numeric runtime  1
  [high risk] openblas of numpy: threads 2 → 4

Cannot be compared  1
  [low risk] Environment and configuration: Locale
    not recorded in B

equal: ${comparison.equal.length} (code 10, data 2, splits 3, settings 1, randomness 5, packages 2, native libraries and system 7, threads and numeric runtime 2, hardware 5, environment and configuration 4, criteria 2, results 4); not shown: 1 consequence, 1 difference of context (--all)`);
  });

  it('hides nothing with --all', () => {
    const text = renderComparison(comparison, { all: true });
    expect(text).toMatch(/Follows from the above[^]*the entropy root differs, so unseeded sources drew other seeds/);
    expect(text).toMatch(/Context[^]*Run id/);
    expect(text).toMatch(/Equal[^]*Packages: scikit-learn/);
  });

  it('shows calls of one place that differ in the same way once, with their number', () => {
    const call = (ordinal: number) => ({
      library: 'numpy',
      api: 'numpy.random.RandomState',
      how: 'explicit',
      seed: { kind: 'int', value: String(ordinal) },
      site: { file: '${python}/lib/site-packages/forest.py', function: 'fit', ordinal },
      process: '0',
    });
    const noisy = edited(manifest, { '/randomness/generators': [...manifest.randomness.generators, ...Array.from({ length: 40 }, (_, ordinal) => call(ordinal))] });
    const found = compareManifests([manifest, noisy]);
    expect(renderComparison(found).match(/forest\.py/g)).toHaveLength(1);
    expect(renderComparison(found)).toMatch(/Randomness {2}40\n.*RandomState.*forest\.py.*only in B.* and 39 more there/);
    expect(renderComparison(found, { all: true }).match(/forest\.py/g)!.length).toBeGreaterThanOrEqual(40);
  });

  it('says so when nothing differs', () => {
    expect(renderComparison(compareManifests([manifest, manifest]))).toMatch(/everything that decides a result is recorded and equal/);
  });

  it('shows more than two runs in columns', () => {
    expect(renderComparison(compareManifests([manifest, other, manifest]))).toMatch(/depth: 3 → 4 → 3/);
  });
});

const verdict: Verdict = {
  kind: 'refuted',
  question: 'is the record intact, and are its outputs as recorded?',
  checks: [
    { name: 'payload', outcome: 'held', because: 'readable and in canonical form' },
    { name: 'outputs', about: '${project}/a.bin', outcome: 'held', because: 'the same bytes' },
    { name: 'outputs', about: '${project}/b.bin', outcome: 'unknown', because: 'it is no longer there' },
    { name: 'outputs', about: '${project}/c.bin', outcome: 'broken', because: 'other bytes' },
    { name: 'data', outcome: 'not-asked', because: '--data asks it' },
  ],
  manifestSha256: sha256,
  run: { id: manifest.run.id, name: 'digits-baseline' },
  trust: 'self-attested',
  gaps: [{ about: '/data', reason: 'a native reader' }],
  unknownFields: [],
};

describe('renderVerdict', () => {
  it('tells the question, the answer, every check, and what it does not speak of', () => {
    expect(`\n${renderVerdict(verdict)}`).toBe(`
is the record intact, and are its outputs as recorded?
refuted  digits-baseline  sha256 ${sha256}
payload   held  readable and in canonical form
outputs   1 held  1 broken  1 unknown
          broken  c.bin  other bytes
          unknown  b.bin  it is no longer there
data      not asked  --data asks it
recorder  self-attested  the record says what the machine that wrote it claims
gaps      1 place the recorder could not see, and this verdict does not speak of
            /data: a native reader`);
  });
});

describe('renderValidation', () => {
  const files: readonly ValidatedFile[] = [
    { file: 'a.json', kind: 'valid', form: 'statement', schemaVersion: '0.1', unknown: [] },
    {
      file: 'b.json',
      kind: 'invalid',
      form: 'manifest',
      problems: [{ pointer: '/run/comand', line: 5, message: 'the key "comand" is not known here', hint: 'did you mean command?' }],
    },
    { file: 'c.json', kind: 'newer', form: 'manifest', schemaVersion: '2.0', problems: [{ pointer: '/schemaVersion', message: 'too new' }] },
    { file: 'd.json', kind: 'unreadable', because: 'it does not exist' },
    { file: 'e.json', kind: 'valid', form: 'manifest', schemaVersion: '0.4', unknown: ['/run/weather'] },
  ];

  it('tells every problem with its place and its mending', () => {
    expect(`\n${renderValidation(files)}`).toBe(`
a.json: valid, statement, schema 0.1
b.json: not valid, 1 problem
  line 5: /run/comand: the key "comand" is not known here  did you mean command?
c.json: undecided (schema 2.0)
  /schemaVersion: too new
d.json: could not be read: it does not exist
e.json: valid, bare manifest, schema 0.4, 1 field not understood
  not understood: /run/weather
5 files: 2 valid, 1 not valid, 1 undecided, 1 not readable`);
  });
});

describe('renderOutcome', () => {
  it('tells the outcome, why, and every output and metric', () => {
    const exit = { kind: 'exited', code: 0 } as const;
    const output = (path: string, digest: string): { readonly path: string; readonly role: 'model'; readonly sha256: string } => ({ path, role: 'model', sha256: digest });
    const outcome = outcomeOf({
      exit: { recorded: exit, replayed: exit },
      outputs: [
        { recorded: output('${project}/v1/m.pt', 'a'), replayed: output('${project}/v2/m.pt', 'a'), pairedBy: 'normalised-path' },
        { recorded: output('${project}/n.pt', 'a'), replayed: output('${project}/n.pt', 'b'), pairedBy: 'path' },
      ],
      extra: [],
      metrics: [{ name: 'accuracy', split: 'test', recorded: { value: '0.5' }, replayed: { value: '0.5' } }],
    });
    expect(`\n${renderOutcome(outcome)}`).toBe(`
metric-equal
because  1 metric equal or within tolerance, but outputs differ
         n.pt: other bytes; nothing is known about what is inside
outputs  different  n.pt  other bytes; nothing is known about what is inside
         identical  v1/m.pt (there v2/m.pt, paired by normalised-path)  the same bytes
metrics  identical  accuracy, test 0.5  the same decimal; bits are not known`);
  });
});

describe('hostile text', () => {
  const evil = 'a\u001b[2J\u0007\r\n\u202eb|<script>alert(1)</script>[x](http://evil.example)`code`*bold* @ann #1 www.evil.example ![i](j) &amp; ~~s~~ $x$ \\';
  const poisoned = edited(manifest, {
    '/run/name': evil,
    '/run/purpose': evil,
    '/run/command': ['python', evil],
    '/run/participant/name': evil,
    '/outputs/0/path': evil,
    '/data/0/name': evil,
    '/capture/gaps': [{ about: '/data', reason: evil }],
    '/parameters/0/value': evil,
  });
  const texts = (format: 'text' | 'markdown'): readonly string[] => [
    renderManifest(poisoned, { format }),
    renderRunSummary(poisoned, { format, sha256 }),
    renderComparison(compareManifests([manifest, poisoned]), { format, all: true }),
    renderVerdict({ ...verdict, checks: [{ name: 'outputs', about: evil, outcome: 'broken', because: evil }], gaps: [{ about: '/x', reason: evil }] }, { format }),
    renderValidation([{ file: evil, kind: 'invalid', form: 'manifest', problems: [{ pointer: evil, message: evil, hint: evil }] }], { format }),
  ];

  it('cannot move the cursor, ring, break lines or turn text round', () => {
    for (const text of [...texts('text'), ...texts('markdown')]) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(texts('text')[0]).toMatch(/\\x1b\[2J\\x07\\x0d\\x0a\\u\{202e\}b/);
  });

  it('cannot become HTML, links, images, mentions, code, emphasis or table cells in Markdown', () => {
    for (const text of texts('markdown')) {
      expect(text.replaceAll('<!-- -->', '').replaceAll('<br>', '')).not.toMatch(/<|`(?!``)|\]\(|!\[/);
      expect(text).not.toMatch(/:\/\/|www\.|@[a-z]|&#64;[a-z]|&#35;[0-9]|(?<![&#])#[0-9]/);
      for (const line of text.split('\n').filter((one) => one.startsWith('|'))) expect(line.match(/\|/g)).toHaveLength(3);
    }
  });

  it('keeps patches inside their fence', () => {
    const page = renderMarkdown([{ kind: 'code', language: 'diff', text: '+```\n+# not a heading\u001b' }]);
    expect(page).toBe('````diff\n+```\n+# not a heading\\x1b\n````');
  });

  it('is never rendered with a control character, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = [text, { text, tone: 'bad' as const }, { text, tone: 'strong' as const }];
        const page = [
          { kind: 'paragraph', line } as const,
          { kind: 'rows', rows: [{ label: text, lines: [line] }] } as const,
          { kind: 'list', items: [{ line, inner: [line] }] } as const,
          { kind: 'table', head: [text], rows: [[line]] } as const,
        ];
        for (const rendered of [renderText(page, false), renderMarkdown(page)]) expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('colour', () => {
  it('adds nothing but styles: without them the text is the same', () => {
    for (const [plain, coloured] of [
      [renderManifest(manifest, { sha256 }), renderManifest(manifest, { sha256, colour: true })],
      [renderComparison(comparison), renderComparison(comparison, { colour: true })],
      [renderVerdict(verdict), renderVerdict(verdict, { colour: true })],
    ] as const) {
      expect(coloured).not.toBe(plain);
      expect(coloured.replace(/\u001b\[[0-9]+m/g, '')).toBe(plain);
    }
  });

  it('is closed where it was opened', () => {
    expect(styled('x', 'bad', true)).toBe('\u001b[31mx\u001b[39m');
    expect(styled('x', 'bad', false)).toBe('x');
  });
});

describe('widthOf', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['😀', 2],
  ])('counts the columns of %s', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

it('every manifest that is valid can be shown, also the smallest', () => {
  const smallest: Manifest = {
    ...manifest,
    run: {
      id: manifest.run.id,
      startedAt: manifest.run.startedAt,
      clock: { source: 'unknown', synchronised: 'unknown' },
      participant: { kind: 'machine', name: 'ci', source: 'ci' },
      command: ['true'],
      workingDirectory: '/',
      roots: {},
      exit: { kind: 'exited', code: 0 },
    },
    parameters: [],
    randomness: { mode: 'off', hashSeed: { source: 'random' }, generators: [], states: [], tape: [] },
    data: [],
    code: { repository: { kind: 'none' }, files: [] },
    dependencies: { interpreters: [], distributions: [], native: [] },
    environment: { variables: [] },
    evaluation: { metrics: [], verdict: { kind: 'none' } },
    outputs: [],
    processes: [],
  };
  expect(renderManifest(smallest)).toMatch(/no Python was seen/);
  expect(renderRunSummary(smallest, { sha256 })).toMatch(/wrote +nothing/);
});
