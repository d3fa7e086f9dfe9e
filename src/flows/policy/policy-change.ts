import { type ChangeDecision, type GivenApproval, judgeChange, type Policy, POLICY_CHANGE } from '#approval';
import type { FiledApproval } from '../approvals/judged-approvals.ts';
import { withoutUnread } from './decide-change.ts';
import { takingPart } from './who-took-part.ts';

export type PolicyChange = {
  /** The policy that counts until then: it judges its own successor. */
  readonly before: Policy;
  /** Digest of the file of the new one. */
  readonly toSha256: string;
  /** Who took part in making the change: those whom the policy before knows are shut out. */
  readonly actors: readonly string[];
  readonly filed: readonly FiledApproval[];
  readonly now: string;
};

/** Whether a policy may follow another: by the rules of the one before, whatever the new one says. No rule speaks of it: denied. */
export const judgePolicyChange = ({ before, toSha256, actors, filed, now }: PolicyChange): ChangeDecision => {
  const question = { changes: [POLICY_CHANGE], actors: takingPart(before, actors), approvals: approvalsOf(filed), binds: boundTo(before.sha256, toSha256), now };
  return withoutUnread(judgeChange(before, question), filed);
};

const boundTo = (from: string, to: string): string => `policy ${from} ${to}`;

/** How long an approval of a policy counts. Unit: day. The same change can be proposed again after it was taken back. */
const POLICY_APPROVAL_DAYS = 30;

/** When an approval of a policy ends that names no end. What cannot be read as a moment is over. */
export const endOfPolicyApproval = (approvedAt: string): string => {
  const at = Date.parse(approvedAt);
  return Number.isNaN(at) ? new Date(0).toISOString() : new Date(at + POLICY_APPROVAL_DAYS * 86_400_000).toISOString();
};

const approvalsOf = (filed: readonly FiledApproval[]): readonly GivenApproval[] =>
  filed.flatMap(({ judged, withdrawnBecause }) => {
    if (judged.kind !== 'policy-approval') return [];
    const { role, meaning, approvedAt, policyChange, expiresAt = endOfPolicyApproval(approvedAt) } = judged.policyApproval;
    const { person, isPerson, isAdmin } = judged.by;
    return [
      {
        person,
        isPerson,
        isAdmin,
        role,
        isReview: meaning === 'review',
        binds: boundTo(policyChange.fromSha256, policyChange.toSha256),
        isWithdrawn: withdrawnBecause !== undefined,
        expiresAt,
      },
    ];
  });
