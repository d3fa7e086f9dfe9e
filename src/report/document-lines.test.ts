import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, toBase64, utf8 } from '#base';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { documentLines } from './index.ts';

const manifest = trainingManifest();
const statementOf = (predicate: object, predicateType = 'https://trainlock.dev/training-run/v1'): Uint8Array =>
  canonicalJson({ _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'model.joblib', digest: { sha256: '0f'.repeat(32) } }], predicateType, predicate } as never);
const bundleOf = (payload: Uint8Array): Uint8Array =>
  utf8(
    JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      dsseEnvelope: { payload: toBase64(payload), payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AA==' }] },
    }),
  );

describe('documentLines', () => {
  it('says of a package which version it has, whatever holds the record', () => {
    for (const bytes of [canonicalJson(manifest as never), statementOf(manifest), bundleOf(statementOf(manifest))])
      expect(documentLines(bytes)).toContain('dependencies.numpy.version = 1.26.4');
  });

  it('differs in one line when one version differs, wherever its item stands in its list', () => {
    const { distributions } = manifest.dependencies;
    const other = edited(manifest, {
      '/dependencies/distributions': distributions.toReversed().map((one) => (one.name === 'numpy' ? { ...one, version: '2.0.0' } : one)),
    });
    const [before, after] = [documentLines(statementOf(manifest))!, documentLines(statementOf(other))!];
    expect(before.filter((line) => !after.includes(line))).toEqual(['dependencies.numpy.version = 1.26.4']);
    expect(after.filter((line) => !before.includes(line))).toEqual(['dependencies.numpy.version = 2.0.0']);
  });

  it('leaves out how the work went', () => {
    const other = edited(manifest, { '/run/finishedAt': '2026-11-24T09:09:09.000Z', '/processes/0/pid': 4711 });
    expect(documentLines(statementOf(other))).toEqual(documentLines(statementOf(manifest)));
  });

  it('shows other statements of ours, and the signature of a bundle', () => {
    const lines = documentLines(bundleOf(statementOf({ person: 'ben', change: { candidate: { runId: 'x' } }, reason: 'a\u001b[31m, "b"' }, 'https://trainlock.dev/approval/v0')));
    expect(lines).toContain('change.candidate.runId = x');
    expect(lines).toContain('reason = a\\x1b[31m, "b"');
    expect(lines).toContain('bundle.dsseEnvelope.signatures.0.sig = AA==');
    expect(lines).toContain(`statement.subject."model.joblib".digest.sha256 = ${'0f'.repeat(32)}`);
  });

  it.each([
    ['text', 'version: 1\n'],
    ['other JSON', '{"a":1}'],
    ['a list', '[]'],
    ['a statement of others', '{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://example.org/x","subject":[],"predicate":{}}'],
    ['a bundle without a statement', '{"dsseEnvelope":{"payload":"AA=="}}'],
    ['what two edits have left', '{"schemaVersion":"0.1"\n<<<<<<< HEAD\n'],
  ])('is undefined for %s', (_, text) => {
    expect(documentLines(utf8(text))).toBeUndefined();
  });

  it('has one line a fact, without control characters, whatever was recorded', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const statement = { _type: 'https://in-toto.io/Statement/v1', predicateType: 'https://trainlock.dev/approval/v0', predicate: { value } };
        const lines = documentLines(utf8(JSON.stringify(statement)));
        for (const line of lines ?? []) expect(line).toMatch(/^[^\u0000-\u001f\u007f]+ = [^\u0000-\u001f\u007f]*$/);
      }),
    );
  });
});
