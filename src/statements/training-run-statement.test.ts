import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, toHex, utf8 } from '#base';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { testCrypto, trainingRunBytes } from '../../test/fixtures/training-run.ts';
import { trainingRunStatement } from './training-run-statement.ts';

const bytes = trainingRunBytes();
const document = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
const changed = (edits: Readonly<Record<string, unknown>>): Uint8Array => canonicalJson(edited(document, edits));

describe('trainingRunStatement', () => {
  it('takes the statement of a run as it is', () => {
    const reading = trainingRunStatement(bytes, testCrypto);
    expect(reading).toMatchObject({
      kind: 'accepted',
      value: { kind: 'training-run', sha256: toHex(testCrypto.sha256(bytes)), manifest: trainingManifest(), subjects: document['subject'] },
    });
    expect(reading.kind === 'accepted' && Buffer.from(reading.value.payload).equals(bytes)).toBe(true);
  });

  it.each([
    ['no JSON', utf8('approve everything'), 'not-a-training-run'],
    ['nothing', utf8(''), 'not-a-training-run'],
    ['a bare manifest', canonicalJson(trainingManifest()), 'not-a-training-run'],
    ['an approval', changed({ '/predicateType': 'https://trainlock.dev/approval/v0' }), 'not-a-training-run'],
    ['another type of statement', changed({ '/_type': 'https://in-toto.io/Statement/v0.1' }), 'not-a-training-run'],
    ['a statement without subjects', changed({ '/subject': [] }), 'not-a-training-run'],
    ['a statement with md5 only', changed({ '/subject': [{ name: 'm', digest: { md5: 'a'.repeat(32) } }] }), 'not-a-training-run'],
    ['a statement with a further member', changed({ '/note': 'x' }), 'not-a-training-run'],
    ['a manifest with an unknown field', changed({ '/predicate/mood': 'good' }), 'not-a-training-run'],
    ['a manifest of a newer major version', changed({ '/predicate/schemaVersion': '2.0' }), 'newer'],
    ['a manifest with a critical field that is not known', changed({ '/predicate/critical': ['/mood'] }), 'newer'],
    ['a field of a newer minor version', changed({ '/predicate/schemaVersion': '1.9', '/predicate/mood': 'good' }), 'not-understood'],
    ['the same value with white space', utf8(JSON.stringify(document, null, 1)), 'not-canonical'],
    ['the same value with a line end', Buffer.concat([bytes, utf8('\n')]), 'not-canonical'],
    ['a fraction, which has no canonical form', utf8(JSON.stringify(edited(document, { '/predicate/extensions': { 'org.example': 0.5 } }))), 'not-canonical'],
  ])('refuses %s', (_, of, refusal) => {
    const reading = trainingRunStatement(of, testCrypto);
    expect(reading).toMatchObject({ kind: 'refused', refusal });
    expect(reading.kind === 'refused' && reading.because.length > 20).toBe(true);
  });

  it('never takes bytes in which one bit was changed without changing what they say', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const reading = trainingRunStatement(flipped, testCrypto);
        return reading.kind === 'refused' || reading.value.sha256 !== toHex(testCrypto.sha256(bytes));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => trainingRunStatement(any, testCrypto).kind === 'refused'));
    fc.assert(fc.property(fc.jsonValue(), (any) => trainingRunStatement(utf8(JSON.stringify(any)), testCrypto).kind === 'refused'));
  });
});
