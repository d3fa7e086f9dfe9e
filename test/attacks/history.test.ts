import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { promotionsOf, readHistory, sortHistory } from '#history';
import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import { pemOfPublicKey } from '#seal';
import {
  type Amendment,
  amendmentStatement,
  type Deployment,
  deploymentStatement,
  type Deprecation,
  deprecationStatement,
  PREDICATE_TYPES,
  type Promotion,
  promotionStatement,
  type Remediation,
  remediationStatement,
  type Reversion,
  reversionStatement,
} from '#statements';
import { localTrust, readTrust, type TrustDocument, type TrustStanding } from '#trust';
import { type JudgedHistory, judgeHistory } from '#verify';
import { valueOf } from '../fixtures/log-keys.ts';
import { makeTestKey, trustDocument } from '../fixtures/trust-files.ts';
import { bundleOver, testKey, type TestKey } from './signing-keys.ts';

const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };
const [dee, ben, ci, adam, audrey, sam, rita, stranger] = [testKey(), testKey(), testKey(), testKey(), testKey(), testKey(), testKey(), testKey()];
const TYPES = (['amendment', 'deprecation', 'promotion', 'deployment', 'reversion', 'remediation'] as const).map((kind) => PREDICATE_TYPES[kind]);

const signer = (name: string, key: TestKey, more: Partial<TrustDocument['signers'][number]> = {}, bounds: object = {}): TrustDocument['signers'][number] => ({
  name,
  kind: 'person',
  keys: [{ publicKey: pemOfPublicKey(key.publicKey), ...bounds }],
  roles: ['deployer'],
  statementTypes: TYPES,
  ...more,
});
const document = trustDocument([makeTestKey()], {
  signers: [
    signer('dee', dee),
    signer('ben', ben, { roles: ['approver-data'], statementTypes: [PREDICATE_TYPES.promotion, PREDICATE_TYPES.amendment] }),
    signer('ci', ci, { kind: 'machine' }),
    signer('adam', adam, { roles: ['admin', 'deployer'] }),
    signer('audrey', audrey, { roles: ['auditor'] }),
    signer('sam', sam, { environments: ['staging'] }),
    signer('rita', rita, {}, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'left the team' } }),
  ],
});
const trust: TrustStanding = { kind: 'accepted', trust: valueOf(readTrust(canonicalJson(document), nodeCrypto)) };

const record = { runId: '1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', manifestSha256: 'a'.repeat(64) };
const AT = '2026-11-26T12:00:00.000Z';
const promotion = (more: Partial<Promotion> = {}): Uint8Array =>
  valueOf(promotionStatement({ record, environment: 'production', sharePercent: 100, follows: [], person: 'dee', reason: 'better', promotedAt: AT, ...more }, nodeCrypto)).payload;
const amendment = (more: Partial<Amendment> = {}): Uint8Array =>
  valueOf(
    amendmentStatement(
      { record, supersedes: record.manifestSha256, pointer: '/model/owner', before: 'x', after: 'y', person: 'dee', reason: 'renamed', amendedAt: AT, ...more },
      nodeCrypto,
    ),
  ).payload;
const deprecation = (more: Partial<Deprecation> = {}): Uint8Array =>
  valueOf(deprecationStatement({ of: { kind: 'run', ...record }, from: AT, person: 'dee', reason: 'broken', deprecatedAt: AT, ...more }, nodeCrypto)).payload;
const deployment = (more: Partial<Deployment> = {}): Uint8Array =>
  valueOf(
    deploymentStatement(
      {
        record,
        environment: 'production',
        place: 'web-1',
        modelSha256: 'c'.repeat(64),
        gate: { policySha256: 'd'.repeat(64), factsSha256: 'e'.repeat(64) },
        follows: [],
        person: 'dee',
        reason: 'allowed',
        gatedAt: AT,
        ...more,
      },
      nodeCrypto,
    ),
  ).payload;
const reversion = (more: Partial<Reversion> = {}): Uint8Array =>
  valueOf(reversionStatement({ of: { kind: 'amendment', sha256: 'b'.repeat(64) }, person: 'dee', reason: 'mistake', revertedAt: AT, ...more }, nodeCrypto)).payload;
const action = { kind: 'restore-file', how: 'automatic', findings: [{ id: 'TL2002' }], changes: 'it comes back', risk: 'none', commands: [] } as const;
const plan = { record, environment: 'production', policySha256: 'b'.repeat(64), before: { decision: 'denied', factsSha256: 'c'.repeat(64) }, actions: [action] } as const;
const remediation = (more: Partial<Remediation> = {}): Uint8Array =>
  valueOf(remediationStatement({ phase: 'plan', ...plan, person: 'dee', reason: 'edited by hand', statedAt: AT, ...more }, nodeCrypto)).payload;
const outcome = { state: 'done', because: 'seen' };

const judge = (bytes: Uint8Array, standing: TrustStanding = trust): JudgedHistory =>
  judgeHistory({ signed: { kind: 'bundle', bytes }, trust: standing, authorities: [], own: [dee.publicKey] }, ports);
const said = (judged: JudgedHistory): string => `${judged.kind}: ${judged.because}`;

/** A statement with other members, signed all the same. */
const changed = (payload: Uint8Array, change: (statement: Record<string, JsonValue>) => void): Uint8Array => {
  const statement = JSON.parse(Buffer.from(payload).toString()) as Record<string, JsonValue>;
  change(statement);
  return canonicalJson(statement);
};
const inPredicate = (payload: Uint8Array, members: Record<string, JsonValue>): Uint8Array =>
  changed(payload, (statement) => Object.assign(statement['predicate'] as Record<string, JsonValue>, members));

describe('the life of a record', () => {
  it.each([
    ['promotion', promotion()],
    ['amendment', amendment()],
    ['deprecation', deprecation()],
    ['deployment', deployment()],
    ['reversion', reversion()],
    ['remediation', remediation()],
  ])('has a %s of a person whose key may sign it', (kind, payload) => {
    expect(judge(bundleOver(payload, dee))).toMatchObject({ kind: 'signed', known: 'listed', document: { kind }, by: { person: 'dee', isAdmin: false } });
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    ['A08 a promotion by somebody without the role', () => bundleOver(promotion({ person: 'ben' }), ben), /^refused: .*of ben does not have the role deployer/],
    ['A08 a promotion by a deployer of another environment', () => bundleOver(promotion({ person: 'sam' }), sam), /^refused: .*only for staging, not for production/],
    ['A08 a promotion by a machine', () => bundleOver(promotion({ person: 'ci' }), ci), /^refused: ci is a machine, and only persons say this$/],
    ['A08 a deployment by somebody without the role', () => bundleOver(deployment({ person: 'audrey' }), audrey), /^refused: .*of audrey does not have the role deployer/],
    ['A08 a deployment by a deployer of another environment', () => bundleOver(deployment({ person: 'sam' }), sam), /^refused: .*only for staging, not for production/],
    ['A08 a deployment with a key that was revoked', () => bundleOver(deployment({ person: 'rita' }), rita), /^refused: .*of rita/],
    ['a deployment in the name of a machine', () => bundleOver(deployment({ person: 'ci' }), dee), /^refused: it is signed by dee in the name of ci$/],
    [
      'A14 a deployment of another record than its subject',
      () =>
        bundleOver(
          changed(deployment(), (one) => (one['subject'] = [{ name: 'run/x', digest: { sha256: 'f'.repeat(64) } }])),
          dee,
        ),
      /another record than the one that runs/,
    ],
    [
      'A13 a promotion that says it is a deployment',
      () =>
        bundleOver(
          changed(promotion(), (one) => (one['predicateType'] = PREDICATE_TYPES.deployment)),
          dee,
        ),
      /^refused: the deployment cannot be read/,
    ],
    ['a place that a terminal obeys', () => bundleOver(inPredicate(deployment(), { place: 'web\u001b[2J' }), dee), /\/predicate\/place/],
    ['A08 an amendment by an auditor', () => bundleOver(amendment({ person: 'audrey' }), audrey), /^refused: audrey is an auditor, and auditors write nothing$/],
    ['A08 a deprecation by somebody who may not sign one', () => bundleOver(deprecation({ person: 'ben' }), ben), /^refused: .*of ben may not sign/],
    ['A08 a reversion with a key that was revoked', () => bundleOver(reversion({ person: 'rita' }), rita), /^refused: .*of rita/],
    ['an amendment of a stranger', () => bundleOver(amendment(), stranger), /^unknown: it was signed with a key that is not known here/],
    ['an amendment in the name of somebody else', () => bundleOver(amendment({ person: 'ann' }), dee), /^refused: it is signed by dee in the name of ann$/],
    [
      'A13 an approval in its place',
      () =>
        bundleOver(
          changed(amendment(), (one) => (one['predicateType'] = PREDICATE_TYPES.approval)),
          dee,
        ),
      /tells nothing of the life of a record$/,
    ],
    [
      'A13 an amendment that says it is a promotion',
      () =>
        bundleOver(
          changed(amendment(), (one) => (one['predicateType'] = PREDICATE_TYPES.promotion)),
          dee,
        ),
      /^refused: the promotion cannot be read/,
    ],
    [
      'A14 a promotion of another record than its subject',
      () =>
        bundleOver(
          changed(promotion(), (one) => (one['subject'] = [{ name: 'run/x', digest: { sha256: 'f'.repeat(64) } }])),
          dee,
        ),
      /another record than the one that is promoted/,
    ],
    [
      'A14 a deprecation of another thing than its subject',
      () => bundleOver(inPredicate(deprecation(), { of: { kind: 'package', name: 'numpy', versions: '*' } }), dee),
      /another thing than the one that is deprecated/,
    ],
    [
      'A14 a reversion of something else',
      () => bundleOver(inPredicate(reversion(), { of: { kind: 'deprecation', sha256: 'b'.repeat(64) } }), dee),
      /another statement than the one that is taken back/,
    ],
    [
      'A14 a remediation of another record than its subject',
      () =>
        bundleOver(
          changed(remediation(), (one) => (one['subject'] = [{ name: 'run/x', digest: { sha256: 'f'.repeat(64) } }])),
          dee,
        ),
      /another record than the one whose model is to be let in/,
    ],
    [
      'a plan that says what became of it',
      () => bundleOver(inPredicate(remediation(), { actions: [{ ...action, outcome }] }), dee),
      /\/actions\/0\/outcome is none of this action/,
    ],
    ['a plan that says what the gate said afterwards', () => bundleOver(inPredicate(remediation(), { after: plan.before }), dee), /a plan says nothing of afterwards/],
    ['a plan that carries out a plan', () => bundleOver(inPredicate(remediation(), { plan: 'b'.repeat(64) }), dee), /a plan carries out no plan/],
    [
      'what was done without a plan',
      () => bundleOver(inPredicate(remediation(), { phase: 'applied', actions: [{ ...action, outcome }] }), dee),
      /nobody knows what was to be done/,
    ],
    ['what was done without an outcome', () => bundleOver(inPredicate(remediation(), { phase: 'applied', plan: 'b'.repeat(64) }), dee), /\/actions\/0\/outcome is missing/],
    [
      'an outcome of what only people do',
      () => bundleOver(inPredicate(remediation(), { phase: 'applied', plan: 'b'.repeat(64), actions: [{ ...action, how: 'manual', outcome }] }), dee),
      /is none of this action/,
    ],
    [
      'what was done after a failure',
      () =>
        bundleOver(
          inPredicate(remediation(), {
            phase: 'applied',
            plan: 'b'.repeat(64),
            actions: [
              { ...action, outcome: { ...outcome, state: 'failed' } },
              { ...action, outcome },
            ],
          }),
          dee,
        ),
      /comes after one that failed/,
    ],
    ['a kind of action that nobody knows', () => bundleOver(inPredicate(remediation(), { actions: [{ ...action, kind: 'run' }] }), dee), /\/predicate\/actions\/0\/kind/],
    ['more than everything', () => bundleOver(inPredicate(promotion(), { sharePercent: 101 }), dee), /\/predicate\/sharePercent/],
    ['B04 a reason without end', () => bundleOver(inPredicate(amendment(), { reason: 'x'.repeat(4001) }), dee), /\/predicate\/reason/],
    ['a further member', () => bundleOver(inPredicate(promotion(), { force: true }), dee), /"force" is not known here/],
    ['a place that is no pointer', () => bundleOver(inPredicate(amendment(), { pointer: 'model/owner' }), dee), /\/predicate\/pointer/],
    ['an amendment that changes nothing', () => bundleOver(inPredicate(amendment(), { after: 'x' }), dee), /is what stood there before/],
    ['what it takes back without following it', () => bundleOver(inPredicate(promotion(), { takesBack: 'c'.repeat(64) }), dee), /none of those that it follows/],
    ['promotions out of order', () => bundleOver(inPredicate(promotion(), { follows: ['c'.repeat(64), 'b'.repeat(64)] }), dee), /must be in order/],
    [
      'versions that are none',
      () => bundleOver(inPredicate(deprecation({ of: { kind: 'package', name: 'numpy', versions: '*' } }), { of: { kind: 'package', name: 'numpy', versions: 'all' } }), dee),
      /cannot be read/,
    ],
    ['B12 the same in other letters', () => bundleOver(utf8(JSON.stringify(JSON.parse(Buffer.from(amendment()).toString()), null, 1)), dee), /not in canonical form/],
    ['what is no bundle', () => utf8('{}'), /^refused: the bundle cannot be read/],
  ])('does not have %s', (_, bytes, expected) => {
    expect(said(judge(bytes()))).toMatch(expected);
  });

  it('D09 has a promotion for its own environment only: the name stands in the signed bytes', () => {
    const bytes = bundleOver(promotion({ environment: 'staging' }), dee);
    const bundle = JSON.parse(Buffer.from(bytes).toString()) as { dsseEnvelope: { payload: string } };
    bundle.dsseEnvelope.payload = Buffer.from(promotion({ environment: 'production' })).toString('base64');
    expect(said(judge(utf8(JSON.stringify(bundle))))).toMatch(/^refused: the signature is not of the key/);
    const judged = judge(bytes);
    const counted = sortHistory(judged.kind === 'signed' ? [{ sha256: judged.sha256, ...judged.by, document: judged.document }] : []);
    expect(promotionsOf({ promotions: counted.promotions, isSolo: false }).map(({ environment }) => environment)).toEqual(['staging']);
  });

  it('has a deployment that a machine says: whether a gate was passed it knows as well as a person', () => {
    expect(judge(bundleOver(deployment({ person: 'ci' }), ci))).toMatchObject({ kind: 'signed', known: 'listed', by: { person: 'ci', isPerson: false } });
  });

  it('has a promotion of an admin only where one person does everything', () => {
    const judged = judge(bundleOver(promotion({ person: 'adam' }), adam));
    expect(judged).toMatchObject({ kind: 'signed', by: { isAdmin: true } });
    const counted = sortHistory(judged.kind === 'signed' ? [{ sha256: judged.sha256, ...judged.by, document: judged.document }] : []);
    expect(promotionsOf({ promotions: counted.promotions, isSolo: false })[0]).toMatchObject({ running: [], findings: [{ kind: 'not-counted' }] });
    expect(promotionsOf({ promotions: counted.promotions, isSolo: true })[0]).toMatchObject({ running: [{ sharePercent: 100 }] });
  });

  it('is told by keys of this user alone only where there is no trust file, and as self-attested', () => {
    const own = localTrust([{ keyId: dee.publicKey.keyId, name: 'default', statementTypes: [] }]);
    expect(judge(bundleOver(promotion(), dee), own)).toMatchObject({ kind: 'signed', known: 'self' });
    expect(judge(bundleOver(promotion(), ben), own)).toMatchObject({ kind: 'unknown' });
    const revoked = localTrust([{ keyId: dee.publicKey.keyId, name: 'default', statementTypes: [], revoked: { at: AT, reason: 'stolen' } }]);
    expect(judge(bundleOver(promotion(), dee), revoked)).toMatchObject({ kind: 'refused' });
    expect(judge(bundleOver(promotion(), dee), { kind: 'unpinned', because: 'none of its roots is pinned here' })).toMatchObject({ kind: 'unknown' });
  });

  it('B11 says nothing with control characters, whatever the documents say', () => {
    const judged = judge(bundleOver(amendment({ person: 'd\u001b[31mee' }), dee));
    expect(judged.because).not.toContain('\u001b');
    expect(readHistory('amendment', amendment({ reason: 'a\u001b[2Jb' }), nodeCrypto).kind).toBe('accepted');
  });
});
