/** A person looks back at a break-glass that is over: a signed statement, and an event in the log. */
import { reviewProblem } from '#approval';
import { escapeControl, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { type ExceptionReview, exceptionReviewStatement } from '#statements';
import { approverOfKey } from './approvals/person-of-key.ts';
import { filedExceptions, givenException } from './exceptions/filed-exceptions.ts';
import { policyHere } from './policy/policy-file.ts';
import { openDocumentSigner } from './signed-documents/document-signer.ts';
import { type FiledDocument, fileDocument, type SigningPlace } from './signed-documents/file-document.ts';
import { oneByDigest } from './signed-documents/one-by-digest.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type ReviewOptions = SigningPlace & {
  /** First letters of the digest of the break-glass, 6 or more. */
  readonly exception: string;
} & Pick<ExceptionReview, 'outcome' | 'role' | 'reason'>;

export type ReviewedException = FiledDocument & { readonly review: ExceptionReview };

/** Throws TL0001 for what is no break-glass, TL1303 where the review would not count, TL1301, TL1302, TL1101 to TL1106, TL0003. */
export const reviewException = async (options: ReviewOptions): Promise<ReviewedException> => {
  const { projectRoot, exception: letters, outcome, role, reason } = options;
  const now = new Date().toISOString();
  const trust = await standingOf({ ...options, now });
  const { policy } = await policyHere(options);
  const filed = await filedExceptions(projectRoot, trust);
  const all = filed.flatMap(({ judged, withdrawnBecause }) => (judged.kind === 'exception' ? [{ ...judged, isWithdrawn: withdrawnBecause !== undefined }] : []));
  const one = oneByDigest(all, letters, { what: 'break-glass', fix: 'trainlock exception list' });
  const { record, environment, level, confirms } = one.exception;
  if (level === undefined) throw new TrainlockError('TL0001', `${letters} is an exception, and only a break-glass is reviewed`, { fix: 'trainlock exception list' });
  if (confirms !== undefined)
    throw new TrainlockError('TL0001', `${letters} confirms a break-glass, ${confirms.slice(0, 12)}`, { fix: `trainlock exception review ${confirms.slice(0, 12)} …` });
  const signer = await openDocumentSigner(options);
  const person = approverOfKey(signer.publicKey.keyId, trust, { kind: 'exception-review', role, environment, isDated: signer.isDated });
  const isAdmin = trust.kind === 'accepted' && trust.trust.keys.get(signer.publicKey.keyId)?.signer.roles.includes('admin') === true;
  const review: ExceptionReview = { record, environment, reviews: one.sha256, outcome, role, person, reason, reviewedAt: now };
  const given = { ...review, sha256: '', manifestSha256: record.manifestSha256, isPerson: true, isAdmin };
  const because = reviewProblem(given, givenException(one, one.isWithdrawn), { policy, now });
  if (because !== undefined)
    throw new TrainlockError('TL1303', `this review would not count: ${escapeControl(because)}`, {
      fix: 'trainlock policy show   # says under breakGlass of the environment who may review',
    });
  const built = exceptionReviewStatement(review, nodeCrypto);
  if (built.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is no review: ${escapeControl(`${built.problems[0]!.pointer} ${built.problems[0]!.message}`)}`, {
      fix: 'trainlock help exception review',
    });
  const event = { kind: 'exception-review', object: { type: 'exception', id: one.sha256 }, time: now } as const;
  return { ...(await fileDocument(built.value, { signer, place: 'exceptions', event }, options)), review };
};
