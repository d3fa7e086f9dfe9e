import type { Withdrawal } from '#statements';
import type { Signatory } from '#verify';

/** A signed document that may take another one back. */
type Judged = { readonly kind: string; readonly withdrawal?: Withdrawal; readonly by?: Signatory };

/** Why the same person took a document back; undefined if nobody did. What others say of it takes nothing back. */
export const withdrawnBecause = (filed: readonly { readonly judged: Judged }[], of: { readonly sha256: string; readonly by: Signatory }): string | undefined =>
  filed.find(({ judged }) => judged.kind === 'withdrawal' && judged.withdrawal?.approvalSha256 === of.sha256 && judged.by?.person === of.by.person)?.judged.withdrawal?.reason;
