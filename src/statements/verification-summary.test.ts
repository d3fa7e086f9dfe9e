import { describe, expect, it } from 'vitest';
import { digestOf } from '../../test/fixtures/training-manifest.ts';
import { testCrypto } from '../../test/fixtures/training-run.ts';
import { type VerificationSummary, verificationSummary, type VerifiedLevel } from './verification-summary.ts';

const proven: VerificationSummary = {
  verdict: 'proven',
  levels: ['TRAINLOCK_RECORD_INTACT', 'SLSA_BUILD_LEVEL_1', 'TRAINLOCK_RECORD_INTACT'],
  verifierId: 'https://example.org/trainlock/verify',
  timeVerified: '2026-11-26T10:00:00.000Z',
  resourceUri: 'https://example.org/models/digits',
  policy: { uri: 'https://example.org/policy.yaml', sha256: digestOf('policy') },
  subjects: [{ name: 'model', digest: { sha256: digestOf('model') } }],
  inputAttestations: [{ uri: 'https://example.org/run.sigstore.json', sha256: digestOf('run') }, { sha256: digestOf('test') }],
};

const predicateOf = (summary: VerificationSummary): unknown => {
  const reading = verificationSummary(summary, testCrypto);
  return reading.kind === 'accepted' ? (JSON.parse(Buffer.from(reading.value.payload).toString()) as { readonly predicate: unknown }).predicate : reading;
};

describe('verificationSummary', () => {
  it('says what was proven, with the members of SLSA and no version of the verifier', () => {
    expect(predicateOf(proven)).toEqual({
      verifier: { id: 'https://example.org/trainlock/verify' },
      timeVerified: '2026-11-26T10:00:00.000Z',
      resourceUri: 'https://example.org/models/digits',
      policy: { uri: 'https://example.org/policy.yaml', digest: { sha256: digestOf('policy') } },
      inputAttestations: [{ uri: 'https://example.org/run.sigstore.json', digest: { sha256: digestOf('run') } }, { digest: { sha256: digestOf('test') } }],
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_1', 'TRAINLOCK_RECORD_INTACT'],
    });
  });

  it('of a refuted verdict is failed, whatever else held', () => {
    expect(predicateOf({ ...proven, verdict: 'refuted' })).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
    expect(predicateOf({ ...proven, verdict: 'refuted', levels: [] })).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
  });

  it.each<[string, object, string]>([
    ['an undecided verdict', { verdict: 'undecided' }, '/verdict'],
    ['a verdict that is none', { verdict: 'PASSED' }, '/verdict'],
    ['nothing that was verified', { levels: [] }, '/levels'],
    ['a level that trainlock cannot tell', { levels: ['SLSA_BUILD_LEVEL_3' as VerifiedLevel] }, '/levels'],
    ['a level that is a name of every object', { levels: ['toString' as VerifiedLevel] }, '/levels'],
    ['a verifier without a URI', { verifierId: 'me' }, '/verifierId'],
    ['a time without zone', { timeVerified: '2026-11-26T10:00:00' }, '/timeVerified'],
    ['a resource without a URI', { resourceUri: 'model' }, '/resourceUri'],
    ['a policy without a digest', { policy: { uri: 'https://example.org/p', sha256: '' } }, '/policy'],
    ['no subject', { subjects: [] }, '/subjects'],
    ['too many subjects', { subjects: Array.from({ length: 1025 }, () => proven.subjects[0]!) }, '/subjects'],
    ['a subject with a short digest', { subjects: [{ digest: { sha256: 'ab' } }] }, '/subjects'],
    ['a statement with a short digest', { inputAttestations: [{ sha256: 'ab' }] }, '/inputAttestations'],
  ])('is not made of %s', (_, change, pointer) => {
    expect(verificationSummary({ ...proven, ...change }, testCrypto)).toMatchObject({ kind: 'rejected', problems: [{ pointer }] });
  });
});
