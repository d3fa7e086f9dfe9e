import { describe, expect, it } from 'vitest';
import { toBase64, utf8 } from '#base';
import { migrateManifest } from '#migrate';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { checkDocument } from './check-document.ts';
import { fieldAt, memberNames, schemaPathOf } from './field-dictionary.ts';
import { readManifest } from './read-manifest.ts';
import { readStatement } from './read-statement.ts';

const bytesOf = (value: unknown): Uint8Array => utf8(JSON.stringify(value, null, 1));
const problemsOf = (value: unknown): readonly string[] => {
  const reading = readManifest(bytesOf(value));
  return reading.kind === 'accepted' ? [] : reading.problems.map(({ pointer, message, hint }) => `${pointer}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
};
const changed = (edits: Readonly<Record<string, unknown>>): object => edited(trainingManifest(), edits);

describe('readManifest', () => {
  it('accepts a realistic manifest', () => {
    expect(readManifest(bytesOf(trainingManifest()))).toMatchObject({ kind: 'accepted', unknown: [] });
  });

  it('reports every problem at once, in the order of the text, unknown keys with the nearest known one', () => {
    const broken = changed({
      '/run/comand': ['x'],
      '/run/id': undefined,
      '/parameters/0/source': 'argparser',
      '/parameters/1/name': 'n'.repeat(2000),
      '/run/exit/code': 300,
      '/outputs/1/sha256': 'ABC',
      '/data/0/splits/0/parts/0/cuont': 1,
      '/evaluation/metrics/0/value': 0.97,
      '/randomness/tape': [
        { api: 'random.seed', process: '0', seed: { kind: 'int', value: 5 } },
        { api: 'random.seed', process: '0', seed: { kind: 'intt', value: '5' } },
      ],
    });
    expect(problemsOf(broken)).toEqual([
      '/run: the key id is missing',
      '/run/exit/code: 300 must be at most 255',
      '/run/comand: the key "comand" is not known here (did you mean command?)',
      '/parameters/0/source: "argparser" is not one of argparse, hydra, click, yaml, json, toml, environment, declared, api (did you mean argparse?)',
      '/parameters/1/name: "' + 'n'.repeat(56) + '… has more than 1024 letters',
      '/randomness/tape/0/seed: an object does not have what its kind "int" needs',
      '/randomness/tape/1/seed/kind: "intt" is not one of int, ints, text, bytes, float, absent, withheld (did you mean int?)',
      '/data/0/splits/0/parts/0/cuont: the key "cuont" is not known here (did you mean count?)',
      '/evaluation/metrics/0/value: 0.97 must be text',
      '/outputs/1/sha256: "ABC" does not have the right form (^[0-9a-f]{64}$)',
    ]);
  });

  it('tells the line of each problem', () => {
    const reading = readManifest(utf8('{\n "schemaVersion": "0.1",\n "runn": {},\n "critical": 5\n}'));
    expect(reading.kind === 'rejected' && reading.problems.filter(({ pointer }) => pointer !== '').map(({ pointer, line }) => `${pointer} ${line}`)).toEqual([
      '/runn 3',
      '/critical 4',
    ]);
  });

  it('reads a newer minor version, keeps what it does not know and says where it is', () => {
    const newer = changed({ '/schemaVersion': '1.7', '/run/weather': 'rain', '/data/0/owner': { name: 'x' } });
    expect(readManifest(bytesOf(newer))).toMatchObject({ kind: 'accepted', unknown: ['/data/0/owner', '/run/weather'], value: { run: { weather: 'rain' } } });
  });

  it('still rejects a newer minor version that breaks what is known', () => {
    const newer = changed({ '/schemaVersion': '1.7', '/run/id': 5 });
    expect(readManifest(bytesOf(newer))).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/run/id' }] });
  });

  it.each([
    ['a newer major version', { ...trainingManifest(), schemaVersion: '2.0', anything: true }, '/schemaVersion'],
    ['a critical field that is not known', { ...trainingManifest(), critical: ['/run/id', '/run/quantum'] }, '/critical/1'],
    ['a critical extension', { ...trainingManifest(), critical: ['/extensions/com.example'] }, '/critical/0'],
  ])('does not judge %s', (_, value, pointer) => {
    expect(readManifest(bytesOf(value))).toMatchObject({ kind: 'newer', problems: [{ pointer }] });
  });

  it.each([
    ['more fields than the schema has problems that are listed', Array.from({ length: 1100 }, () => ({ newer: 1 })), 1100],
    ['a field in a choice', [{ seed: { kind: 'int', value: '1', newer: 'x' } }], 1],
  ])('keeps %s, of a newer minor version', (_, changes, count) => {
    const { generators } = trainingManifest().randomness;
    const value = edited(trainingManifest(), { '/schemaVersion': '1.2', '/randomness/generators': changes.map((more) => ({ ...generators[0]!, ...more })) });
    const reading = readManifest(bytesOf(value));
    expect(reading).toMatchObject({ kind: 'accepted' });
    expect(reading.kind === 'accepted' && reading.unknown).toHaveLength(count);
  });

  it('rejects what is wrong in a choice, also of a newer minor version', () => {
    const { generators } = trainingManifest().randomness;
    const seeded = (seed: object) => readManifest(bytesOf(edited(trainingManifest(), { '/schemaVersion': '1.2', '/randomness/generators': [{ ...generators[0]!, seed }] })));
    expect(seeded({ kind: 'int', value: 'x', newer: 'x' })).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/randomness/generators/0/seed' }] });
    expect(seeded({ kind: 'later', value: '1' })).toMatchObject({ kind: 'rejected', problems: [{ pointer: '/randomness/generators/0/seed/kind' }] });
  });

  it('does not judge what a newer minor version adds without end', () => {
    const value = { ...trainingManifest(), schemaVersion: '1.2', ...Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [`k${i}`, 1])) };
    expect(readManifest(bytesOf(value))).toMatchObject({ kind: 'newer', schemaVersion: '1.2' });
  });

  it.each<[string, object, 'newer' | 'accepted', readonly string[]]>([
    ['a field that a newer minor version added', { schemaVersion: '1.2', critical: ['/run/weather'] }, 'newer', ['/critical/0']],
    ['a section of which a newer minor version added a part', { schemaVersion: '1.2', critical: ['/data', '/run'] }, 'newer', ['/critical/1']],
    ['everything, to which a newer minor version added a part', { schemaVersion: '1.2', critical: [''] }, 'newer', ['/critical/0']],
    ['a section that is known', { schemaVersion: '1.2', critical: ['/data'] }, 'accepted', []],
  ])('says of a record in which must be understood %s: it is %s', (_, more, kind, pointers) => {
    const reading = readManifest(bytesOf({ ...changed({ '/run/weather': 'rain' }), ...more }));
    expect(reading.kind).toBe(kind);
    expect(reading.kind === 'newer' ? reading.problems.map(({ pointer }) => pointer) : []).toEqual(pointers);
  });

  it('is undecided of a newer minor version that looks broken and names what this one does not know', () => {
    expect(readManifest(bytesOf(changed({ '/schemaVersion': '1.2', '/run/id': 5, '/critical': ['/run/quantum'] })))).toMatchObject({ kind: 'newer' });
    expect(readManifest(bytesOf(changed({ '/run/id': 5, '/critical': ['/run/quantum'] })))).toMatchObject({ kind: 'rejected' });
  });

  it('stops listing where a hostile document breaks the schema without end', () => {
    const reading = readManifest(bytesOf({ ...trainingManifest(), ...Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1])) }));
    expect(reading.kind === 'rejected' && reading.problems.length).toBeLessThan(1100);
    expect(reading.kind === 'rejected' && reading.problems[0]?.message).toBe('there are more than 1000 problems; the others are not listed');
  });

  it('shows hostile text without control characters and without length', () => {
    const reading = readManifest(bytesOf({ ...trainingManifest(), ['\u001b[2J\u202e']: 1, critical: `\u001b${'x'.repeat(5000)}` }));
    const text = reading.kind === 'rejected' ? reading.problems.map((problem) => problem.message).join('\n') : '';
    expect(text).not.toMatch(/[\u0000-\u0009\u001b\u202e]/);
    expect(text.length).toBeLessThan(1000);
  });
});

const statement = (manifest: unknown = trainingManifest(), more: object = {}): object => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'model.joblib', digest: { sha256: digestOf('model') } }],
  predicateType: 'https://trainlock.dev/training-run/v1',
  predicate: manifest,
  ...more,
});

describe('readStatement', () => {
  it('accepts a statement that carries a manifest', () => {
    expect(readStatement(bytesOf(statement()))).toMatchObject({ kind: 'accepted', value: { subjects: [{ name: 'model.joblib' }], manifest: { schemaVersion: '1.0' } } });
  });

  it.each([
    ['another statement type', { _type: 'https://in-toto.io/Statement/v0.1' }, '/_type'],
    ['another predicate', { predicateType: 'https://slsa.dev/provenance/v1' }, '/predicateType'],
    ['no subject', { subject: [] }, '/subject'],
    ['too many subjects', { subject: Array.from({ length: 1025 }, () => ({ digest: { sha256: digestOf('x') } })) }, '/subject'],
    ['a subject without SHA-256', { subject: [{ name: 'x', digest: { sha512: 'aa' } }] }, '/subject/0/digest'],
    ['an unknown member', { predicateTyp: 'x' }, '/predicateTyp'],
  ])('rejects %s', (_, more, pointer) => {
    const reading = readStatement(bytesOf(statement(trainingManifest(), more)));
    expect(reading.kind === 'rejected' && reading.problems.map((problem) => problem.pointer)).toContain(pointer);
  });

  it('reports problems of the envelope and of the manifest together, with lines of the whole', () => {
    const reading = readStatement(bytesOf(statement({ ...trainingManifest(), critical: 5 }, { extra: 1 })));
    expect(reading.kind === 'rejected' && reading.problems.map(({ pointer, line }) => `${pointer} ${line! > 1}`)).toEqual(['/predicate/critical true', '/extra true']);
  });

  it('does not judge a later predicate version', () => {
    expect(readStatement(bytesOf(statement({}, { predicateType: 'https://trainlock.dev/training-run/v2' })))).toMatchObject({ kind: 'newer', schemaVersion: '2.0' });
  });
});

describe('a record of v0', () => {
  const record = (changes: Readonly<Record<string, unknown>> = {}, drop: readonly string[] = []): Uint8Array => {
    const { value } = migrateManifest(trainingManifest() as never, 1, 0);
    return bytesOf(Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([key]) => !drop.includes(key))));
  };

  it('is shown as it would be written now', () => {
    expect(readManifest(record())).toMatchObject({ kind: 'accepted', writtenAs: { schemaVersion: '0.1' }, value: { schemaVersion: '1.0' } });
  });

  it.each<[string, Readonly<Record<string, unknown>>, object]>([
    ['names a field of v0 that must be understood', { critical: ['/process'] }, { kind: 'accepted', value: { critical: ['/processes'] } }],
    ['names a field that only v0 has', { critical: ['/governance/approvalsRequired', '/lineage/supersedes'] }, { kind: 'accepted' }],
    ['names a field that only v1 has', { critical: ['/processes'] }, { kind: 'newer', schemaVersion: '0.1', problems: [{ pointer: '/critical/0' }] }],
    [
      'has a later field of the name of one of v1',
      { schemaVersion: '0.2', processes: { new: 'thing' } },
      { kind: 'newer', schemaVersion: '0.2', problems: [{ pointer: '/processes', message: expect.stringMatching(/schema 1 has another thing of that name/) }] },
    ],
    ['has a later field', { schemaVersion: '0.2', weather: 'rain' }, { kind: 'accepted', unknown: ['/weather'] }],
    [
      'has so many extensions that no view can hold them',
      { lineage: { deprecations: ['y'] }, extensions: Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`com.example.${at}`, 1])) },
      { kind: 'newer', problems: [{ pointer: '/extensions', message: 'it cannot be shown as schema 1: an object has more than 100 members' }] },
    ],
    ['has a field that v0 does not have', { weather: 'rain' }, { kind: 'rejected', problems: [{ pointer: '/weather' }] }],
    ['says its version in four digits', { schemaVersion: '0.0001' }, { kind: 'accepted', value: { schemaVersion: '1.0' } }],
  ])('that %s', (_, changes, expected) => {
    expect(readManifest(record(changes))).toMatchObject(expected);
  });
});

describe('checkDocument', () => {
  it('takes nothing that a document holds for what its reader found', () => {
    const bare = { ...trainingManifest(), schemaVersion: '1.5', manifest: { x: 1 }, unknown: ['/lie'], writtenAs: { schemaVersion: '0.1' } };
    expect(checkDocument(bytesOf(bare))).toMatchObject({ kind: 'valid', form: 'manifest', manifest: { schemaVersion: '1.5' }, unknown: ['/manifest', '/unknown', '/writtenAs'] });
    expect(checkDocument(bytesOf(bare))).not.toHaveProperty('writtenAs');
    expect(checkDocument(bytesOf({ ...trainingManifest(), schemaVersion: '1.5', manifest: {} }))).toMatchObject({ kind: 'valid', unknown: ['/manifest'] });
  });

  const bundle = (payload: string, more: object = {}): Uint8Array =>
    bytesOf({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {},
      dsseEnvelope: { payloadType: 'application/vnd.in-toto+json', payload, signatures: [], ...more },
    });

  it.each([
    ['a bare manifest', bytesOf(trainingManifest()), { kind: 'valid', form: 'manifest' }],
    ['a statement', bytesOf(statement()), { kind: 'valid', form: 'statement' }],
    ['the payload of a bundle', bundle(toBase64(bytesOf(statement()))), { kind: 'valid', form: 'bundle' }],
    ['a bundle with junk in its payload', bundle('…!!'), { kind: 'invalid', form: 'bundle', problems: [{ pointer: '/dsseEnvelope/payload' }] }],
    ['a bundle of another payload type', bundle('', { payloadType: 'text/plain' }), { kind: 'invalid', form: 'bundle' }],
    ['a list', utf8('[]'), { kind: 'invalid', form: 'unknown', problems: [{ pointer: '', message: expect.stringMatching(/neither a manifest nor a statement nor a bundle/) }] }],
    [
      'a manifest without its version',
      bytesOf(changed({ '/schemaVersion': undefined })),
      { kind: 'invalid', form: 'manifest', problems: [{ pointer: '', message: 'the key schemaVersion is missing' }] },
    ],
    ['truncated text', bytesOf(trainingManifest()).subarray(0, 500), { kind: 'invalid', problems: [{ message: expect.stringMatching(/does not end|too early|expected/) }] }],
    ['a newer major version', bytesOf(statement({ schemaVersion: '3.1' })), { kind: 'newer', schemaVersion: '3.1', problems: [{ pointer: '/predicate/schemaVersion' }] }],
  ])('understands %s', (_, bytes, expected) => {
    expect(checkDocument(bytes)).toMatchObject(expected);
  });
});

describe('the field dictionary', () => {
  it.each([
    ['/data/0/files/3/sha256', '/data/*/files/*/sha256'],
    ['/environment/runtime/OMP_NUM_THREADS', '/environment/runtime/{}'],
    ['', ''],
    ['/run/nothing', undefined],
    ['/data/x', undefined],
  ])('finds the schema path of %s', (pointer, path) => {
    expect(schemaPathOf(pointer)).toBe(path);
  });

  it('knows meaning, class and members', () => {
    expect(fieldAt('/parameters/*/value')).toMatchObject({ class: 'parameter', risk: 'high', swap: true });
    expect(memberNames('/run/exit')).toEqual(['kind', 'code', 'signal', 'reason']);
    expect(memberNames('')).toContain('randomness');
  });
});
