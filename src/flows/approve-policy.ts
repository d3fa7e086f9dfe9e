/** A person approves a change of the policy itself, by the rules of the policy before it. */
import { join } from 'node:path';
import { type ChangeDecision, peopleOf } from '#approval';
import { escapeControl, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { type PolicyApproval, policyApprovalStatement } from '#statements';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { approverOfKey } from './approvals/person-of-key.ts';
import type { SignedApproval } from './approve-run.ts';
import { refuseUnknown } from './policy/decide-change.ts';
import { endOfPolicyApproval, judgePolicyChange } from './policy/policy-change.ts';
import { policyHere } from './policy/policy-file.ts';
import { type DocumentSigner, openDocumentSigner } from './signed-documents/document-signer.ts';
import { fileDocument, type SigningPlace } from './signed-documents/file-document.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type ApprovePolicyOptions = SigningPlace & {
  /** The revision whose policy counts until then. */
  readonly base: string;
  readonly role: PolicyApproval['role'];
  readonly reason: string;
  /** Who took part in making the change. */
  readonly actors: readonly string[];
};

export type PlannedPolicyApproval = {
  readonly person: string;
  readonly fromSha256: string;
  readonly toSha256: string;
  /** As the policy before judges the change now. */
  readonly decision: ChangeDecision;
  readonly sign: () => Promise<SignedApproval>;
};

/** Throws TL1301 and TL1302 for either policy, TL1303 where the approval would not count, TL1701, TL1703, and TL1101 to TL1106 for the key. */
export const planPolicyApproval = async (options: ApprovePolicyOptions): Promise<PlannedPolicyApproval> => {
  const { projectRoot, workingDirectory, env, base, role, actors } = options;
  const now = new Date().toISOString();
  const { policy: before } = await policyHere({ projectRoot, workingDirectory, base });
  const { policy: after } = await policyHere({ projectRoot, workingDirectory });
  if (before.sha256 === after.sha256)
    throw new TrainlockError('TL0001', `the policy is that of ${escapeControl(base)}: there is nothing to approve`, { where: join(projectRoot, '.trainlock', 'policy.yaml') });
  refuseUnknown(actors, peopleOf(before));
  const trust = await standingOf({ projectRoot, workingDirectory, env, now });
  const approver = await openDocumentSigner(options);
  const person = approverOfKey(approver.publicKey.keyId, trust, { role, environment: undefined, isDated: approver.isDated });
  const vain = (because: string): TrainlockError =>
    new TrainlockError('TL1303', `this approval would not count: ${because}`, { fix: `trainlock policy show   # of ${escapeControl(base)}` });
  if (before.roles.get(role)?.includes(person) !== true) throw vain(`the policy of ${escapeControl(base)} does not give ${escapeControl(person)} the role ${role}`);
  if (!before.isSolo && before.roles.get('admin')?.includes(person) === true) throw vain(`${escapeControl(person)} is an admin, and admins neither approve nor deploy`);
  if (!before.isSolo && actors.includes(person)) throw vain(`${escapeControl(person)} took part in making the change`);
  const decision = judgePolicyChange({
    before,
    toSha256: after.sha256,
    actors: actors.length === 0 ? ['nobody'] : actors,
    filed: await filedApprovals(projectRoot, trust, now),
    now,
  });
  if (!decision.rules.some(({ requirements }) => requirements.some(({ roles }) => roles.includes(role))))
    throw vain(decision.rules.length === 0 ? `no rule of the policy of ${escapeControl(base)} speaks of policy` : `no rule asks the role ${role} about the policy`);
  const change = { fromSha256: before.sha256, toSha256: after.sha256 };
  return { person, ...change, decision, sign: () => signPolicy(options, { change, person, approver }) };
};

type Planned = { readonly change: PolicyApproval['policyChange']; readonly person: string; readonly approver: DocumentSigner };

const signPolicy = async (options: ApprovePolicyOptions, { change, person, approver }: Planned): Promise<SignedApproval> => {
  const { role, reason } = options;
  const approvedAt = new Date().toISOString();
  const expiresAt = endOfPolicyApproval(approvedAt);
  const built = policyApprovalStatement({ policyChange: change, role, meaning: 'approval', person, reason, approvedAt, expiresAt }, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no approval: ${built.problems[0]!.pointer} ${built.problems[0]!.message}`, { fix: 'trainlock help policy approve' });
  const event = { kind: 'approval', object: { type: 'policy', id: change.toSha256 }, time: approvedAt } as const;
  return { ...(await fileDocument(built.value, { signer: approver, place: 'approvals', event }, options)), person, expiresAt };
};
