/** What a person says with a signature. Approvals, exceptions, withdrawals and the others are different things, so none may pass for another. */
export const APPROVAL_KINDS = [
  'approval',
  'policy-approval',
  'exception',
  'exception-review',
  'withdrawal',
  'amendment',
  'deprecation',
  'promotion',
  'deployment',
  'reversion',
  'remediation',
] as const;

export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** First part of every namespace in which people sign for trainlock. */
const APPROVAL_NAMESPACE = 'trainlock-approval';

/**
 * The namespace of one kind of statement: `trainlock-approval.exception`. It is inside what SSH signs, so a signature that was made for
 * a commit, a file, a login or another kind of statement never counts. Source: OpenSSH PROTOCOL.sshsig, "namespace".
 */
export const approvalNamespace = (kind: ApprovalKind): string => `${APPROVAL_NAMESPACE}.${kind}`;
