import { describe, expect, it } from 'vitest';
import { canonicalJson, fromUtf8, utf8 } from '#base';
import { PREDICATE_TYPE, STATEMENT_TYPE } from '#manifest';
import { digestOf } from '../../test/fixtures/training-manifest.ts';
import { testCrypto, trainingRun, trainingRunBytes } from '../../test/fixtures/training-run.ts';
import { amendmentStatement } from './amendment.ts';
import { approvalStatement } from './approval.ts';
import { type BuiltStatement, isBuiltStatement } from './built-statement.ts';
import { deprecationStatement } from './deprecation.ts';
import { exceptionStatement } from './exception.ts';
import { exceptionReviewStatement } from './exception-review.ts';
import { modelStatement } from './model-signing/model-statement.ts';
import { policyApprovalStatement } from './policy-approval.ts';
import { PREDICATE_TYPES, type StatementKind } from './predicate-types.ts';
import { deploymentStatement } from './deployment.ts';
import { promotionStatement } from './promotion.ts';
import { readAnyStatement } from './read-any-statement.ts';
import { remediationStatement } from './remediation.ts';
import { reversionStatement } from './reversion.ts';
import { slsaProvenance } from './slsa-provenance.ts';
import { testResult } from './test-result.ts';
import { trainingRunStatement } from './training-run-statement.ts';
import { verificationSummary } from './verification-summary.ts';
import { withdrawalStatement } from './withdrawal.ts';

const run = trainingRun();

const model = modelStatement({ name: 'model', files: [{ path: 'a.bin', sha256: digestOf('a') }] }, testCrypto);
const summary = verificationSummary(
  {
    verdict: 'proven',
    levels: ['TRAINLOCK_RECORD_INTACT'],
    verifierId: 'https://example.org/verifier',
    timeVerified: '2026-11-26T10:00:00Z',
    resourceUri: 'https://example.org/model',
    policy: { uri: 'https://example.org/policy', sha256: digestOf('policy') },
    subjects: run.subjects,
    inputAttestations: [{ sha256: run.sha256 }],
  },
  testCrypto,
);

const approval = approvalStatement(
  {
    change: {
      baseline: { runId: 'one', manifestSha256: digestOf('one') },
      candidate: { runId: 'two', manifestSha256: digestOf('two') },
      differenceSha256: digestOf('difference'),
      policySha256: digestOf('policy'),
    },
    role: 'approver-data',
    meaning: 'approval',
    person: 'ben',
    reason: 'looked at the new rows',
    approvedAt: '2026-11-26T10:00:00Z',
  },
  testCrypto,
);
const ofPolicy = policyApprovalStatement(
  {
    policyChange: { fromSha256: digestOf('policy'), toSha256: digestOf('next') },
    role: 'approver-model',
    meaning: 'approval',
    person: 'ben',
    reason: 'one more person',
    approvedAt: '2026-11-26T10:00:00Z',
  },
  testCrypto,
);
const withdrawal = withdrawalStatement(
  { approvalSha256: digestOf('approval'), person: 'ben', reason: 'copied from the test set', withdrawnAt: '2026-11-27T10:00:00Z' },
  testCrypto,
);

const record = { runId: 'one', manifestSha256: digestOf('one') };
const word = { person: 'ben', reason: 'the team was renamed' };
const at = '2026-11-27T10:00:00.000Z';
const finding = { id: 'TL3001', about: 'package numpy' } as const;
const exception = exceptionStatement(
  { finding, record, environment: 'production', role: 'approver-model', ...word, statedAt: at, expiresAt: '2026-11-28T10:00:00.000Z' },
  testCrypto,
);
const review = exceptionReviewStatement(
  { record, environment: 'production', reviews: digestOf('first'), outcome: 'justified', role: 'approver-model', ...word, reviewedAt: at },
  testCrypto,
);
const amendment = amendmentStatement({ record, supersedes: digestOf('one'), pointer: '/model/owner', before: 'vision', after: 'perception', ...word, amendedAt: at }, testCrypto);
const deprecation = deprecationStatement({ of: { kind: 'package', name: 'numpy', versions: '<2' }, from: at, ...word, deprecatedAt: at }, testCrypto);
const promotion = promotionStatement({ record, environment: 'production', sharePercent: 10, follows: [], ...word, promotedAt: at }, testCrypto);
const deployment = deploymentStatement(
  {
    record,
    environment: 'production',
    place: 'web-1',
    modelSha256: digestOf('model'),
    gate: { policySha256: digestOf('policy'), factsSha256: digestOf('facts') },
    follows: [],
    ...word,
    gatedAt: at,
  },
  testCrypto,
);
const reversion = reversionStatement({ of: { kind: 'amendment', sha256: digestOf('amendment') }, ...word, revertedAt: at }, testCrypto);
const answer = { decision: 'denied', factsSha256: digestOf('facts') } as const;
const remediation = remediationStatement(
  { phase: 'plan', record, environment: 'production', policySha256: digestOf('policy'), before: answer, actions: [], ...word, statedAt: at },
  testCrypto,
);

const everyKind: readonly (readonly [StatementKind, BuiltStatement | undefined])[] = [
  ['training-run', run],
  ['provenance', slsaProvenance(run, testCrypto)],
  ['test-result', testResult(run, testCrypto)],
  ['verification-summary', summary.kind === 'accepted' ? summary.value : undefined],
  ['approval', approval.kind === 'accepted' ? approval.value : undefined],
  ['policy-approval', ofPolicy.kind === 'accepted' ? ofPolicy.value : undefined],
  ['withdrawal', withdrawal.kind === 'accepted' ? withdrawal.value : undefined],
  ['exception', exception.kind === 'accepted' ? exception.value : undefined],
  ['exception-review', review.kind === 'accepted' ? review.value : undefined],
  ['amendment', amendment.kind === 'accepted' ? amendment.value : undefined],
  ['deprecation', deprecation.kind === 'accepted' ? deprecation.value : undefined],
  ['promotion', promotion.kind === 'accepted' ? promotion.value : undefined],
  ['deployment', deployment.kind === 'accepted' ? deployment.value : undefined],
  ['reversion', reversion.kind === 'accepted' ? reversion.value : undefined],
  ['remediation', remediation.kind === 'accepted' ? remediation.value : undefined],
  ['model-signing', model.kind === 'accepted' ? model.value : undefined],
];

describe('a built statement', () => {
  it('is made for every kind of the closed list', () => {
    expect(everyKind.map(([kind]) => kind)).toEqual(Object.keys(PREDICATE_TYPES));
  });

  it.each(everyKind)('of the kind %s may be signed, states its type, and is read by the strict reader as that kind and no other', (kind, statement) => {
    expect(isBuiltStatement(statement, testCrypto)).toBe(true);
    expect(statement).toMatchObject({ kind, predicateType: kind === 'training-run' ? PREDICATE_TYPE : PREDICATE_TYPES[kind] });
    const value: unknown = JSON.parse(fromUtf8(statement!.payload)!);
    expect(Buffer.from(canonicalJson(value)).equals(statement!.payload)).toBe(true);
    expect(readAnyStatement(statement!.payload, kind)).toMatchObject({ kind: 'accepted', value: { kind } });
    const [other] = Object.keys(PREDICATE_TYPES).filter((one) => one !== kind) as StatementKind[];
    expect(readAnyStatement(statement!.payload, other)).toMatchObject({ kind: 'refused', refusal: 'other-kind' });
  });

  const madeUp = canonicalJson({ _type: STATEMENT_TYPE, subject: run.subjects, predicateType: 'https://trainlock.dev/approval/v0', predicate: { decision: 'approve' } });
  const forged: BuiltStatement = { ...run, payload: madeUp };
  // @ts-expect-error an object literal does not have the brand, and nobody outside the file can name it
  const literal: BuiltStatement = { kind: 'training-run', payload: madeUp, predicateType: PREDICATE_TYPES['training-run'], sha256: run.sha256 };

  it.each([
    ['a copy with another payload', forged],
    ['an unchanged copy', { ...run }],
    ['an object with the same members', literal],
    ['a clone', structuredClone(run)],
    ['bytes', run.payload],
    ['nothing', undefined],
    ['null', null],
  ])('is not %s', (_, value) => {
    expect(isBuiltStatement(value, testCrypto)).toBe(false);
  });

  it('is no longer one when somebody wrote into its bytes', () => {
    const statement = slsaProvenance(run, testCrypto);
    statement.payload[10]! ^= 1;
    expect(isBuiltStatement(statement, testCrypto)).toBe(false);
  });

  it('does not share its bytes with whoever handed them in', () => {
    const bytes = trainingRunBytes();
    const reading = trainingRunStatement(bytes, testCrypto);
    bytes.fill(0x20);
    expect(reading.kind === 'accepted' && fromUtf8(reading.value.payload)?.startsWith('{"_type"')).toBe(true);
  });

  it('cannot get other members', () => {
    expect(() => Object.assign(run, { payload: utf8('{}') })).toThrow(TypeError);
  });
});
