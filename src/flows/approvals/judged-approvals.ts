import { bindingOf, type GivenApproval, hasExpired } from '#approval';
import { nodeCrypto } from '#files';
import type { TrustStanding } from '#trust';
import { type JudgedApproval, judgeApproval } from '#verify';
import { listedAuthorities } from '../trust-file/listed-authorities.ts';
import { type DocumentBytes, documentBytes, documentStatements } from '../signed-documents/document-files.ts';
import { DOCUMENT_PORTS, judgeDocument } from '../signed-documents/signed-at.ts';
import type { UnreadDocument } from '../signed-documents/unread-document.ts';
import { withdrawnBecause } from '../signed-documents/withdrawn-because.ts';

/** A signed document of the folder of approvals, and what it is worth. */
export type FiledApproval = {
  readonly path: string;
  readonly judged: JudgedApproval;
  readonly hasExpired: boolean;
  /** Taken back by the same person. */
  readonly withdrawnBecause?: string;
};

/** What a folder of approvals holds; `unread` is why there may be more. */
export type ApprovalDocuments = { readonly documents: readonly DocumentBytes[]; readonly unread?: { readonly path: string; readonly because: string } };

/** Every approval and withdrawal of a project, judged by the trust file. Never throws: what cannot be read does not count, and is told. */
export const filedApprovals = async (projectRoot: string, trust: TrustStanding, now: string): Promise<readonly FiledApproval[]> => {
  const { paths, unread } = await documentStatements(projectRoot, 'approvals');
  const documents: DocumentBytes[] = [];
  for (const path of paths) documents.push(await documentBytes(path));
  return judgeFiled({ documents, ...(unread === undefined ? {} : { unread }) }, trust, now);
};

/** The same of documents that lie elsewhere, for example in a commit. */
export const judgeFiled = ({ documents, unread }: ApprovalDocuments, trust: TrustStanding, now: string): readonly FiledApproval[] => {
  const authorities = trust.kind === 'accepted' ? listedAuthorities(trust.trust) : [];
  const found: { readonly path: string; readonly judged: JudgedApproval }[] = documents.map((one) => ({
    path: one.path,
    judged: judgeDocument(one, (signed) => judgeApproval({ signed, trust, authorities }, DOCUMENT_PORTS)),
  }));
  if (unread !== undefined) found.push({ path: unread.path, judged: { kind: 'refused', because: unread.because } });
  return found.map(({ path, judged }) => {
    if (judged.kind !== 'approval' && judged.kind !== 'policy-approval') return { path, judged, hasExpired: false };
    const because = withdrawnBecause(found, judged);
    return {
      path,
      judged,
      hasExpired: hasExpired((judged.kind === 'approval' ? judged.approval : judged.policyApproval).expiresAt, now),
      ...(because === undefined ? {} : { withdrawnBecause: because }),
    };
  });
};

/** Files of which nobody knows what they say: each may give an approval, or take one back. */
export const unreadApprovals = (filed: readonly FiledApproval[]): readonly UnreadDocument[] =>
  filed.flatMap(({ path, judged }) =>
    (judged.kind === 'refused' || judged.kind === 'unknown') && judged.approval === undefined && judged.policyApproval === undefined ? [{ path, because: judged.because }] : [],
  );

/** Those that are approvals, as a policy counts them. */
export const givenApprovals = (filed: readonly FiledApproval[]): readonly GivenApproval[] =>
  filed.flatMap(({ judged, withdrawnBecause }) => {
    if (judged.kind !== 'approval') return [];
    const { change, role, meaning, approvedAt, expiresAt } = judged.approval;
    const { baseline, candidate, differenceSha256, policySha256, environment } = change;
    const identity = { baselineSha256: baseline?.manifestSha256, candidateSha256: candidate.manifestSha256, differenceSha256, policySha256 };
    return [
      {
        person: judged.by.person,
        isPerson: judged.by.isPerson,
        isAdmin: judged.by.isAdmin,
        isReview: meaning === 'review',
        role,
        binds: bindingOf(identity, nodeCrypto),
        approvedAt,
        isWithdrawn: withdrawnBecause !== undefined,
        ...(environment === undefined ? {} : { environment }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      },
    ];
  });
