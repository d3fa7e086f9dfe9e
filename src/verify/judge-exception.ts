import { toHex } from '#base';
import { type Exception, type ExceptionReview, readException, readExceptionReview, type Withdrawal } from '#statements';
import { type Judging, speakerOf, withdrawalOf } from './judge-speaker.ts';
import { type DocumentEvidence, type DocumentPorts, findDocument, type FoundSignature, listedKeys, type Signatory } from './signed-document.ts';

/** What a signed document of the folder of exceptions turned out to be. `because` is one sentence for people. */
export type JudgedException =
  | { readonly kind: 'exception'; readonly sha256: string; readonly exception: Exception; readonly by: Signatory; readonly because: string }
  | { readonly kind: 'review'; readonly sha256: string; readonly review: ExceptionReview; readonly by: Signatory; readonly because: string }
  | { readonly kind: 'withdrawal'; readonly sha256: string; readonly withdrawal: Withdrawal; readonly by: Signatory }
  /** It does not count. What it says is told where it could be read. */
  | { readonly kind: 'refused'; readonly because: string; readonly sha256?: string; readonly exception?: Exception; readonly review?: ExceptionReview }
  /** Nobody knows here whether it counts. */
  | { readonly kind: 'unknown'; readonly because: string; readonly sha256?: string; readonly exception?: Exception; readonly review?: ExceptionReview };

const WHAT = 'exceptions';

/**
 * Whether a document is an exception, or takes one back, by somebody whose key counts for that: an exception needs a key that the trust
 * file gives its role, type, environment and time, and so does a review; a withdrawal only one that the trust file lists. One exception alone excuses nothing:
 * that is for the policy to count. Never throws.
 */
export const judgeException = ({ signed, trust, authorities }: DocumentEvidence, ports: DocumentPorts): JudgedException => {
  const found = findDocument(signed, { keys: listedKeys(trust), kinds: ['exception', 'exception-review', 'withdrawal'], otherwise: 'excuses nothing' }, ports);
  if (found.kind === 'refused') return found;
  const { finding, statementKind } = found;
  const sha256 = toHex(ports.crypto.sha256(finding.payload));
  if (statementKind === 'withdrawal') return withdrawalOf(finding, sha256, { trust, what: WHAT });
  if (statementKind === 'exception-review') return reviewOf(finding, sha256, { trust, authorities, ports });
  const reading = readException(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the exception cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const exception = reading.value;
  const answer = speakerOf(finding, { ...exception, kind: 'exception', what: WHAT }, { trust, authorities, ports });
  return answer.kind === 'counts' ? { kind: 'exception', sha256, exception, by: answer.by, because: answer.because } : { ...answer, sha256, exception };
};

/** A review that does not count reviews nothing, and takes nothing back either. */
const reviewOf = (finding: FoundSignature, sha256: string, judging: Judging): JudgedException => {
  const reading = readExceptionReview(finding.payload);
  if (reading.kind === 'rejected') return { kind: 'refused', because: `the review cannot be read: ${reading.problems[0]!.pointer} ${reading.problems[0]!.message}` };
  const answer = speakerOf(finding, { ...reading.value, kind: 'exception-review', what: 'reviews' }, judging);
  return answer.kind === 'counts' ? { kind: 'review', sha256, review: reading.value, by: answer.by, because: answer.because } : { ...answer, review: reading.value };
};
