/** What a person says with a signature. Approvals, exceptions and withdrawals are different things, so none may pass for another. */
export type ApprovalKind = 'approval' | 'exception' | 'withdrawal';

export const APPROVAL_KINDS: readonly ApprovalKind[] = ['approval', 'exception', 'withdrawal'];

/** First part of every namespace in which people sign for trainlock. */
const APPROVAL_NAMESPACE = 'trainlock-approval';

/**
 * The namespace of one kind of statement: `trainlock-approval.exception`. It is inside what SSH signs, so a signature that was made for
 * a commit, a file, a login or another kind of statement never counts. Source: OpenSSH PROTOCOL.sshsig, "namespace".
 */
export const approvalNamespace = (kind: ApprovalKind): string => `${APPROVAL_NAMESPACE}.${kind}`;
