import { approversOf, type Policy, type ReviewFacts } from '#approval';
import type { TrustStanding } from '#trust';
import { type FiledApproval, unreadApprovals } from '../approvals/judged-approvals.ts';
import { actorsOf, type ComparedRecord } from '../policy/decide-change.ts';

export type ReviewQuestion = {
  readonly policy: Policy;
  readonly trust: TrustStanding;
  /** Every approval and withdrawal of the project. */
  readonly filed: readonly FiledApproval[];
  /** The environment that is asked about; a review for another one does not count. */
  readonly environment?: string;
  /** What ran, by digest; undefined for a record that is not here. */
  readonly records: ReadonlyMap<string, ComparedRecord | undefined>;
};

/**
 * Signed reviews of runs that count: by a person who may approve by the policy, and took no part in making the run. To which baseline,
 * difference or policy a review was bound says nothing: whoever reviews has looked at the run. What cannot be read may be a withdrawal.
 */
export const reviewsOf = ({ policy, trust, filed, environment, records }: ReviewQuestion): Pick<ReviewFacts, 'reviews' | 'unknown'> => {
  const approvers = approversOf(policy);
  const reviews = filed.flatMap(({ judged, hasExpired, withdrawnBecause }) => {
    if (judged.kind !== 'approval' || judged.approval.meaning !== 'review' || hasExpired || withdrawnBecause !== undefined) return [];
    const { change, role, approvedAt } = judged.approval;
    const { person, isPerson, isAdmin } = judged.by;
    const record = records.get(change.candidate.manifestSha256);
    if (record === undefined || !isPerson || (isAdmin && !policy.isSolo) || approvers.get(person)?.has(role) !== true) return [];
    if (change.environment !== undefined && change.environment !== environment) return [];
    if (!policy.isSolo && actorsOf({ policy, candidate: record, named: [], trust }).actors.includes(person)) return [];
    return [{ person, at: approvedAt }];
  });
  return { reviews, unknown: unreadApprovals(filed).map(({ path, because }) => `${path} may take a review back, and cannot be judged: ${because}`) };
};
