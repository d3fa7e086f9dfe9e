import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, utf8 } from '#base';
import { digestOf, edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { testCrypto, trainingRun } from '../../test/fixtures/training-run.ts';
import { agreeWithManifest } from './agree-with-manifest.ts';
import type { BuiltStatement } from './built-statement.ts';
import { modelStatement } from './model-signing/model-statement.ts';
import { slsaProvenance } from './slsa-provenance.ts';
import { testResult } from './test-result.ts';

const run = trainingRun();
const provenance = slsaProvenance(run, testCrypto);
const result = testResult(run, testCrypto)!;
const valueOf = ({ payload }: BuiltStatement): object => JSON.parse(Buffer.from(payload).toString()) as object;
const changed = (statement: BuiltStatement, edits: Readonly<Record<string, unknown>>): Uint8Array => canonicalJson(edited(valueOf(statement), edits));

describe('agreeWithManifest', () => {
  it.each([
    ['the record itself', run],
    ['its provenance', provenance],
    ['its test result', result],
  ])('agrees with %s', (_, statement) => {
    expect(agreeWithManifest(statement.payload, run, testCrypto)).toEqual({ kind: 'agrees' });
  });

  it.each<[string, Uint8Array, readonly string[]]>([
    ['another subject', changed(provenance, { '/subject/0/digest/sha256': digestOf('evil') }), ['/subject/0/digest/sha256']],
    ['another seed', changed(provenance, { '/predicate/buildDefinition/externalParameters/seeds/0/seed': '8' }), ['/predicate/buildDefinition/externalParameters/seeds/0/seed']],
    [
      'a builder that can be trusted more',
      changed(provenance, { '/predicate/runDetails/builder/id': 'https://trainlock.dev/builder/isolated-runner/v0' }),
      ['/predicate/runDetails/builder/id'],
    ],
    ['a further member', changed(provenance, { '/predicate/buildDefinition/externalParameters/extra': 'x' }), ['/predicate/buildDefinition/externalParameters/extra']],
    ['a dependency left out', changed(provenance, { '/predicate/buildDefinition/resolvedDependencies': [] }), ['/predicate/buildDefinition/resolvedDependencies/0']],
    ['a result that passed', changed(result, { '/predicate/failedTests': ['x'] }), ['/predicate/failedTests/0']],
    ['the same in other bytes', utf8(JSON.stringify(valueOf(provenance), null, 1)), ['']],
  ])('differs where it says %s', (_, bytes, where) => {
    const agreement = agreeWithManifest(bytes, run, testCrypto);
    expect(agreement.kind).toBe('differs');
    expect(agreement.kind === 'differs' && agreement.where.slice(0, 1)).toEqual(where);
  });

  it('lists at most twenty places', () => {
    const agreement = agreeWithManifest(changed(provenance, { '/predicate/buildDefinition/resolvedDependencies': Array.from({ length: 50 }, () => 1) }), run, testCrypto);
    expect(agreement.kind === 'differs' && agreement.where.length).toBe(20);
  });

  it('differs from provenance and result of another run', () => {
    const other = trainingRun({ parameters: [] });
    expect(agreeWithManifest(provenance.payload, other, testCrypto).kind).toBe('differs');
    const worse = trainingRun({ evaluation: { ...trainingManifest().evaluation, metrics: [], verdict: { kind: 'undecided' } } });
    expect(agreeWithManifest(result.payload, worse, testCrypto)).toMatchObject({ kind: 'differs', where: expect.arrayContaining(['/predicate/result']) as unknown });
  });

  it('differs where a result claims criteria that the record does not have', () => {
    const { criteria: _, ...evaluation } = trainingManifest().evaluation;
    expect(agreeWithManifest(result.payload, trainingRun({ evaluation: { ...evaluation, verdict: { kind: 'none' } } }), testCrypto)).toEqual({
      kind: 'differs',
      where: ['/predicate'],
    });
  });

  const model = modelStatement({ name: 'm', files: [{ path: 'a', sha256: digestOf('a') }] }, testCrypto);

  it.each<[string, Uint8Array]>([
    ['no statement', utf8('x')],
    ['provenance of another build system', changed(provenance, { '/predicate/buildDefinition/buildType': 'https://example.org/build/v1' })],
    ['provenance without a build', changed(provenance, { '/predicate/buildDefinition': undefined })],
    ['a test result of another tool', changed(result, { '/predicate/configuration': [{ name: 'pytest.ini', digest: { sha256: digestOf('x') } }] })],
    ['a test result without configuration', changed(result, { '/predicate/configuration': [] })],
    ['a model signature', model.kind === 'accepted' ? model.value.payload : utf8('')],
    ['a statement of an unknown kind', changed(provenance, { '/predicateType': 'https://trainlock.dev/approval/v0' })],
  ])('says that %s is not ours', (_, bytes) => {
    expect(agreeWithManifest(bytes, run, testCrypto)).toMatchObject({ kind: 'not-ours' });
  });

  it('never agrees when one bit is another', () => {
    fc.assert(
      fc.property(fc.nat(provenance.payload.length * 8 - 1), (bit) => {
        const bytes = Uint8Array.from(provenance.payload);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        return agreeWithManifest(bytes, run, testCrypto).kind !== 'agrees';
      }),
    );
  });
});
