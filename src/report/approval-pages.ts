import { countOf } from '#base';
import type { JudgedApproval } from '#verify';
import { bad, faint, good, type Line, open, type Page, paragraph, type Span } from './page.ts';

/** A signed document of the folder of approvals, and what it is worth. */
export type FiledApprovalView = { readonly path: string; readonly judged: JudgedApproval; readonly hasExpired: boolean; readonly withdrawnBecause?: string };

export type ApprovalsView = { readonly filed: readonly FiledApprovalView[] };

/** The approvals of a project, the newest last. */
export const approvalsPage = ({ filed }: ApprovalsView): Page => {
  if (filed.length === 0) return [paragraph('nobody has approved anything')];
  return [paragraph(countOf(filed.length, 'signed document')), { kind: 'list', items: filed.map((one) => ({ line: headLine(one), inner: innerLines(one) })) }];
};

const headLine = ({ path, judged, withdrawnBecause, hasExpired }: FiledApprovalView): Line => {
  switch (judged.kind) {
    case 'approval': {
      const { role, change } = judged.approval;
      const state: Span = withdrawnBecause !== undefined ? bad('withdrawn') : hasExpired ? bad('expired') : good('signed');
      return [
        `${judged.sha256.slice(0, 12)}  `,
        state,
        `  ${judged.by.person} as ${role}: ${change.baseline === undefined ? 'nothing' : runText(change.baseline)} to ${runText(change.candidate)}`,
      ];
    }
    case 'policy-approval': {
      const { role, policyChange } = judged.policyApproval;
      const state: Span = withdrawnBecause !== undefined ? bad('withdrawn') : hasExpired ? bad('expired') : good('signed');
      return [
        `${judged.sha256.slice(0, 12)}  `,
        state,
        `  ${judged.by.person} as ${role}: policy ${policyChange.fromSha256.slice(0, 12)} to ${policyChange.toSha256.slice(0, 12)}`,
      ];
    }
    case 'withdrawal':
      return [`${judged.sha256.slice(0, 12)}  `, open('withdrawal'), `  ${judged.by.person}, of ${judged.withdrawal.approvalSha256.slice(0, 12)}`];
    case 'refused':
      return [bad('does not count'), `  ${path}`];
    case 'unknown':
      return [open('unknown'), `  ${path}`];
  }
};

const runText = ({ runId, manifestSha256 }: { readonly runId: string; readonly manifestSha256: string }): string => `${runId.slice(0, 8)} (${manifestSha256.slice(0, 8)})`;

const innerLines = ({ judged, withdrawnBecause }: FiledApprovalView): readonly Line[] => {
  switch (judged.kind) {
    case 'approval': {
      const { meaning, reason, approvedAt, expiresAt, change } = judged.approval;
      return [
        [`${meaning}: ${reason}`],
        [faint(`${approvedAt}${expiresAt === undefined ? '' : `, until ${expiresAt}`}${change.environment === undefined ? '' : `, for ${change.environment} only`}`)],
        ...(withdrawnBecause === undefined ? [] : [[open(`taken back: ${withdrawnBecause}`)]]),
      ];
    }
    case 'policy-approval': {
      const { meaning, reason, approvedAt, expiresAt } = judged.policyApproval;
      return [
        [`${meaning}: ${reason}`],
        [faint(`${approvedAt}${expiresAt === undefined ? '' : `, until ${expiresAt}`}`)],
        ...(withdrawnBecause === undefined ? [] : [[open(`taken back: ${withdrawnBecause}`)]]),
      ];
    }
    case 'withdrawal':
      return [[judged.withdrawal.reason]];
    case 'refused':
    case 'unknown':
      return [[judged.because]];
  }
};
