import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { EXCEPTION_REVIEW_KEYS } from './generated/exception-review-keys.ts';
import type { ExceptionReviewDocument } from './generated/exception-review-types.ts';
import { schemaErrors } from './generated/exception-review-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** That a person has looked back at a break-glass. */
export type ExceptionReview = Omit<ExceptionReviewDocument, 'schemaVersion'>;

/** The statement of a review. Its one subject is the record. Rejected, with every problem, where the schema does not allow it. */
export const exceptionReviewStatement = (review: ExceptionReview, crypto: Crypto): Reading<BuiltStatement<'exception-review'>> =>
  checkedStatement({ kind: 'exception-review', subjects: [recordSubject(review.record)], predicate: { schemaVersion: '0.1', ...review } }, readExceptionReview, crypto);

/** Reads a review from untrusted bytes, as readApproval does. Whether it counts is not asked here. Never throws. */
export const readExceptionReview = (payload: Uint8Array): Reading<ExceptionReview> => {
  const reading = readPredicate<ExceptionReviewDocument>(payload, { kind: 'exception-review', schemaErrors, keys: EXCEPTION_REVIEW_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...review } = predicate;
  return isOfRecord(subject, review.record) ? accepted(review) : rejected({ pointer: '/subject/0', message: 'is another record than the one that ran' });
};
