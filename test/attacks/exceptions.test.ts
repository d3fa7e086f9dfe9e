import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '#base';
import { nodeCrypto } from '#files';
import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import { pemOfPublicKey } from '#seal';
import { type Exception, type ExceptionReview, exceptionReviewStatement, exceptionStatement, PREDICATE_TYPES } from '#statements';
import { readTrust, type TrustDocument, type TrustStanding } from '#trust';
import { type JudgedException, judgeException } from '#verify';
import { valueOf } from '../fixtures/log-keys.ts';
import { makeTestKey, trustDocument } from '../fixtures/trust-files.ts';
import { bundleOver, testKey, type TestKey } from './signing-keys.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };
const [ben, cleo, excepting, revoked, staging, stranger] = [testKey(), testKey(), testKey(), testKey(), testKey(), testKey()];
const TYPES = [PREDICATE_TYPES.exception, PREDICATE_TYPES['exception-review'], PREDICATE_TYPES.withdrawal];

const signer = (name: string, key: TestKey, more: Partial<TrustDocument['signers'][number]> = {}, bounds: object = {}): TrustDocument['signers'][number] => ({
  name,
  kind: 'person',
  keys: [{ publicKey: pemOfPublicKey(key.publicKey), ...bounds }],
  roles: ['approver-model'],
  statementTypes: TYPES,
  ...more,
});
const document = trustDocument([makeTestKey()], {
  signers: [
    { ...signer('ben-laptop', ben), person: 'ben' },
    signer('cleo', cleo),
    signer('eve', excepting, { statementTypes: [PREDICATE_TYPES.exception] }),
    signer('rita', revoked, {}, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'left the team' } }),
    signer('sam', staging, { environments: ['staging'] }),
  ],
});
const trust: TrustStanding = { kind: 'accepted', trust: valueOf(readTrust(canonicalJson(document), nodeCrypto)) };

const record = { runId: '1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', manifestSha256: 'a'.repeat(64) };
const glass = (more: Partial<Exception> = {}): Uint8Array =>
  valueOf(
    exceptionStatement(
      {
        finding: { id: 'TL1003' },
        record,
        environment: 'production',
        level: 'break-glass',
        role: 'approver-model',
        person: 'ben',
        reason: 'the old model is down',
        statedAt: '2026-11-26T12:00:00.000Z',
        expiresAt: '2026-11-26T16:00:00.000Z',
        ...more,
      },
      nodeCrypto,
    ),
  ).payload;
const review = (more: Partial<ExceptionReview> = {}): Uint8Array =>
  valueOf(
    exceptionReviewStatement(
      {
        record,
        environment: 'production',
        reviews: 'b'.repeat(64),
        outcome: 'justified',
        role: 'approver-model',
        person: 'ben',
        reason: 'nobody could be reached',
        reviewedAt: '2026-11-28T12:00:00.000Z',
        ...more,
      },
      nodeCrypto,
    ),
  ).payload;

const judge = (bytes: Uint8Array): JudgedException => judgeException({ signed: { kind: 'bundle', bytes }, trust, authorities: [] }, ports);
const said = (judged: JudgedException): string => ('because' in judged ? `${judged.kind}: ${judged.because}` : judged.kind);

/** A statement with other members of its predicate, or another type, signed all the same. */
const changed = (payload: Uint8Array, members: Record<string, JsonValue | undefined>, type?: string): Uint8Array => {
  const statement = JSON.parse(Buffer.from(payload).toString()) as Record<string, JsonValue>;
  const predicate = Object.entries({ ...(statement['predicate'] as Record<string, JsonValue>), ...members }).filter(([, value]) => value !== undefined);
  return canonicalJson({ ...statement, predicate: Object.fromEntries(predicate), ...(type === undefined ? {} : { predicateType: type }) });
};

describe('a break-glass', () => {
  it('and its review are the words of persons whose keys may say them', () => {
    expect(judge(bundleOver(glass(), ben))).toMatchObject({ kind: 'exception', by: { person: 'ben' }, exception: { level: 'break-glass' } });
    expect(judge(bundleOver(review(), ben))).toMatchObject({ kind: 'review', by: { person: 'ben' }, review: { outcome: 'justified' } });
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    ['D09 that somebody made up', () => bundleOver(glass(), stranger), /^unknown: it was signed with a key that is not known here/],
    ['D09 in the name of somebody else', () => bundleOver(glass(), cleo), /^refused: it is signed by cleo in the name of ben$/],
    ['D09 with a key that was revoked', () => bundleOver(glass({ person: 'rita' }), revoked), /^refused: .*of rita/],
    ['D09 in another environment than that of the key', () => bundleOver(glass({ person: 'sam' }), staging), /^refused: .*only for staging/],
    [
      'A13 without its level: missing approvals have no exception',
      () => bundleOver(changed(glass(), { level: undefined }), ben),
      /that approvals are missing only a break-glass excuses/,
    ],
    ['of a level that nobody knows', () => bundleOver(changed(glass(), { level: 'always' }), ben), /\/predicate\/level/],
    ['for a signature that does not count', () => bundleOver(changed(glass(), { finding: { id: 'TL1001' } }), ben), /\/predicate\/finding\/id/],
    ['for other bytes', () => bundleOver(changed(glass(), { finding: { id: 'TL1002' } }), ben), /\/predicate\/finding\/id/],
    ['for a log that was set back', () => bundleOver(changed(glass(), { finding: { id: 'TL1004' } }), ben), /\/predicate\/finding\/id/],
    ['for its own review', () => bundleOver(changed(glass(), { finding: { id: 'TL4002' } }), ben), /\/predicate\/finding\/id/],
    ['A13 a review that says it is a break-glass', () => bundleOver(changed(review(), {}, PREDICATE_TYPES.exception), ben), /^refused: the exception cannot be read/],
    ['A13 a break-glass that says it is a review', () => bundleOver(changed(glass(), {}, PREDICATE_TYPES['exception-review']), ben), /^refused: the review cannot be read/],
    ['A08 a review with a key that may sign none', () => bundleOver(review({ person: 'eve' }), excepting), /^refused: .*of eve may not sign/],
    ['D09 a review in the name of somebody else', () => bundleOver(review({ person: 'cleo' }), ben), /^refused: it is signed by ben in the name of cleo$/],
    ['a review without an outcome', () => bundleOver(changed(review(), { outcome: undefined }), ben), /\/predicate/],
    [
      'A14 a review of another record than its subject',
      () => bundleOver(changed(review(), { record: { ...record, manifestSha256: 'c'.repeat(64) } }), ben),
      /another record than the one that ran/,
    ],
  ])('does not count %s', (_, bytes, expected) => {
    expect(said(judge(bytes()))).toMatch(expected);
  });
});
