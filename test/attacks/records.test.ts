import { describe, expect, it } from 'vitest';
import { canonicalJson, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature, nodeVerifyWith, signStatement } from '#keys';
import { type Manifest, PREDICATE_TYPE, STATEMENT_TYPE } from '#manifest';
import { readTrustEnvelope, TRUST_PAYLOAD } from '#trust';
import { readAnyStatement, slsaProvenance, trainingRunStatement } from '#statements';
import { type Check, type Evidence, judgeRecord, type Question, type SealEvidence, type Verdict } from '#verify';
import { digestOf, edited, trainingManifest } from '../fixtures/training-manifest.ts';
import { bundleOver, signWith, testKey } from './signing-keys.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
const key = testKey();
const manifest = trainingManifest();
const SUBJECT = { name: '${project}/model.joblib', digest: { sha256: digestOf('model') } };

const statementOf = (predicate: unknown, more: Readonly<Record<string, unknown>> = {}): Uint8Array =>
  canonicalJson({ _type: STATEMENT_TYPE, subject: [SUBJECT], predicateType: PREDICATE_TYPE, predicate, ...more });

const sealOf = (bundle: Uint8Array, more: Partial<SealEvidence> = {}): SealEvidence => ({
  bundles: [{ name: 'statement.sigstore.json', bytes: bundle, isFurther: false }],
  named: [key.publicKey],
  local: [],
  trust: { kind: 'none', because: 'there is no trust file' },
  authorities: [],
  ...more,
});

const NOTHING_ELSE: Question = { model: false, data: false, environment: false, signature: true, time: false, log: false };

const judge = (evidence: Partial<Evidence> & Pick<Evidence, 'document'>, question: Partial<Question> = {}): Verdict =>
  judgeRecord({ ...NOTHING_ELSE, ...question }, { stated: [], files: new Map(), ...evidence }, ports);

const of = (verdict: Verdict, name: Check['name']): string => {
  const found = verdict.checks.filter((check) => check.name === name);
  return found.map(({ outcome, because }) => `${outcome}: ${because}`).join('\n');
};

describe('a statement', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['A05 of another type', () => statementOf(manifest, { _type: 'https://in-toto.io/Statement/v0.1' }), /must be https:\/\/in-toto\.io\/Statement\/v1/],
    ['A05 without a type', () => canonicalJson({ subject: [SUBJECT], predicateType: PREDICATE_TYPE, predicate: manifest }), /the key _type is missing/],
    ['A05 about something else', () => statementOf(manifest, { predicateType: 'https://slsa.dev/provenance/v1' }), /is about something else than a training run/],
    ['A14 without a subject', () => statementOf(manifest, { subject: [] }), /needs at least one subject/],
    ['A14 with too many subjects', () => statementOf(manifest, { subject: Array.from({ length: 1025 }, () => SUBJECT) }), /has 1025 subjects; at most 1024 are allowed/],
    [
      'A14 with a subject that has only sha1',
      () => statementOf(manifest, { subject: [{ name: 'x', digest: { sha1: 'a'.repeat(40) } }] }),
      /needs sha256 in 64 lower-case hexadecimal digits/,
    ],
    [
      'A14 with a digest in capitals',
      () => statementOf(manifest, { subject: [{ name: 'x', digest: { sha256: 'A'.repeat(64) } }] }),
      /needs sha256 in 64 lower-case hexadecimal digits/,
    ],
    [
      'B12 in another order of members, with a good signature',
      () => utf8(JSON.stringify({ predicate: manifest, _type: STATEMENT_TYPE, subject: [SUBJECT], predicateType: PREDICATE_TYPE })),
      /not in canonical form/,
    ],
  ])('%s is refused', (_, make, refusal) => {
    const document = make();
    const verdict = judge({ document, seal: sealOf(bundleOver(document, key)) });
    expect(verdict.kind).toBe('refuted');
    expect(`${of(verdict, 'schema')}\n${of(verdict, 'payload')}`).toMatch(refusal);
  });

  it('A05 of a version that is not known is never half read', () => {
    const document = statementOf(manifest, { predicateType: 'https://trainlock.dev/training-run/v7' });
    const verdict = judge({ document, seal: sealOf(bundleOver(document, key)) });
    expect([verdict.kind, verdict.code]).toEqual(['undecided', 'TL0202']);
  });

  it('A14 with the digest of another file is refused', () => {
    const document = statementOf(manifest, { subject: [{ name: '${project}/model.joblib', digest: { sha256: digestOf('another') } }] });
    expect(of(judge({ document, seal: sealOf(bundleOver(document, key)) }), 'subjects')).toBe(
      'broken: ${project}/model.joblib: the manifest names nothing with this name and digest',
    );
  });

  it('D10 of an earlier run does not vouch for a later model', () => {
    const document = statementOf(manifest);
    const files = new Map([['${project}/model.joblib', { kind: 'hashed', sha256: digestOf('later model') } as const]]);
    const verdict = judge({ document, files, seal: sealOf(bundleOver(document, key)) }, { model: true });
    expect(verdict.kind).toBe('refuted');
    expect(of(verdict, 'model')).toMatch(/^broken: other bytes: /);
  });

  it('D10 in place of the one that the folder and its start name is refused', () => {
    const document = statementOf(manifest);
    const verdict = judge({ document, seal: sealOf(bundleOver(document, key)), stated: [{ by: 'started.json', kind: 'run-id', value: 'ffffffff-0000-4000-8000-000000000000' }] });
    expect([verdict.kind, of(verdict, 'identity')]).toEqual(['refuted', 'broken: started.json states ffffffff-000, but this is 1f0c7e52-3a4']);
  });

  it('D10 of a lower schema version that lacks what it must have is refused', () => {
    const { randomness: _, ...less } = manifest;
    const document = statementOf({ ...less, schemaVersion: '0.0' });
    expect(judge({ document, seal: sealOf(bundleOver(document, key)) }).kind).toBe('refuted');
  });
});

describe('a signature', () => {
  const document = statementOf(manifest);

  it('A11 over other bytes than those that are read is refused', () => {
    const other = statementOf(edited(manifest, { '/run/purpose': 'better' }));
    const verdict = judge({ document, seal: sealOf(bundleOver(other, key)) });
    expect([verdict.kind, of(verdict, 'signature')]).toEqual(['refuted', 'broken: the bundle signs other bytes than those of the statement']);
  });

  it('A13 over a trust file is none over a record, and the other way round', () => {
    expect(TRUST_PAYLOAD).not.toBe('application/vnd.in-toto+json');
    const asTrust = bundleOver(document, key, TRUST_PAYLOAD);
    expect(of(judge({ document, seal: sealOf(asTrust) }), 'signature')).toMatch(/^broken: the signature is not of the key/);
    const envelope = JSON.parse(Buffer.from(bundleOver(document, key)).toString()) as { readonly dsseEnvelope: unknown };
    expect(readTrustEnvelope(utf8(JSON.stringify(envelope.dsseEnvelope))).kind).toBe('rejected');
  });

  it('A13 over a statement of another kind is none over a record', () => {
    const run = trainingRunStatement(document, nodeCrypto);
    if (run.kind === 'refused') throw new Error(run.because);
    const provenance = slsaProvenance(run.value, nodeCrypto).payload;
    expect(readAnyStatement(provenance, 'training-run')).toMatchObject({ kind: 'refused', refusal: 'other-kind' });
    const verdict = judge({ document: provenance, seal: sealOf(bundleOver(provenance, key)) });
    expect([verdict.kind, of(verdict, 'schema')]).toEqual(['refuted', expect.stringContaining('something else than a training run')]);
  });

  it('A13 of a derived statement that says something else than the record is refused', () => {
    const run = trainingRunStatement(document, nodeCrypto);
    const lie = trainingRunStatement(statementOf(edited(manifest, { '/run/purpose': 'better' })), nodeCrypto);
    if (run.kind === 'refused' || lie.kind === 'refused') throw new Error('not built');
    const good = sealOf(bundleOver(document, key)).bundles;
    const further = (payload: Uint8Array) => ({ name: 'slsa-provenance.sigstore.json', bytes: bundleOver(payload, key), isFurther: true });
    expect(of(judge({ document, seal: sealOf(bundleOver(document, key), { bundles: [...good, further(slsaProvenance(run.value, nodeCrypto).payload)] }) }), 'statements')).toBe(
      'held: signed, and what the record says',
    );
    const verdict = judge({ document, seal: sealOf(bundleOver(document, key), { bundles: [...good, further(lie.value.payload)] }) });
    expect([verdict.kind, of(verdict, 'statements')]).toEqual(['refuted', expect.stringMatching(/^broken: it says something else than the record at \/predicate\/run\/purpose/)]);
  });

  it('A06 that was taken away leaves the question open, and never proves anything', () => {
    const verdict = judge({ document, seal: sealOf(bundleOver(document, key), { bundles: [] }) });
    expect([verdict.kind, of(verdict, 'signature'), of(verdict, 'trust')]).toEqual([
      'undecided',
      'unknown: the record is not signed',
      'unknown: without a signature nothing says whose record it is',
    ]);
  });

  it('A07 of a stranger is not taken for one of somebody who counts', () => {
    const stranger = testKey();
    const verdict = judge({ document, seal: sealOf(bundleOver(document, stranger), { beside: stranger.publicKey }) });
    expect([verdict.kind, of(verdict, 'signature'), of(verdict, 'trust')]).toEqual([
      'undecided',
      expect.stringMatching(/^held: by the key/),
      expect.stringMatching(/^unknown: the key [0-9a-f]{12}… signed it, and is none of those that you named$/),
    ]);
  });

  it('of a stranger beside one that counts takes nothing away; one that is broken does', () => {
    const good = { name: 'statement.sigstore.json', bytes: bundleOver(document, key), isFurther: false };
    const strange = { name: 'signed-other.sigstore.json', bytes: bundleOver(document, testKey()), isFurther: true };
    const held = judge({ document, seal: sealOf(good.bytes, { bundles: [good, strange] }) });
    expect([of(held, 'signature').replace(/[0-9a-f]{12}…/, 'KEY'), of(held, 'trust').slice(0, 4)]).toEqual([
      expect.stringMatching(/^held: by the key KEY over these bytes\nnot-asked: it was signed with a key that is not known here/),
      'held',
    ]);
    const broken = { ...strange, bytes: bundleOver(document, key).map((byte, at, all) => (at === all.length - 20 ? byte ^ 1 : byte)) };
    expect(judge({ document, seal: sealOf(good.bytes, { bundles: [good, broken] }) }).kind).toBe('refuted');
  });

  it('D12 of a local key does not count while roots are pinned and their trust file is gone', () => {
    const local = [{ key: key.publicKey, keyId: key.publicKey.keyId, name: 'default', statementTypes: [PREDICATE_TYPE] }];
    const alone = judge({ document, seal: sealOf(bundleOver(document, key), { named: [], local }) });
    expect([alone.kind === 'refuted', of(alone, 'trust')]).toEqual([false, expect.stringMatching(/^held: .*self-attested/)]);
    const pinned = judge({
      document,
      seal: sealOf(bundleOver(document, key), { named: [], local, trust: { kind: 'refused', refusal: 'missing', because: 'there is no trust file' } }),
    });
    expect(of(pinned, 'trust')).toBe('unknown: whose keys count is not known: there is no trust file');
  });

  it('D13 of a key that its owner has revoked does not count without a time', () => {
    const revoked = { at: '2026-11-01T00:00:00Z', reason: 'laptop stolen', compromisedSince: '2026-10-01T00:00:00Z' };
    const local = [{ key: key.publicKey, keyId: key.publicKey.keyId, name: 'default', statementTypes: [PREDICATE_TYPE], revoked }];
    expect(of(judge({ document, seal: sealOf(bundleOver(document, key), { named: [], local }) }), 'trust')).toMatch(
      /^unknown: .* was revoked on 2026-11-01T00:00:00Z \(laptop stolen\), and no time authority or witness dates the signature/,
    );
  });

  it('E04 is made only over statements that trainlock has built', async () => {
    const signer = { publicKey: key.publicKey, place: 'the test', sign: async (message: Uint8Array) => signWith(key, message) };
    const run = trainingRunStatement(document, nodeCrypto);
    if (run.kind === 'refused') throw new Error(run.because);
    await expect(signStatement(signer, run.value, nodeCrypto)).resolves.toMatchObject({ payload: document });
    for (const forged of [{ ...run.value, payload: utf8('anything') }, { payload: utf8('anything') }, JSON.parse(JSON.stringify(run.value)), utf8('anything')])
      await expect(signStatement(signer, forged as never, nodeCrypto)).rejects.toThrow('only statements that trainlock has built itself can be signed');
  });

  it('E04 of a broken token is noticed before it is kept', async () => {
    const run = trainingRunStatement(document, nodeCrypto);
    if (run.kind === 'refused') throw new Error(run.because);
    const broken = { publicKey: key.publicKey, place: 'the broken token', sign: async () => signWith(testKey(), utf8('else')) };
    await expect(signStatement(broken, run.value, nodeCrypto)).rejects.toMatchObject({ code: 'TL1104', message: 'the signature does not fit the public key' });
  });
});

describe('times of a record', () => {
  const at = (times: Partial<Manifest['run']>): string => {
    const document = statementOf({ ...manifest, run: { ...manifest.run, ...times } });
    return of(judge({ document, seal: sealOf(bundleOver(document, key)) }, { time: true }), 'time');
  };

  it('D08 that end before they begin are refused', () => {
    expect(at({ startedAt: '2026-11-24T08:00:00.000Z', finishedAt: '2026-11-24T07:59:59.000Z' })).toBe(
      'broken: the record says that the run ended 2026-11-24T07:59:59.000Z, before it started 2026-11-24T08:00:00.000Z: its clock was set back, or its times are made up',
    );
  });

  it('D08 that nobody proves are said to be unproven', () => {
    expect(at({})).toBe('unknown: no time authority has dated the signature');
  });
});

describe('a verdict', () => {
  it('E06 over nothing proves nothing', () => {
    const verdict = judge({ document: utf8('') }, { signature: false });
    expect(verdict.kind).toBe('refuted');
    expect(judge({ document: statementOf(manifest) }, { signature: true }).kind).not.toBe('proven');
  });
});
