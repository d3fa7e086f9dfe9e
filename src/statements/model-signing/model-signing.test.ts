import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, fromUtf8, toHex, utf8 } from '#base';
import { digestOf, edited } from '../../../test/fixtures/training-manifest.ts';
import { testCrypto } from '../../../test/fixtures/training-run.ts';
import { compareModel } from './compare-model.ts';
import { hintForModelSigning } from './hint-for-model-signing.ts';
import { modelRoot } from './model-root.ts';
import { type ModelFile, type ModelFiles, modelStatement } from './model-statement.ts';
import { problemOfModelName } from './problem-of-model-name.ts';
import { type ModelStatement, readModelStatement } from './read-model-statement.ts';

const file = (path: string, content: string = path): ModelFile => ({ path, sha256: digestOf(content) });

type Document = {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: { readonly resources: readonly { readonly name: string; readonly digest: string }[]; readonly serialization: unknown };
};

const payloadOf = (model: ModelFiles): Uint8Array => {
  const reading = modelStatement(model, testCrypto);
  if (reading.kind === 'rejected') throw new Error(reading.problems[0]!.message);
  return reading.value.payload;
};

const documentOf = (model: ModelFiles): Document => JSON.parse(fromUtf8(payloadOf(model))!) as Document;
const accept = (bytes: Uint8Array): ModelStatement => {
  const reading = readModelStatement(bytes, testCrypto);
  if (reading.kind === 'refused') throw new Error(reading.because);
  return reading.value;
};

const model: ModelFiles = { name: 'digits', files: [file('weights.bin'), file('a/b'), file('a-b'), file('config.json')], ignorePaths: ['model.sig'] };

describe('modelStatement', () => {
  it('lists the files in the order of their bytes, with the rules by which they were found', () => {
    const { subject, predicate } = documentOf(model);
    expect(predicate.resources).toEqual(['a-b', 'a/b', 'config.json', 'weights.bin'].map((name) => ({ name, digest: digestOf(name), algorithm: 'sha256' })));
    expect(predicate.serialization).toEqual({
      method: 'files',
      hash_type: 'sha256',
      allow_symlinks: false,
      ignore_paths: ['.git', '.gitattributes', '.github', '.gitignore', 'model.sig'],
    });
    const root = Buffer.concat(['a-b', 'a/b', 'config.json', 'weights.bin'].map((name) => Buffer.from(digestOf(name), 'hex')));
    expect(subject).toEqual([{ name: 'digits', digest: { sha256: toHex(testCrypto.sha256(root)) } }]);
  });

  it('sorts by code points, where JavaScript sorts by halves of surrogate pairs', () => {
    const names = ['\u{1f600}', '\uff5e', 'z', 'Z', 'é', ''.concat('e', '\u0301')];
    const sorted = documentOf({ name: 'm', files: names.map((name) => file(name)) }).predicate.resources.map(({ name }) => name);
    expect(sorted).toEqual(names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(sorted).not.toEqual(names.toSorted());
  });

  it('leaves ignored files out, and only those', () => {
    const files = ['.git/config', '.gitattributes', 'sub/.gitignore', '.gitmodules', 'cache/x', 'cache2', 'cache'].map((name) => file(name));
    expect(documentOf({ name: 'm', files, ignorePaths: ['cache'] }).predicate.resources.map(({ name }) => name)).toEqual(['.gitmodules', 'cache2', 'sub/.gitignore']);
  });

  it('takes a model that is one file under the name that the reference implementation gives it', () => {
    expect(documentOf({ name: 'model.onnx', files: [file('.')] }).predicate.resources).toEqual([{ name: '.', digest: digestOf('.'), algorithm: 'sha256' }]);
  });

  it.each<[string, Partial<ModelFiles>]>([
    ['no file', { files: [] }],
    ['only ignored files', { files: [file('.git/config')] }],
    ['a name that leads out', { files: [file('../x')] }],
    ['a name that leads out in the middle', { files: [file('a/../../x')] }],
    ['an absolute name', { files: [file('/etc/passwd')] }],
    ['an empty name', { files: [file('')] }],
    ['an empty part', { files: [file('a//b')] }],
    ['a part that is a dot', { files: [file('./a')] }],
    ['a dot beside another file', { files: [file('.'), file('a')] }],
    ['a backslash', { files: [file('a\\b')] }],
    ['a drive', { files: [file('C:x')] }],
    ['a zero byte', { files: [file('a\0b')] }],
    ['a line feed', { files: [file('a\nb')] }],
    ['half of a surrogate pair', { files: [file('a\ud800')] }],
    ['a file that is there twice', { files: [file('a'), file('b'), file('a', 'other')] }],
    ['a digest in capitals', { files: [{ path: 'a', sha256: digestOf('a').toUpperCase() }] }],
    ['a short digest', { files: [{ path: 'a', sha256: 'ab' }] }],
    ['an ignored path that is everything', { ignorePaths: ['.'] }],
    ['an ignored path that leads out', { ignorePaths: ['../x'] }],
    ['a name of the model that is a path', { name: 'a/b' }],
    ['a name of the model that is empty', { name: '' }],
  ])('is not made of %s', (_, change) => {
    expect(modelStatement({ ...model, ...change }, testCrypto)).toMatchObject({ kind: 'rejected' });
  });
});

const name = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
  .filter((path) => problemOfModelName(path) === undefined);
const files = fc.uniqueArray(fc.record({ path: name, sha256: fc.nat().map((at) => digestOf(String(at))) }), { minLength: 1, maxLength: 12, selector: ({ path }) => path });

describe('readModelStatement', () => {
  it('reads what was written, in any order the files came in', () => {
    fc.assert(
      fc.property(files, (list) => {
        const payload = payloadOf({ name: 'm', files: list });
        const reading = accept(payload);
        expect(payloadOf({ name: 'm', files: list.toReversed() })).toEqual(payload);
        expect(new Map(reading.files.map(({ path, sha256 }) => [path, sha256]))).toEqual(new Map(list.map(({ path, sha256 }) => [path, sha256])));
        expect(compareModel(reading, list)).toMatchObject({ kind: 'same', missing: [], otherBytes: [], unlisted: [] });
      }),
    );
  });

  it('gives no root on, which would be taken for an identity', () => {
    expect(Object.keys(accept(payloadOf(model)))).toEqual(['name', 'files', 'ignorePaths', 'followedLinks']);
  });

  it('computes the root in the listed order: the reference implementation sorts a/b before a-b', () => {
    const document = documentOf(model);
    const other = document.predicate.resources.toSorted((a, b) => (a.name === 'a/b' ? -1 : b.name === 'a/b' ? 1 : 0));
    const root = toHex(
      modelRoot(
        other.map(({ digest }) => ({ sha256: digest })),
        testCrypto,
      ),
    );
    expect(root).not.toBe(document.subject[0]!.digest.sha256);
    const bytes = canonicalJson(edited(document, { '/predicate/resources': other, '/subject/0/digest/sha256': root }));
    expect(compareModel(accept(bytes), model.files).kind).toBe('same');
  });

  const document = documentOf(model);
  const changed = (edits: Readonly<Record<string, unknown>>): Uint8Array => utf8(JSON.stringify(edited(document, edits)));
  const withName = (path: string): Uint8Array => changed({ '/predicate/resources/0/name': path });

  it.each([
    ['not-json', 'no JSON', utf8('x')],
    ['predicate-type', 'another predicate', changed({ '/predicateType': 'https://example.com/wrong-predicate/v1.0' })],
    ['predicate-version', 'the predicate of another version', changed({ '/predicateType': 'https://model_signing/signature/v2.0' })],
    ['other-kind', 'provenance', changed({ '/predicateType': 'https://slsa.dev/provenance/v1' })],
    ['subject', 'two subjects', changed({ '/subject': [document.subject[0], document.subject[0]] })],
    ['subject', 'a subject without a name', changed({ '/subject/0/name': undefined })],
    ['unknown-member', 'a further member of the predicate', changed({ '/predicate/extra': 1 })],
    ['serialization', 'no rules', changed({ '/predicate/serialization': undefined })],
    ['method', 'shards', changed({ '/predicate/serialization/method': 'shards' })],
    ['hash', 'blake3', changed({ '/predicate/serialization/hash_type': 'blake3' })],
    ['unknown-member', 'a shard size', changed({ '/predicate/serialization/shard_size': 1 })],
    ['serialization', 'links as text', changed({ '/predicate/serialization/allow_symlinks': 'false' })],
    ['serialization', 'ignored paths as text', changed({ '/predicate/serialization/ignore_paths': 'a' })],
    ['bad-name', 'an ignored path that hides everything', changed({ '/predicate/serialization/ignore_paths': ['.'] })],
    ['bad-name', 'an empty ignored path', changed({ '/predicate/serialization/ignore_paths': [''] })],
    ['bad-name', 'an ignored path that is a number', changed({ '/predicate/serialization/ignore_paths': [1] })],
    ['no-file', 'no list', changed({ '/predicate/resources': undefined })],
    ['no-file', 'an empty list', changed({ '/predicate/resources': [] })],
    ['malformed-resource', 'a file that is text', changed({ '/predicate/resources/0': 'a' })],
    ['malformed-resource', 'a file without a name', changed({ '/predicate/resources/0/name': undefined })],
    ['unknown-member', 'a further member of a file', changed({ '/predicate/resources/0/content': 'x' })],
    ['bad-name', 'a name that leads out', withName('../../etc/passwd')],
    ['bad-name', 'an absolute name', withName('/etc/passwd')],
    ['bad-name', 'a name with a backslash', withName('..\\x')],
    ['bad-name', 'a dot beside other files', withName('.')],
    ['name-twice', 'the same name twice', withName('a/b')],
    ['hash', 'one file with blake2b', changed({ '/predicate/resources/0/algorithm': 'blake2b' })],
    ['malformed-resource', 'a short digest', changed({ '/predicate/resources/0/digest': 'ab' })],
    ['malformed-resource', 'a digest in capitals', changed({ '/predicate/resources/0/digest': digestOf('a-b').toUpperCase() })],
    ['other-root', 'another digest of a file', changed({ '/predicate/resources/0/digest': digestOf('evil') })],
    ['other-root', 'another root', changed({ '/subject/0/digest/sha256': digestOf('evil') })],
    ['other-root', 'files in another order', changed({ '/predicate/resources': document.predicate.resources.toReversed() })],
    ['other-root', 'one file less', changed({ '/predicate/resources': document.predicate.resources.slice(1) })],
  ])('refuses with the word %s: %s', (refusal, _, bytes) => {
    expect(readModelStatement(bytes, testCrypto)).toMatchObject({ kind: 'refused', refusal });
  });
});

describe('compareModel', () => {
  const statement = accept(payloadOf(model));
  const without = (path: string): readonly ModelFile[] => model.files.filter((one) => one.path !== path);

  it.each<[string, readonly ModelFile[], object]>([
    ['the same files in another order', model.files.toReversed(), { kind: 'same', missing: [], otherBytes: [], unlisted: [], ignored: [] }],
    ['a missing file', without('a/b'), { kind: 'different', missing: ['a/b'] }],
    ['other bytes', [...without('a/b'), file('a/b', 'evil')], { kind: 'different', otherBytes: ['a/b'], missing: [], unlisted: [] }],
    ['a file more', [...model.files, file('evil.py')], { kind: 'different', unlisted: ['evil.py'] }],
    ['a name in other letters', [...without('config.json'), file('Config.json', 'config.json')], { kind: 'different', missing: ['config.json'], unlisted: ['Config.json'] }],
    ['the signature itself', [...model.files, file('model.sig')], { kind: 'same', ignored: ['model.sig'] }],
    ['something in a folder that was ignored', [...model.files, file('.git/hooks/evil')], { kind: 'same', ignored: ['.git/hooks/evil'] }],
    ['something beside an ignored path', [...model.files, file('.git2'), file('a/.git/x')], { kind: 'different', unlisted: ['.git2', 'a/.git/x'] }],
    ['nothing', [], { kind: 'different', missing: ['a-b', 'a/b', 'config.json', 'weights.bin'] }],
  ])('tells %s', (_, there, expected) => {
    expect(compareModel(statement, there)).toMatchObject(expected);
  });

  it('notices a rename, which the root does not', () => {
    const renamed = [...without('weights.bin'), file('weirdo.bin', 'weights.bin')];
    const before = documentOf(model).subject[0]!.digest.sha256;
    expect(documentOf({ ...model, files: renamed }).subject[0]!.digest.sha256).toBe(before);
    expect(compareModel(statement, renamed)).toMatchObject({ kind: 'different', missing: ['weights.bin'], unlisted: ['weirdo.bin'] });
    // Two names that change places keep every digest, too.
    const swapped = [...without('a/b').filter(({ path }) => path !== 'a-b'), file('a/b', 'a-b'), file('a-b', 'a/b')];
    expect(compareModel(statement, swapped)).toMatchObject({ kind: 'different', otherBytes: ['a/b', 'a-b'] });
  });
});

describe('hintForModelSigning', () => {
  it('is the digest of the text and not of the key', () => {
    expect(hintForModelSigning('-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n', testCrypto)).toBe(
      toHex(testCrypto.sha256(utf8('-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n'))),
    );
  });
});
