import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import { pemOfPublicKey, readSshKeyLine } from '#seal';
import { type Approval, approvalStatement, type Withdrawal, withdrawalStatement } from '#statements';
import { readTrust, type TrustDocument, type TrustStanding } from '#trust';
import { type JudgedApproval, judgeApproval } from '#verify';
import { valueOf } from '../fixtures/log-keys.ts';
import { makeTestKey, trustDocument } from '../fixtures/trust-files.ts';
import { armorOf, type HardwareKey, type HardwareSignature, makeHardwareKey } from '../harness/hardware-ssh-key.ts';
import { bundleOver, testKey, type TestKey } from './signing-keys.ts';

const APPROVAL_TYPE = 'https://trainlock.dev/approval/v0';
const WITHDRAWAL_TYPE = 'https://trainlock.dev/withdrawal/v0';
const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };
const [ben, cleo, ci, revoked, expired, staging, auditor, stranger] = [testKey(), testKey(), testKey(), testKey(), testKey(), testKey(), testKey(), testKey()];

const signer = (name: string, key: TestKey, more: Partial<TrustDocument['signers'][number]> = {}, bounds: object = {}): TrustDocument['signers'][number] => ({
  name,
  kind: 'person',
  keys: [{ publicKey: pemOfPublicKey(key.publicKey), ...bounds }],
  roles: ['approver-data'],
  statementTypes: [APPROVAL_TYPE, WITHDRAWAL_TYPE],
  ...more,
});
const document = trustDocument([makeTestKey()], {
  signers: [
    { ...signer('ben-laptop', ben), person: 'ben' },
    signer('cleo', cleo),
    signer('ci', ci, { kind: 'machine' }),
    signer('rita', revoked, {}, { revoked: { at: '2026-05-01T00:00:00Z', reason: 'left the team' } }),
    signer('eva', expired, {}, { validUntil: '2026-02-01T00:00:00Z' }),
    signer('sam', staging, { environments: ['staging'] }),
    signer('audrey', auditor, { roles: ['auditor'] }),
  ],
});
const trust: TrustStanding = { kind: 'accepted', trust: valueOf(readTrust(canonicalJson(document), nodeCrypto)) };

const approval = (more: Partial<Approval> = {}): Approval => ({
  change: {
    baseline: { runId: '1f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c01', manifestSha256: 'a'.repeat(64) },
    candidate: { runId: '2f0c7e52-3a44-4b8e-9d52-6f3f1b2a9c02', manifestSha256: 'b'.repeat(64) },
    differenceSha256: 'c'.repeat(64),
    policySha256: 'd'.repeat(64),
  },
  role: 'approver-data',
  meaning: 'approval',
  person: 'ben',
  reason: 'looked at the new rows',
  approvedAt: '2026-11-26T12:00:00.000Z',
  ...more,
});
const payloadOf = (one: Approval): Uint8Array => valueOf(approvalStatement(one, nodeCrypto)).payload;
const withdrawal = (more: Partial<Withdrawal> = {}): Withdrawal => ({
  approvalSha256: 'e'.repeat(64),
  person: 'ben',
  reason: 'copied from the test set',
  withdrawnAt: '2026-11-27T12:00:00.000Z',
  ...more,
});

const judge = (bytes: Uint8Array, standing: TrustStanding = trust): JudgedApproval => judgeApproval({ signed: { kind: 'bundle', bytes }, trust: standing, authorities: [] }, ports);
const said = (judged: JudgedApproval): string => ('because' in judged ? `${judged.kind}: ${judged.because}` : judged.kind);

/** A statement with other members, signed all the same. */
const changed = (one: Approval, change: (statement: Record<string, JsonValue>) => void): Uint8Array => {
  const statement = JSON.parse(Buffer.from(payloadOf(one)).toString()) as Record<string, JsonValue>;
  change(statement);
  return canonicalJson(statement);
};

describe('an approval', () => {
  it('of a person whose key has the role counts', () => {
    expect(judge(bundleOver(payloadOf(approval()), ben))).toMatchObject({ kind: 'approval', by: { person: 'ben', isPerson: true }, approval: { role: 'approver-data' } });
  });

  it.each<[string, () => Uint8Array, RegExp]>([
    ['D09 that somebody made up', () => bundleOver(payloadOf(approval()), stranger), /^unknown: it was signed with a key that is not known here/],
    ['D09 in the name of somebody else', () => bundleOver(payloadOf(approval()), cleo), /^refused: it is signed by cleo in the name of ben$/],
    ['D09 of a key that was revoked', () => bundleOver(payloadOf(approval({ person: 'rita' })), revoked), /^refused: .*of rita/],
    ['D09 of a key that has ended', () => bundleOver(payloadOf(approval({ person: 'eva' })), expired), /^refused: .*of eva/],
    ['of a key without the role', () => bundleOver(payloadOf(approval({ person: 'audrey' })), auditor), /^refused: .*does not have the role approver-data/],
    ['in another role', () => bundleOver(payloadOf(approval({ role: 'approver-model' })), ben), /^refused: .*does not have the role approver-model/],
    [
      'D09 for another environment',
      () => bundleOver(payloadOf(approval({ person: 'sam', change: { ...approval().change, environment: 'production' } })), staging),
      /^refused: .*only for staging/,
    ],
    ['for every environment, of a key for one', () => bundleOver(payloadOf(approval({ person: 'sam' })), staging), /^refused: .*names no environment/],
    [
      'of which a letter was changed',
      () => {
        const bundle = JSON.parse(Buffer.from(bundleOver(payloadOf(approval()), ben)).toString()) as { dsseEnvelope: { payload: string } };
        bundle.dsseEnvelope.payload = Buffer.from(payloadOf(approval({ reason: 'looked at the new rowz' }))).toString('base64');
        return utf8(JSON.stringify(bundle));
      },
      /^refused: the signature is not of the key/,
    ],
    [
      'of another record than its subject',
      () =>
        bundleOver(
          changed(approval(), (one) => (one['subject'] = [{ name: 'x', digest: { sha256: 'f'.repeat(64) } }])),
          ben,
        ),
      /another record than that of the candidate/,
    ],
    [
      'with a further subject',
      () =>
        bundleOver(
          changed(approval(), (one) => (one['subject'] = [...(one['subject'] as JsonValue[]), ...(one['subject'] as JsonValue[])])),
          ben,
        ),
      /there must be one subject/,
    ],
    [
      'with a further member',
      () =>
        bundleOver(
          changed(approval(), (one) => ((one['predicate'] as Record<string, JsonValue>)['scope'] = 'everything')),
          ben,
        ),
      /"scope" is not known here/,
    ],
    [
      'with a role that approves nothing',
      () =>
        bundleOver(
          changed(approval(), (one) => ((one['predicate'] as Record<string, JsonValue>)['role'] = 'admin')),
          ben,
        ),
      /\/predicate\/role/,
    ],
    ['in other letters for the same', () => bundleOver(utf8(JSON.stringify(JSON.parse(Buffer.from(payloadOf(approval())).toString()), null, 1)), ben), /not in canonical form/],
    [
      'that is the record of a run',
      () =>
        bundleOver(
          changed(approval(), (one) => (one['predicateType'] = 'https://trainlock.dev/training-run/v1')),
          ben,
        ),
      /^refused: it is a statement of the kind training-run, and approves nothing$/,
    ],
    ['that is no bundle', () => utf8('{}'), /^refused: the bundle cannot be read/],
  ])('%s does not count', (_, bytes, expected) => {
    expect(said(judge(bytes()))).toMatch(expected);
  });

  it('is not known to count where no roots are pinned', () => {
    const standing: TrustStanding = { kind: 'unpinned', because: 'none of its roots is pinned here' };
    expect(said(judge(bundleOver(payloadOf(approval()), ben), standing))).toBe('unknown: whose approvals count is not known here: none of its roots is pinned here');
  });

  it('of a machine is told as one', () => {
    expect(judge(bundleOver(payloadOf(approval({ person: 'ci' })), ci))).toMatchObject({ kind: 'approval', by: { person: 'ci', isPerson: false } });
  });

  it('cannot be built that goes from a run to itself, or says more than the schema', () => {
    const { change } = approval();
    expect(approvalStatement(approval({ change: { ...change, baseline: change.candidate } }), nodeCrypto)).toMatchObject({
      kind: 'rejected',
      problems: [{ message: 'goes from a run to itself' }],
    });
    expect(approvalStatement({ ...approval(), reason: '' }, nodeCrypto).kind).toBe('rejected');
  });
});

describe('an approval that SSH has signed', () => {
  const hardware = makeHardwareKey('ed25519');
  const key = valueOf(readSshKeyLine(hardware.publicLine, nodeCrypto)).publicKey;
  const listed = trustDocument([makeTestKey()], { signers: [{ ...signer('ben', ben), keys: [{ publicKey: pemOfPublicKey(key) }] }] });
  const standing: TrustStanding = { kind: 'accepted', trust: valueOf(readTrust(canonicalJson(listed), nodeCrypto)) };
  const statement = payloadOf(approval());
  const judgeSsh = (what: Partial<HardwareSignature>, by: HardwareKey = hardware, over: Uint8Array = statement): JudgedApproval =>
    judgeApproval(
      {
        signed: { kind: 'ssh', statement: over, signature: armorOf(by.signBlob({ message: statement, namespace: 'trainlock-approval.approval', ...what })) },
        trust: standing,
        authorities: [],
      },
      ports,
    );

  it('with a hardware key that was touched counts', () => {
    expect(judgeSsh({})).toMatchObject({ kind: 'approval', by: { person: 'ben', isPerson: true, keyId: key.keyId } });
  });

  it.each<[string, () => JudgedApproval, RegExp]>([
    ['that nobody touched', () => judgeSsh({ flags: 0 }), /^refused: nobody touched the hardware key$/],
    ['for a withdrawal', () => judgeSsh({ namespace: 'trainlock-approval.withdrawal' }), /^refused: it was made for "trainlock-approval\.withdrawal"/],
    ['for a commit', () => judgeSsh({ namespace: 'git' }), /^refused: it was made for "git"/],
    ['D09 with a key that nobody listed', () => judgeSsh({}, makeHardwareKey('ed25519')), /^unknown: the trust file has no key/],
    ['over other bytes', () => judgeSsh({}, hardware, payloadOf(approval({ reason: 'looked twice' }))), /^refused: it is not of the key/],
    [
      'over the record of a run',
      () =>
        judgeSsh(
          {},
          hardware,
          changed(approval(), (one) => (one['predicateType'] = 'https://trainlock.dev/training-run/v1')),
        ),
      /approves nothing$/,
    ],
  ])('%s does not count', (_, judged, expected) => {
    expect(said(judged())).toMatch(expected);
  });

  it('is not mended by an armour that is none', () => {
    expect(said(judgeApproval({ signed: { kind: 'ssh', statement, signature: '' }, trust: standing, authorities: [] }, ports))).toMatch(
      /^refused: the SSH signature cannot be read/,
    );
  });
});

describe('a withdrawal', () => {
  const bundle = (more: Partial<Withdrawal>, key: TestKey): Uint8Array => bundleOver(valueOf(withdrawalStatement(withdrawal(more), nodeCrypto)).payload, key);

  it('counts also with a key that was revoked or has ended: what takes away is not made harder than what gives', () => {
    expect(judge(bundle({}, ben))).toMatchObject({ kind: 'withdrawal', by: { person: 'ben' }, withdrawal: { approvalSha256: 'e'.repeat(64) } });
    expect(judge(bundle({ person: 'rita' }, revoked))).toMatchObject({ kind: 'withdrawal', by: { person: 'rita' } });
    expect(judge(bundle({ person: 'eva' }, expired))).toMatchObject({ kind: 'withdrawal', by: { person: 'eva' } });
  });

  it('is that of whoever signed it, whatever name it says', () => {
    // Else cleo's signature, laid in the place of ben's, would put ben's withdrawal out of force.
    expect(judge(bundle({ person: 'ben' }, cleo))).toEqual({ kind: 'refused', because: 'it is signed by cleo in the name of ben' });
    expect(said(judge(bundle({}, stranger)))).toMatch(/^unknown: it was signed with a key that is not known here/);
  });
});
