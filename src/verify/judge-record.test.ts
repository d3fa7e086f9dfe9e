import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Crypto, toBase64, utf8 } from '#base';
import { fileListOf, treeRootOf } from '#digest';
import { type Manifest, PREDICATE_TYPE, STATEMENT_TYPE } from '#manifest';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { judgeRecord } from './judge-record.ts';
import { objectsOf } from './named-objects.ts';
import type { Check, Evidence, FileEvidence, Question, Verdict } from './verdict.ts';
import { verdictOf } from './verdict-of.ts';

/** Not a hash function: tells inputs apart, which is all that these tests need. */
const crypto: Crypto = {
  sha256: (bytes) => Uint8Array.from({ length: 32 }, (_, i) => bytes.reduce((sum, byte, at) => (sum * 31 + byte + at + i) & 0xff, i + 1)),
  hmacSha256: (_, bytes) => bytes,
};

const manifest = trainingManifest();
const statementOf = (predicate: unknown, subject: unknown = [{ name: '${project}/model.joblib', digest: { sha256: digestOf('model') } }]): Uint8Array =>
  canonicalJson({ _type: STATEMENT_TYPE, subject, predicateType: PREDICATE_TYPE, predicate });
const hashed = (sha256: string): FileEvidence => ({ kind: 'hashed', sha256 });

const evidenceOf = (of: Manifest = manifest, more: Partial<Evidence> = {}): Evidence => ({
  document: statementOf(of),
  view: utf8(JSON.stringify(of, null, 2)),
  stated: [{ by: 'the run folder', kind: 'run-id', value: of.run.id.slice(0, 8) }],
  events: new Map([['0.jsonl', hashed(digestOf('events'))]]),
  logs: new Map(),
  objects: new Map(objectsOf(of).map(({ sha256 }) => [sha256, hashed(sha256)])),
  files: new Map(
    [
      ...of.outputs,
      ...of.code.files,
      ...of.data.flatMap(({ files = [] }) => files),
      ...of.dependencies.interpreters.map(({ executable, sha256 }) => ({ path: executable, sha256 })),
    ].map(({ path, sha256 }) => [path, hashed(sha256 ?? '')]),
  ),
  ...more,
});

const PLAIN: Question = { model: false, data: false, environment: false, signature: false, time: false, log: false };
const ask = (evidence: Evidence, question: Partial<Question> = {}): Verdict =>
  judgeRecord({ ...PLAIN, ...question }, evidence, { crypto, verifySignature: () => false, verifyWith: () => false });
const brief = (check: Check): string => `${check.name}${check.about === undefined ? '' : ` ${check.about}`}: ${check.outcome}`;
const notGood = (verdict: Verdict): readonly string[] => verdict.checks.filter(({ outcome }) => outcome === 'broken' || outcome === 'unknown').map(brief);
const withFile = (path: string, found: FileEvidence): Partial<Evidence> => ({ files: new Map([...evidenceOf().files, [path, found]]) });

describe('judgeRecord', () => {
  it('proves an intact record with unchanged outputs, and lists what was not asked', () => {
    const verdict = ask(evidenceOf());
    expect(notGood(verdict)).toEqual([]);
    expect(verdict).toMatchObject({ kind: 'proven', trust: 'self-attested', run: { name: 'digits-baseline' } });
    expect(verdict.checks.filter(({ outcome }) => outcome === 'not-asked').map(({ name }) => name)).toEqual([
      'logs',
      'model',
      'data',
      'code',
      'environment',
      'signature',
      'trust',
      'time',
      'log',
    ]);
  });

  it.each<[string, Partial<Evidence>, Verdict['kind'], readonly string[]]>([
    ['an output with other bytes', withFile('${project}/model.joblib', hashed(digestOf('x'))), 'refuted', ['outputs ${project}/model.joblib: broken']],
    ['an output that is gone', withFile('${project}/model.joblib', { kind: 'absent' }), 'undecided', ['outputs ${project}/model.joblib: unknown']],
    [
      'an output that cannot be read',
      withFile('${project}/model.joblib', { kind: 'unreadable', because: 'no permission' }),
      'undecided',
      ['outputs ${project}/model.joblib: unknown'],
    ],
    ['an event log with other bytes', { events: new Map([['0.jsonl', hashed(digestOf('x'))]]) }, 'refuted', ['events 0.jsonl: broken']],
    ['an event log that is gone', { events: new Map([['0.jsonl', { kind: 'absent' }]]) }, 'refuted', ['events 0.jsonl: broken']],
    [
      'an object that is gone',
      { objects: new Map([...evidenceOf().objects!, [digestOf('snapshot'), { kind: 'absent' } as const]]) },
      'refuted',
      ['objects list of the code snapshot: broken'],
    ],
    ['a readable view that says something else', { view: utf8(JSON.stringify(edited(manifest, { '/run/purpose': 'better' }))) }, 'refuted', ['view: broken']],
    ['a readable view that is gone', { view: 'absent' }, 'undecided', ['view: unknown']],
    ['a readable view that is no JSON', { view: utf8('{') }, 'refuted', ['view: broken']],
    ['another run in the folder', { stated: [{ by: 'started.json', kind: 'run-id', value: 'ffffffff' }] }, 'refuted', ['identity: broken']],
    ['another digest than stated', { stated: [{ by: 'the index', kind: 'manifest-sha256', value: 'ffffffff' }] }, 'refuted', ['identity: broken']],
    ['a rewritten payload', { document: utf8(JSON.stringify(JSON.parse(new TextDecoder().decode(statementOf(manifest))), null, 1)) }, 'refuted', ['payload: broken']],
    [
      'a payload with floats',
      { document: statementOfText('{"x":0.5}') },
      'refuted',
      ['payload: broken', 'schema: broken', 'identity: unknown', 'view: unknown', 'subjects: unknown', 'events: unknown', 'objects: unknown', 'outputs: unknown'],
    ],
    [
      'a subject that the manifest does not name',
      { document: statementOf(manifest, [{ name: 'other.bin', digest: { sha256: digestOf('other') } }]) },
      'refuted',
      ['subjects: broken'],
    ],
    [
      'bytes that are no record',
      { document: utf8('hello') },
      'refuted',
      ['payload: broken', 'schema: broken', 'identity: unknown', 'view: unknown', 'subjects: unknown', 'events: unknown', 'objects: unknown', 'outputs: unknown'],
    ],
  ])('judges %s', (_, more, kind, checks) => {
    const verdict = ask(evidenceOf(manifest, more));
    expect([verdict.kind, notGood(verdict)]).toEqual([kind, checks]);
  });

  it.each([
    ['a newer major version', { ...manifest, schemaVersion: '2.0' }],
    ['an unknown critical field', { ...manifest, critical: ['/run/quantum'] }],
  ])('gives no verdict about %s', (_, of) => {
    expect(ask(evidenceOf(of as Manifest))).toMatchObject({ kind: 'undecided', code: 'TL0202' });
  });

  it('judges a newer minor version and says what it did not understand', () => {
    expect(ask(evidenceOf({ ...manifest, schemaVersion: '1.9', weather: 'rain' } as Manifest))).toMatchObject({ kind: 'proven', unknownFields: ['/predicate/weather'] });
  });

  it('does not prove a bare manifest: it has no identity', () => {
    const verdict = ask({ document: canonicalJson(manifest), stated: [], files: evidenceOf().files });
    expect([verdict.kind, notGood(verdict)]).toEqual(['undecided', ['payload: unknown']]);
  });

  it('reads the payload of a bundle', () => {
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      dsseEnvelope: { payloadType: 'application/vnd.in-toto+json', payload: toBase64(statementOf(manifest)), signatures: [] },
    };
    expect(ask(evidenceOf(manifest, { document: utf8(JSON.stringify(bundle)) })).kind).toBe('proven');
  });

  it('asks data, model, code and machine only if they are in the question, and unknown then counts', () => {
    const absent = withFile('${python}/site-packages/sklearn/datasets/data/digits.csv.gz', { kind: 'absent' });
    expect(ask(evidenceOf(manifest, absent)).kind).toBe('proven');
    expect(ask(evidenceOf(manifest, absent), { data: true }).kind).toBe('undecided');
    expect(ask(evidenceOf(), { data: true, model: true }).kind).toBe('proven');
    expect(notGood(ask(evidenceOf(), { environment: true }))).toEqual(['environment: unknown']);
  });

  it.each([
    ['no data', { data: true }, { '/data': [] }, 'data: unknown'],
    ['no model', { model: true }, { '/outputs/0/role': 'other' }, 'model: unknown'],
    ['no code', { environment: true }, { '/code/files': [] }, 'code: unknown'],
    ['only data from memory', { data: true }, { '/data/0/origin': { kind: 'memory' } }, 'data: unknown'],
    ['an output without digest', {}, { '/outputs/0/sha256': undefined, '/outputs/0/withheld': 'a secret was found' }, 'outputs ${project}/model.joblib: unknown'],
  ])('never lets an empty set pass: %s', (_, question, edits, open) => {
    const of = edited(manifest, edits);
    const verdict = ask({ ...evidenceOf(of), document: statementOf(of, [{ name: '${project}/metrics.json', digest: { sha256: digestOf('metrics') } }]) }, question);
    expect(verdict.kind).toBe('undecided');
    expect(notGood(verdict)).toContain(open);
  });

  it('compares machine, interpreters and packages of now', () => {
    const now = { environment: manifest.environment, distributions: manifest.dependencies.distributions, unavailable: [] };
    expect(ask(evidenceOf(manifest, { environment: now }), { environment: true }).kind).toBe('proven');
    const other = ask(
      evidenceOf(manifest, {
        environment: {
          ...now,
          environment: { ...manifest.environment, cpu: { model: 'Intel Xeon' }, locale: 'de_DE' },
          distributions: [
            { name: 'numpy', version: '2.0' },
            { name: 'torch', version: '2.4' },
          ],
          unavailable: ['git could not be started'],
        },
      }),
      { environment: true },
    );
    expect(notGood(other)).toEqual([
      'environment CPU model: broken',
      'environment CPU flags: unknown',
      'environment CPUs: unknown',
      'environment locale: broken',
      'environment package numpy: broken',
      'environment package scikit-learn: broken',
      'environment package pip: broken',
      'environment package torch: broken',
      'environment probe: unknown',
    ]);
  });

  it('never throws and never proves bytes that were changed', () => {
    const bytes = statementOf(manifest);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = changed[at]! ^ flip;
        expect(ask(evidenceOf(manifest, { document: changed })).kind).not.toBe('proven');
      }),
      { numRuns: 300 },
    );
  });
});

/** A statement with a predicate that canonicalJson would refuse to write. */
function statementOfText(predicate: string): Uint8Array {
  return utf8(`{"_type":"${STATEMENT_TYPE}","predicate":${predicate},"predicateType":"${PREDICATE_TYPE}","subject":[]}`);
}

describe('verdictOf', () => {
  const check = (outcome: Check['outcome']): Check => ({ name: 'payload', outcome, because: '' });

  it.each<[readonly Check['outcome'][], Verdict['kind']]>([
    [[], 'undecided'],
    [['not-asked', 'not-asked'], 'undecided'],
    [['held', 'not-asked'], 'proven'],
    [['held', 'unknown'], 'undecided'],
    [['unknown', 'broken', 'held'], 'refuted'],
  ])('%j is %s', (outcomes, kind) => {
    expect(verdictOf(outcomes.map(check))).toBe(kind);
  });
});

describe('file lists', () => {
  const list = fileListOf([
    { path: 'train.py', sha256: digestOf('import sklearn'), size: 14 },
    { path: 'conf/base.yaml', sha256: digestOf('base'), size: 4 },
  ]);
  const of = edited(manifest, { '/code/snapshot': { sha256: digestOf('snapshot'), treeRoot: treeRootOf(list, crypto).root, fileCount: 2, totalBytes: 18 } });
  const lists = new Map([[digestOf('snapshot'), list]]);
  const objects = (more: Readonly<Record<string, FileEvidence>> = {}): Partial<Evidence> => ({
    lists,
    objects: new Map([...objectsOf(of, lists).map(({ sha256 }): [string, FileEvidence] => [sha256, hashed(sha256)]), ...Object.entries(more)]),
  });

  it('are read, counted, rooted, and every file of a snapshot must be in the store', () => {
    expect(ask(evidenceOf(of, objects())).kind).toBe('proven');
    expect(notGood(ask(evidenceOf(of, objects({ [digestOf('base')]: { kind: 'absent' } }))))).toEqual(['objects conf/base.yaml: broken']);
  });

  it.each([
    ['another tree root', { '/code/snapshot/treeRoot': digestOf('x') }],
    ['another number of files', { '/code/snapshot/fileCount': 3 }],
  ])('refute %s', (_, edits) => {
    expect(notGood(ask(evidenceOf(edited(of, edits), objects())))).toEqual(['objects list of the code snapshot: broken']);
  });

  it('refute a list that cannot be read', () => {
    expect(notGood(ask(evidenceOf(of, { ...objects(), lists: new Map([[digestOf('snapshot'), utf8('{"path":"../x"}\n')]]) })))).toContain(
      'objects list of the code snapshot: broken',
    );
  });
});
