import { canonicalJson, type JsonValue, readJson, type Reading, utf8 } from '#base';
import { type Config, readConfig, readPyproject } from '#config';
import { composeYaml, readPlainYaml } from '#yaml';
import { nodeCrypto } from '#files';
import { checkDocument, otherDocument, readDelivery, readManifest, readStatement, writeDelivery } from '#manifest';
import { checkDataDocument, readErasure, readSnapshot } from '#snapshot';
import { agreeWithManifest, modelStatement, readAnyStatement, readModelStatement, slsaProvenance, testResult, trainingRunStatement } from '#statements';
import { documentLines } from '#report';
import { problemOfModelName } from '../../../src/statements/model-signing/problem-of-model-name.ts';
import { shownText } from '../../../src/statements/shown-text.ts';
import { parsePyproject } from '../../../src/config/parse-toml.ts';
import { readYaml } from '../../../src/origins/read-yaml.ts';
import { readRecord } from '../../../src/verify/read-record.ts';
import { differingSnapshots, snapshotOf, tableOf } from '../../fixtures/snapshots.ts';
import { valueOf } from '../../fixtures/log-keys.ts';
import { trainingManifest } from '../../fixtures/training-manifest.ts';
import { anyText, checkReading, demand, demandBytes, demandSame, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';
import { bundleBytes, fixedRun, json, smallManifest, statementBytes } from '../seeds/documents.ts';
import { foreignBundles, foreignFiles } from '../seeds/foreign.ts';

type AnyReading = { readonly kind: string; readonly problems?: readonly { readonly message: string }[]; readonly because?: string };

const answerOf = (reading: AnyReading): string => `${reading.kind} ${kindOfMessage(reading.problems?.[0]?.message ?? reading.because ?? '')}`;

const twice = <T>(read: (bytes: Uint8Array) => T, bytes: Uint8Array): T => {
  const copy = bytes.slice();
  const first = read(bytes);
  demandBytes(copy, bytes, 'the reader changed its input');
  demandSame(read(copy), first, 'the same bytes were read in two ways');
  return first;
};

/** What was accepted has a canonical form, and that form is the same document. */
const canonicalAgain = (value: unknown, read: (bytes: Uint8Array) => AnyReading & { readonly value?: unknown }, what: string): void => {
  const again = read(canonicalJson(value));
  demand(again.kind === 'accepted', `the canonical form of ${what} is refused`);
  demandBytes(canonicalJson(again.value), canonicalJson(value), `the canonical form of ${what} is another`);
};

const manifest: Target = {
  name: 'manifest',
  grammar: 'json',
  seeds: () => [canonicalJson(smallManifest()), canonicalJson(trainingManifest()), json({ ...smallManifest(), schemaVersion: '0.9', later: 1 }), json({ schemaVersion: '7.0' })],
  run: (bytes) => {
    const reading = twice(readManifest, bytes);
    if (reading.kind === 'accepted') canonicalAgain(reading.value, readManifest, 'a manifest');
    return answerOf(reading);
  },
};

const statement: Target = {
  name: 'statement',
  grammar: 'json',
  seeds: () => [statementBytes(), json({ _type: 1, subject: [], predicateType: 'https://trainlock.dev/training-run/v9', predicate: {} })],
  run: (bytes) => {
    const reading = twice(readStatement, bytes);
    const run = twice((one) => trainingRunStatement(one, nodeCrypto), bytes);
    if (reading.kind === 'accepted') canonicalAgain(reading.value.manifest, readManifest, 'the manifest of a statement');
    demand(run.kind !== 'accepted' || reading.kind === 'accepted', 'a statement may be signed that cannot be read');
    if (run.kind === 'accepted') {
      demandBytes(run.value.payload, bytes, 'other bytes would be signed');
      demand(readAnyStatement(bytes, 'training-run').kind === 'accepted', 'a statement may be signed that no reader of statements accepts');
    }
    return `${answerOf(reading)} ${run.kind === 'accepted' ? '' : run.refusal}`;
  },
};

const document: Target = {
  name: 'document',
  grammar: 'json',
  seeds: () => [canonicalJson(smallManifest()), statementBytes(), bundleBytes(statementBytes()), bundleBytes(utf8('{}'))],
  foreign: foreignBundles,
  run: (bytes) => {
    const checked = twice(checkDocument, bytes);
    const record = twice((one) => readRecord(one, nodeCrypto), bytes);
    demand((checked.kind === 'valid') === (record.manifest !== undefined), 'a valid document is no record, or the other way round');
    const other = checked.kind === 'invalid' ? twice(otherDocument, bytes) : undefined;
    if (checked.form === 'statement') demand((checked.kind === 'valid') === (readStatement(bytes).kind === 'accepted'), 'two readers judge a statement differently');
    if (checked.form === 'manifest') demand((checked.kind === 'valid') === (readManifest(bytes).kind === 'accepted'), 'two readers judge a manifest differently');
    return `${checked.form} ${answerOf(checked)}${other === undefined ? '' : ' other'}`;
  },
};

const lines: Target = {
  name: 'document-lines',
  grammar: 'json',
  seeds: () => [canonicalJson(smallManifest()), statementBytes(), bundleBytes(statementBytes()), ...SNAPSHOTS()],
  foreign: foreignBundles,
  run: (bytes) => {
    const shown = twice((one) => documentLines(one), bytes);
    if (shown === undefined) return 'not ours';
    demand(
      shown.every((line) => /^[^\u0000-\u001f\u007f]+ = [^\u0000-\u001f\u007f]*$/.test(line) && line.isWellFormed()),
      'a line that is no fact, or holds what a terminal obeys',
    );
    demandSame(shown, [...new Set(shown)].toSorted(), 'the lines are not in order');
    return 'ours';
  },
};

const SNAPSHOTS = () => [
  json(snapshotOf('small', [])),
  json(snapshotOf('table', [tableOf('a.csv', [{ name: 'x', type: 'BIGINT', detail: 'off' }])])),
  json(differingSnapshots().before),
  json({ schemaVersion: '0.1', erasedAt: '2026-11-24T08:00:00Z', by: 'ann', reason: 'asked', listSha256: 'a'.repeat(64), treeRoot: 'b'.repeat(64), fileCount: 3, rowCount: 7 }),
];

const snapshot: Target = {
  name: 'snapshot',
  grammar: 'json',
  seeds: SNAPSHOTS,
  run: (bytes) => {
    const reading = twice(readSnapshot, bytes);
    if (reading.kind === 'accepted') canonicalAgain(reading.value, readSnapshot, 'a snapshot');
    return answerOf(reading);
  },
};

const erasure: Target = {
  name: 'erasure',
  grammar: 'json',
  seeds: SNAPSHOTS,
  run: (bytes) => {
    const reading = twice(readErasure, bytes);
    if (reading.kind === 'accepted') canonicalAgain(reading.value, readErasure, 'an erasure');
    const checked = twice(checkDataDocument, bytes);
    if (checked?.form === 'erasure') demand((checked.kind === 'valid') === (reading.kind === 'accepted'), 'two readers judge an erasure differently');
    if (checked?.form === 'snapshot') demand((checked.kind === 'valid') === (readSnapshot(bytes).kind === 'accepted'), 'two readers judge a snapshot differently');
    return `${answerOf(reading)} ${checked?.form ?? ''}`;
  },
};

const NOTE = { manifestSha256: 'a'.repeat(64), files: [{ name: 'statement.json', sha256: 'a'.repeat(64), sizeBytes: 3 }] };

const delivery: Target = readingTarget('delivery', 'json', {
  seeds: () => [
    writeDelivery([NOTE]),
    json({ schemaVersion: '0.1', records: [NOTE, NOTE] }),
    json({ schemaVersion: '0.1', records: [{ ...NOTE, files: [...NOTE.files, { name: 'proofs/signed-1.leaf', sha256: 'b'.repeat(64), sizeBytes: 0 }] }] }),
  ],
  read: readDelivery,
  holds: (records) => {
    const again = readDelivery(writeDelivery(records));
    demand(again.kind === 'accepted' && again.value.length === records.length, 'a note that is written anew is another one');
    for (const { files } of records) for (const { name } of files) demand(!/(^|[/\\])\.\.?([/\\]|$)|^\/|\0/.test(name), 'a name that leads elsewhere is accepted');
  },
});

const YAML = `version: 1
project: {name: digits}
data:
  - name: train
    path: data/*.csv
    role: train
metrics:
  - {name: accuracy, direction: higher, tolerance: 0.001}
criteria:
  - "accuracy >= 0.9"
outputs: [model.joblib, 'metrics.json', "a\\u00e9"]
`;
const YAML_EDGES = [
  'a: &x [1]\nb: *x\n',
  '<<: {a: 1}\n',
  'a: !!js/function x\n',
  '%YAML 1.1\n---\na: no\n',
  'a: 0o17\nb: 0x1f\nc: .inf\nd: .nan\ne: ~\nf: 2001-01-01\n',
  '? {a: 1}\n: b\n',
  'a: |2-\n   x\nb: >+\n  y\n\n',
  '- - - - - []\n',
  'a: 1\na: 2\n',
  '---\na\n---\nb\n',
  '"a": "\\x41\\u0041\\U0001F600"\n',
];

/** The library takes some ten microseconds for each token, and each input is read twice. */
const YAML_MS = 8000;

/** The value is JSON, and JSON is YAML: written so, it is the same again. */
const yamlConfig: Target = readingTarget('yaml-config', 'lines', {
  slowMs: YAML_MS,
  seeds: () => [YAML, ...YAML_EDGES].map(utf8),
  read: (bytes) => {
    const parsed = readPlainYaml(bytes);
    return parsed.kind === 'rejected' ? parsed : ({ kind: 'accepted', value: parsed.value.value } as Reading<JsonValue>);
  },
  holds: (value) => {
    const again = readPlainYaml(utf8(JSON.stringify(value)));
    // The bounds count what is written, and JSON writes more; else JSON says the same.
    if (again.kind === 'accepted') demandSame(JSON.stringify(again.value.value), JSON.stringify(value), 'the same value in JSON is another');
  },
});

const config: Target = readingTarget<Config>('config', 'lines', {
  slowMs: YAML_MS,
  seeds: () => [YAML, ...YAML_EDGES].map(utf8),
  read: readConfig,
  holds: (value) => demand(JSON.stringify(value) !== undefined, 'the settings cannot be written'),
});

const TOML = `[project]
name = "x"
[tool.trainlock]
version = 1
outputs = ["model.joblib"]
[[tool.trainlock.data]]
name = "train"
path = "data/*.csv"
role = "train"
[[tool.trainlock.metrics]]
name = "accuracy"
direction = "higher"
tolerance = 0.001
`;

const pyproject: Target = {
  name: 'pyproject',
  grammar: 'lines',
  seeds: () =>
    [
      TOML,
      '[tool]\ntrainlock = 1979-05-27T07:32:00Z\n',
      '[tool.trainlock]\na.b.c = 1_000\nd = 0xff\ne = inf\nf = """\nx"""\n',
      'tool.trainlock.__proto__.x = 1\n',
      `tool.trainlock.${'a.'.repeat(30_000)}b = 1\n`,
    ].map(utf8),
  run: (bytes) => {
    const parsed = checkReading((one) => {
      const reading = parsePyproject(one);
      return reading.kind === 'rejected' ? reading : ({ kind: 'accepted', value: reading.value?.value } as Reading<JsonValue | undefined>);
    }, bytes);
    return `${checkReading(readPyproject, bytes)} ${parsed}`;
  },
};

const yaml: Target = readingTarget('yaml', 'lines', {
  slowMs: YAML_MS,
  seeds: () => ['outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 12\n  path: data.csv\nwdir: ..\n', ...YAML_EDGES].map(utf8),
  read: readYaml,
});

const BOUNDS = { maxBytes: 65_536, maxDepth: 16, maxParts: 5000 };

const yamlNodes: Target = {
  name: 'yaml-nodes',
  grammar: 'lines',
  seeds: () => [YAML, ...YAML_EDGES].map(utf8),
  run: (bytes) => {
    const [core, failsafe] = [composeYaml(bytes, 'core', BOUNDS), composeYaml(bytes, 'failsafe', BOUNDS)];
    return [core, failsafe].map((one) => (one.kind === 'accepted' ? 'accepted' : kindOfMessage(one.problems[0]!.message))).join(' ');
  },
};

const STATEMENTS = () => {
  const run = fixedRun();
  const model = valueOf(
    modelStatement(
      {
        name: 'model',
        files: [
          { path: 'a.bin', sha256: 'a'.repeat(64) },
          { path: 'b/c.bin', sha256: 'b'.repeat(64) },
        ],
        ignorePaths: ['x'],
      },
      nodeCrypto,
    ),
  ).payload;
  return [statementBytes(), slsaProvenance(run, nodeCrypto).payload, ...(testResult(run, nodeCrypto) === undefined ? [] : [testResult(run, nodeCrypto)!.payload]), model];
};

const anyStatement: Target = {
  name: 'any-statement',
  grammar: 'json',
  seeds: STATEMENTS,
  foreign: () => foreignFiles('model-signing', 'test-vectors', /payload.*\.json$|statement.*\.json$/, 20),
  run: (bytes) => {
    const reading = twice((one) => readAnyStatement(one), bytes);
    const agreement = twice((one) => agreeWithManifest(one, RUN, nodeCrypto), bytes);
    demand(reading.kind === 'accepted' || agreement.kind === 'not-ours', 'a statement that cannot be read agrees or differs');
    if (reading.kind === 'accepted') {
      const as = readAnyStatement(bytes, reading.value.kind);
      demandSame(as, reading, 'asked for by its kind, a statement is another');
    }
    return `${reading.kind === 'accepted' ? reading.value.kind : `${reading.refusal} ${kindOfMessage(reading.because)}`} ${agreement.kind}`;
  },
};

const RUN = fixedRun();

const modelSigning: Target = {
  name: 'model-statement',
  grammar: 'json',
  seeds: STATEMENTS,
  foreign: () => foreignFiles('model-signing', 'test-vectors', /\.json$/, 20),
  run: (bytes) => {
    const reading = twice((one) => readModelStatement(one, nodeCrypto), bytes);
    if (reading.kind === 'refused') return `${reading.refusal} ${kindOfMessage(reading.because)}`;
    const names = reading.value.files.map(({ path }) => path);
    demand(new Set(names).size === names.length, 'a file is listed twice');
    demand(names.length === 1 || names.every((name) => problemOfModelName(name) === undefined), 'a name that must not be is accepted');
    return 'accepted';
  },
};

const names: Target = {
  name: 'model-names',
  grammar: 'bytes',
  seeds: () => ['a/b.bin', '../a', 'C:\\x', '.', 'a//b', 'a/./b', '/etc/passwd', 'a\u0000b'].map(utf8),
  run: (bytes) => {
    const text = anyText(bytes);
    const problem = problemOfModelName(text);
    if (problem === undefined)
      demand(
        text.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !text.includes('\0') && !text.includes('\\'),
        'a name that leads elsewhere is accepted',
      );
    const json = readJson(bytes);
    const shown = shownText(json.kind === 'accepted' ? json.value : text);
    demand(shown.length <= 1200 && !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(shown), 'a text is shown as it is');
    return kindOfMessage(problem ?? 'fits');
  },
};

export const DOCUMENTS: readonly Target[] = [
  manifest,
  statement,
  document,
  lines,
  snapshot,
  erasure,
  delivery,
  yamlConfig,
  config,
  pyproject,
  yaml,
  yamlNodes,
  anyStatement,
  modelSigning,
  names,
];
