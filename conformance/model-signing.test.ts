import { generateKeyPairSync, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { checkSignature, IN_TOTO_PAYLOAD, pemOfPublicKey, preAuthEncoding, readBundle, readPublicKey, writeBundle } from '#seal';
import { compareModel, hintForModelSigning, type ModelFile, modelStatement, readModelStatement } from '#statements';
import { vectorsOf } from './foreign-vectors.ts';

const folder = vectorsOf('model-signing');
const schemaFile = (name: string): object => JSON.parse(readFileSync(join(folder ?? '', 'schemas/v1.0', `${name}.schema.json`), 'utf8')) as object;

/** The official schemas, each as a function that lists what is wrong. */
const schemas = (): ((name: 'bundle' | 'envelope' | 'statement' | 'predicate', value: unknown) => readonly string[]) => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  for (const name of ['predicate', 'statement', 'envelope', 'bundle']) ajv.addSchema(schemaFile(name));
  return (name, value) => {
    const validate = ajv.getSchema(`https://model_signing/${name}/v1.0/schema`) as ValidateFunction;
    return validate(value) === true ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  };
};

const sha256 = (text: string): string => Buffer.from(nodeCrypto.sha256(utf8(text))).toString('hex');
const files: readonly ModelFile[] = ['weights/00001.safetensors', 'weights-old.bin', 'config.json', 'tokenizer/\u{1f917}.json', 'ｚ.txt'].map((path) => ({
  path,
  sha256: sha256(path),
}));

const signedModel = (): { readonly bundle: Uint8Array; readonly statement: Uint8Array; readonly spki: Uint8Array } => {
  const built = modelStatement({ name: 'digits', files, ignorePaths: ['model.sig'] }, nodeCrypto);
  if (built.kind === 'rejected') throw new Error(built.problems[0]!.message);
  const { payload } = built.value;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const hint = hintForModelSigning(pemOfPublicKey({ spki }), nodeCrypto);
  const signature = sign('sha256', preAuthEncoding(IN_TOTO_PAYLOAD, payload), privateKey);
  return { bundle: writeBundle({ payload, signature, signer: { kind: 'key', hint } }), statement: payload, spki };
};

const json = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

describe.skipIf(folder === undefined)('a model signed by trainlock, by the schemas of OpenSSF Model Signing v1.0', () => {
  it('fits the schemas of bundle, envelope, statement and predicate', () => {
    const problems = schemas();
    const { bundle, statement } = signedModel();
    expect(problems('bundle', json(bundle))).toEqual([]);
    expect(problems('envelope', (json(bundle) as { readonly dsseEnvelope: unknown }).dsseEnvelope)).toEqual([]);
    expect(problems('statement', json(statement))).toEqual([]);
    expect(problems('predicate', (json(statement) as { readonly predicate: unknown }).predicate)).toEqual([]);
  });

  it('does not fit them when a part is missing, so that they do check something', () => {
    const problems = schemas();
    const { bundle, statement } = signedModel();
    expect(problems('bundle', { ...(json(bundle) as object), dsseEnvelope: undefined })).not.toEqual([]);
    expect(problems('statement', { ...(json(statement) as object), predicateType: 'https://example.com/x' })).not.toEqual([]);
    expect(problems('predicate', { resources: [{ name: 'a' }], serialization: {} })).not.toEqual([]);
  });

  it('is read back, its signature holds, and the files are the same', () => {
    const { bundle, spki } = signedModel();
    const [read, key] = [readBundle(bundle), readPublicKey(spki, nodeCrypto)];
    if (read.kind === 'rejected' || key.kind === 'rejected' || read.value.content.kind !== 'dsse') throw new Error('not readable');
    expect(checkSignature(read.value, key.value, nodeVerifySignature)).toEqual({ kind: 'held' });
    const statement = readModelStatement(read.value.content.payload, nodeCrypto);
    expect(statement.kind === 'accepted' && compareModel(statement.value, files).kind).toBe('same');
  });

  it('is never accepted by our reader where the schema refuses it', () => {
    const problems = schemas();
    const statement = json(signedModel().statement);
    const places = placesOf(statement);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), fc.boolean(), (place, value, remove) => {
        const changed = withChange(statement, place, remove ? undefined : value);
        const accepted = readModelStatement(utf8(JSON.stringify(changed)), nodeCrypto).kind === 'accepted';
        return !accepted || problems('statement', changed).length === 0;
      }),
      { numRuns: 2000 },
    );
  });
});

type Place = readonly (string | number)[];

const placesOf = (value: unknown, place: Place = []): readonly Place[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, member]) => [[...place, key], ...placesOf(member, [...place, key])]) : [];

const withChange = (document: unknown, place: Place, value: unknown): unknown => {
  const copy = structuredClone(document) as Record<string | number, unknown>;
  const here = place.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => at[key] as Record<string | number, unknown>, copy);
  const last = place.at(-1)!;
  if (value !== undefined) here[last] = value;
  else if (Array.isArray(here)) here.splice(Number(last), 1);
  else delete here[last];
  return copy;
};

type Expected = {
  readonly bundle: 'accepted' | RegExp;
  /** accepted, none, or the word of the refusal. */
  readonly statement: string;
  readonly schema: 'fits' | 'does not fit';
  readonly why: string;
};

/**
 * What each vector of the specification must become here. `bundle`: what readBundle says; `statement`: what readModelStatement says about
 * the payload, read leniently where the bundle itself is refused.
 */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'valid/key.bundle.json': { bundle: 'accepted', statement: 'accepted', schema: 'fits', why: 'a model signed with a key' },
  'valid/sigstore.bundle.json': { bundle: 'accepted', statement: 'accepted', schema: 'fits', why: 'a model signed with a short-lived certificate' },
  'valid/certificate.bundle.json': {
    bundle: /not allowed in version 0\.3/,
    statement: 'accepted',
    schema: 'fits',
    why: 'OMS allows a certificate chain in a bundle v0.3, the Sigstore bundle itself does not, and sigstore-go refuses it; so do we, and say so in docs/reference/statements.md',
  },
  'invalid/empty.bundle.json': { bundle: /ends too early/, statement: 'none', schema: 'does not fit', why: 'no document' },
  'invalid/missing-envelope.bundle.json': { bundle: /neither dsseEnvelope nor messageSignature/, statement: 'none', schema: 'does not fit', why: 'nothing is signed' },
  'invalid/missing-verification-material.bundle.json': { bundle: /verificationMaterial is missing/, statement: 'accepted', schema: 'does not fit', why: 'no signer is named' },
  'invalid/missing-tlog-entries.bundle.json': {
    bundle: 'accepted',
    statement: 'accepted',
    schema: 'does not fit',
    why: 'well-formed as a Sigstore bundle: a private authority may have no public log; whether a certificate needs a log entry is asked by the trust policy, not by the reader',
  },
  'invalid-payload/wrong-predicate.bundle.json': { bundle: 'accepted', statement: 'predicate-type', schema: 'fits', why: 'a good envelope about something else' },
};

describe.skipIf(folder === undefined)('the test vectors of OpenSSF Model Signing v1.0', () => {
  const root = join(folder ?? '', 'test-vectors/v1.0');
  const names = folder === undefined ? [] : readdirSync(root).flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));

  it('are all expected here', () => {
    expect(names.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  it.each(Object.entries(EXPECTED))('%s is judged as expected', (name, { bundle, statement, schema }) => {
    const bytes = readFileSync(join(root, name));
    const reading = readBundle(bytes);
    if (bundle === 'accepted') expect(reading).toMatchObject({ kind: 'accepted', value: { version: '0.3', content: { kind: 'dsse' } } });
    else expect(reading.kind === 'rejected' && reading.problems[0]!.message).toMatch(bundle);
    const payload = lenientPayload(bytes);
    const model = payload === undefined ? undefined : readModelStatement(payload, nodeCrypto);
    expect(model === undefined ? 'none' : model.kind === 'accepted' ? 'accepted' : model.refusal).toBe(statement);
    const fits = bytes.length > 2 && schemas()('bundle', json(bytes)).length === 0;
    expect(fits).toBe(schema === 'fits');
  });

  it('are refused as a whole where they are invalid, except the one that only a trust policy can refuse', () => {
    const passed = Object.keys(EXPECTED).filter((name) => {
      const reading = readBundle(readFileSync(join(root, name)));
      return reading.kind === 'accepted' && reading.value.content.kind === 'dsse' && readModelStatement(reading.value.content.payload, nodeCrypto).kind === 'accepted';
    });
    expect(passed.toSorted()).toEqual(['invalid/missing-tlog-entries.bundle.json', 'valid/key.bundle.json', 'valid/sigstore.bundle.json']);
  });

  it.each(['valid/key.bundle.json', 'valid/sigstore.bundle.json'])('%s lists files that can be compared', (name) => {
    const model = readModelStatement(lenientPayload(readFileSync(join(root, name)))!, nodeCrypto);
    if (model.kind === 'refused') throw new Error(model.because);
    expect(model.value.files.map(({ path }) => path)).toEqual(['signme-1', 'signme-2']);
    expect(model.value.ignorePaths).toContain('ignore-me');
    const there = [...model.value.files, { path: 'ignore-me', sha256: sha256('x') }];
    expect(compareModel(model.value, there)).toMatchObject({ kind: 'same', ignored: ['ignore-me'] });
    expect(compareModel(model.value, [...there, { path: 'other', sha256: sha256('x') }])).toMatchObject({ kind: 'different', unlisted: ['other'] });
  });
});

/** The payload of a bundle as a lenient reader would take it, to see what our strict reader says about it. */
const lenientPayload = (bytes: Uint8Array): Uint8Array | undefined => {
  try {
    const { dsseEnvelope } = json(bytes) as { readonly dsseEnvelope?: { readonly payload: string } };
    return dsseEnvelope === undefined ? undefined : Buffer.from(dsseEnvelope.payload, 'base64');
  } catch {
    return undefined;
  }
};
