import { compareBytes, toHex, utf8 } from '#base';
import { changeAt, judgeChange, lintPolicy, readPolicy, readPolicyTests, runPolicyCase } from '#approval';
import { nodeCrypto } from '#files';
import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import {
  approvalStatement,
  exceptionReviewStatement,
  exceptionStatement,
  policyApprovalStatement,
  readApproval,
  readException,
  readExceptionReview,
  readPolicyApproval,
  readWithdrawal,
  withdrawalStatement,
} from '#statements';
import { judgeApproval, judgeException } from '#verify';
import { readTrust } from '#trust';
import { policyOf, TEAM_POLICY } from '../../fixtures/policies.ts';
import { valueOf } from '../../fixtures/log-keys.ts';
import { bundleBytes, fixedTrust, json } from '../seeds/documents.ts';
import { demand, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';

const POLICY = policyOf();
const CHANGES = ['/data', '/code/files', '/dependencies/distributions', '/evaluation/criteria'].map((path) => changeAt(path)!);
const CASES = `version: 1
cases:
  - name: new data
    changed: [/data/*/contentSha256]
    actors: [ann]
    approvals: [{ person: cleo, role: approver-data, expired: true }]
    expect: undecided
    rules: [data-change, anything]
  - { name: nothing, changed: [], expect: allowed }
`;

/** YAML is read by a library that is not ours. Unit: millisecond. */
const SLOW_MS = 10_000;

const policy: Target = readingTarget('policy', 'lines', {
  slowMs: SLOW_MS,
  seeds: () => [TEAM_POLICY, 'version: 1\nsolo: true\nroles: {approver-model: [ann]}\nrules: [{id: a, why: b, changed: ["**"], require: [{role: approver-model}]}]\n'].map(utf8),
  read: (bytes) => readPolicy(bytes, nodeCrypto),
  holds: (value) => {
    for (const { require, changed } of value.rules) {
      demand(changed.length > 0 && require.length > 0, 'a rule that speaks of nothing, or asks for nothing');
      demand(
        require.every(({ roles, count }) => count >= 1 && roles.length > 0 && roles.every((role) => (value.roles.get(role)?.length ?? 0) > 0)),
        'a requirement that nobody need satisfy',
      );
    }
    lintPolicy(value);
    const question = { actors: ['ann'], binds: 'x', now: '2026-01-01T00:00:00Z' };
    for (const change of CHANGES) {
      demand(judgeChange(value, { ...question, changes: [change], approvals: [] }).kind !== 'allowed', 'a change is allowed that nobody has approved');
      const machines = [...value.machines].map((person) => ({ person, isPerson: true, role: 'approver-model' as const, binds: 'x' }));
      demand(judgeChange(value, { ...question, changes: [change], approvals: machines }).kind !== 'allowed', 'a change is allowed that only machines have approved');
    }
  },
});

const cases: Target = readingTarget('policy-tests', 'lines', {
  slowMs: SLOW_MS,
  seeds: () => [utf8(CASES)],
  read: (bytes) => readPolicyTests(bytes, POLICY),
  holds: ({ cases: all }) => {
    for (const one of all) runPolicyCase(POLICY, one);
  },
});

const APPROVAL = valueOf(
  approvalStatement(
    {
      change: {
        baseline: { runId: 'one', manifestSha256: 'a'.repeat(64) },
        candidate: { runId: 'two', manifestSha256: 'b'.repeat(64) },
        differenceSha256: 'c'.repeat(64),
        policySha256: 'd'.repeat(64),
        environment: 'production',
      },
      role: 'approver-data',
      meaning: 'approval',
      person: 'ben',
      reason: 'looked',
      approvedAt: '2026-11-26T12:00:00.000Z',
      expiresAt: '2027-11-26T12:00:00.000Z',
    },
    nodeCrypto,
  ),
).payload;
const WITHDRAWAL = valueOf(withdrawalStatement({ approvalSha256: 'e'.repeat(64), person: 'ben', reason: 'copied', withdrawnAt: '2026-11-27T12:00:00.000Z' }, nodeCrypto)).payload;

const OF_POLICY = valueOf(
  policyApprovalStatement(
    {
      policyChange: { fromSha256: 'a'.repeat(64), toSha256: 'b'.repeat(64) },
      role: 'approver-model',
      meaning: 'approval',
      person: 'ben',
      reason: 'looked',
      approvedAt: '2026-11-26T12:00:00.000Z',
    },
    nodeCrypto,
  ),
).payload;

const WITHDRAWAL_SHA256 = toHex(nodeCrypto.sha256(WITHDRAWAL));

const approval: Target = readingTarget('approval', 'json', {
  seeds: () => [APPROVAL],
  read: readApproval,
  holds: (value, bytes) =>
    demand(compareBytes(valueOf(approvalStatement(value, nodeCrypto)).payload, bytes) === 0 || !isOfToday(bytes), 'an approval says something else when it is written again'),
});

const ofPolicy: Target = readingTarget('policy-approval', 'json', {
  seeds: () => [OF_POLICY],
  read: readPolicyApproval,
  holds: (value, bytes) =>
    demand(compareBytes(valueOf(policyApprovalStatement(value, nodeCrypto)).payload, bytes) === 0 || !isOfToday(bytes), 'an approval says something else when it is written again'),
});

const withdrawal: Target = readingTarget('withdrawal', 'json', {
  seeds: () => [WITHDRAWAL],
  read: readWithdrawal,
  holds: (value, bytes) =>
    demand(compareBytes(valueOf(withdrawalStatement(value, nodeCrypto)).payload, bytes) === 0 || !isOfToday(bytes), 'a withdrawal says something else when it is written again'),
});

/** A later minor version reads the same and is written as the present one; further digests of the subject are kept by nobody. */
const isOfToday = (bytes: Uint8Array): boolean => {
  const { subject, predicate } = JSON.parse(Buffer.from(bytes).toString()) as { readonly subject: readonly object[]; readonly predicate: { readonly schemaVersion: string } };
  return predicate.schemaVersion === '0.1' && /^\[\{"digest":\{"sha256":"[0-9a-f]{64}"\},"name":"[^"]*"\}\]$/.test(JSON.stringify(subject));
};

const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };
const TRUST = { kind: 'accepted', trust: valueOf(readTrust(json(fixedTrust()), nodeCrypto)) } as const;

/** The key of the seeds may not approve; what it takes back is only what it has signed. */
const judged: Target = {
  name: 'judged-approval',
  grammar: 'json',
  seeds: () => [bundleBytes(APPROVAL), bundleBytes(OF_POLICY), bundleBytes(WITHDRAWAL)],
  run: (bytes) => {
    const answer = judgeApproval({ signed: { kind: 'bundle', bytes }, trust: TRUST, authorities: [] }, PORTS);
    demand(answer.kind !== 'approval' && answer.kind !== 'policy-approval', 'an approval counts of a key that may not approve');
    demand(answer.kind !== 'withdrawal' || answer.sha256 === WITHDRAWAL_SHA256, 'a withdrawal counts that nobody has signed');
    return 'because' in answer ? `${answer.kind} ${kindOfMessage(answer.because)}` : answer.kind;
  },
};

const EXCEPTION = valueOf(
  exceptionStatement(
    {
      finding: { id: 'TL3001', about: 'package numpy' },
      record: { runId: 'one', manifestSha256: 'a'.repeat(64) },
      environment: 'production',
      confirms: 'b'.repeat(64),
      role: 'approver-model',
      person: 'ben',
      reason: 'compared by hand',
      ticket: 'OPS-1',
      compensatingControl: 'the old service runs beside it',
      statedAt: '2026-11-26T12:00:00.000Z',
      expiresAt: '2026-12-26T12:00:00.000Z',
    },
    nodeCrypto,
  ),
).payload;

const BREAK_GLASS = valueOf(
  exceptionStatement(
    {
      finding: { id: 'TL1003' },
      record: { runId: 'one', manifestSha256: 'a'.repeat(64) },
      environment: 'production',
      level: 'break-glass',
      role: 'initiator',
      person: 'ben',
      reason: 'the old model is down',
      statedAt: '2026-11-26T12:00:00.000Z',
      expiresAt: '2026-11-26T16:00:00.000Z',
    },
    nodeCrypto,
  ),
).payload;

const REVIEW = valueOf(
  exceptionReviewStatement(
    {
      record: { runId: 'one', manifestSha256: 'a'.repeat(64) },
      environment: 'production',
      reviews: 'b'.repeat(64),
      outcome: 'justified',
      role: 'approver-model',
      person: 'ben',
      reason: 'nobody could be reached',
      reviewedAt: '2026-11-28T12:00:00.000Z',
    },
    nodeCrypto,
  ),
).payload;

const review: Target = readingTarget('exception-review', 'json', {
  seeds: () => [REVIEW],
  read: readExceptionReview,
  holds: (value, bytes) =>
    demand(compareBytes(valueOf(exceptionReviewStatement(value, nodeCrypto)).payload, bytes) === 0 || !isOfToday(bytes), 'a review says something else when it is written again'),
});

const exception: Target = readingTarget('exception', 'json', {
  seeds: () => [EXCEPTION, BREAK_GLASS],
  read: readException,
  holds: (value, bytes) =>
    demand(compareBytes(valueOf(exceptionStatement(value, nodeCrypto)).payload, bytes) === 0 || !isOfToday(bytes), 'an exception says something else when it is written again'),
});

/** As for approvals. */
const judgedException: Target = {
  name: 'judged-exception',
  grammar: 'json',
  seeds: () => [bundleBytes(EXCEPTION), bundleBytes(REVIEW), bundleBytes(WITHDRAWAL), bundleBytes(APPROVAL)],
  run: (bytes) => {
    const answer = judgeException({ signed: { kind: 'bundle', bytes }, trust: TRUST, authorities: [] }, PORTS);
    demand(answer.kind !== 'exception' && answer.kind !== 'review', 'an exception counts of a key that may make none');
    demand(answer.kind !== 'withdrawal' || answer.sha256 === WITHDRAWAL_SHA256, 'a withdrawal counts that nobody has signed');
    return 'because' in answer ? `${answer.kind} ${kindOfMessage(answer.because)}` : answer.kind;
  },
};

export const POLICIES: readonly Target[] = [policy, cases, approval, ofPolicy, withdrawal, judged, exception, review, judgedException];
