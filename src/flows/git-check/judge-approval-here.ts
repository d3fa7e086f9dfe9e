import type { ReportedFinding } from '#report';
import type { TrustStanding } from '#trust';
import { type DocumentBytes, MAX_BUNDLE } from '../signed-documents/document-files.ts';
import { judgeFiled } from '../approvals/judged-approvals.ts';
import { partBytes, type RecordFiles } from './judge-record-here.ts';
import type { Side } from './side-of.ts';

/** The bytes of an approval in a state. */
export const approvalIn = async (side: Side, { unit, parts }: RecordFiles): Promise<DocumentBytes> => {
  const [statement, bundle, signature] = [
    await partBytes(side, { parts }, 'statement', MAX_BUNDLE),
    await partBytes(side, { parts }, 'bundle', MAX_BUNDLE),
    await partBytes(side, { parts }, 'ssh-signature', MAX_BUNDLE),
  ];
  return {
    path: `${unit}.statement.json`,
    ...(statement === undefined ? {} : { statement }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(signature === undefined ? {} : { sshSignature: Buffer.from(signature).toString('latin1') }),
  };
};

/** Whether an approval or a withdrawal of a state counts. */
export const judgeApprovalHere = async (side: Side, files: RecordFiles, whose: { readonly trust: TrustStanding; readonly now: string }): Promise<readonly ReportedFinding[]> => {
  const document = await approvalIn(side, files);
  const [filed] = judgeFiled({ documents: [document] }, whose.trust, whose.now);
  const judged = filed!.judged;
  if (judged.kind === 'refused') return [{ id: 'approval-does-not-count', severity: 'error', file: document.path, message: `the approval does not count: ${judged.because}` }];
  return judged.kind === 'unknown'
    ? [{ id: 'approval-undecided', severity: 'warning', file: document.path, message: `nobody knows here whether the approval counts: ${judged.because}` }]
    : [];
};
