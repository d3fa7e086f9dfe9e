import type { FiledApproval } from '../approvals/judged-approvals.ts';

/** What approvals say that a record follows. Nothing of it is believed here: it only says which records are needed to judge. */
export const followedBy = (filed: readonly FiledApproval[], manifestSha256: string): readonly string[] => {
  const named = filed.flatMap(({ judged }) => {
    const change = 'approval' in judged ? judged.approval?.change : undefined;
    return change?.candidate.manifestSha256 === manifestSha256 && change.baseline !== undefined ? [change.baseline.manifestSha256] : [];
  });
  return [...new Set(named)];
};
