import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { AMENDMENT_KEYS } from './generated/amendment-keys.ts';
import type { AmendmentDocument } from './generated/amendment-types.ts';
import { schemaErrors } from './generated/amendment-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** What a person corrects in a record, and why. */
export type Amendment = Omit<AmendmentDocument, 'schemaVersion'>;

/** The statement of an amendment. Its one subject is the record. Rejected, with every problem, where the schema does not allow it. */
export const amendmentStatement = (amendment: Amendment, crypto: Crypto): Reading<BuiltStatement<'amendment'>> =>
  checkedStatement({ kind: 'amendment', subjects: [recordSubject(amendment.record)], predicate: { schemaVersion: '0.1', ...amendment } }, readAmendment, crypto);

/** Reads an amendment from untrusted bytes, as readApproval does. Whether the place may be corrected is not asked here. Never throws. */
export const readAmendment = (payload: Uint8Array): Reading<Amendment> => {
  const reading = readPredicate<AmendmentDocument>(payload, { kind: 'amendment', schemaErrors, keys: AMENDMENT_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...amendment } = predicate;
  if (!isOfRecord(subject, amendment.record)) return rejected({ pointer: '/subject/0', message: 'is another record than the one that is corrected' });
  if (JSON.stringify(amendment.before) === JSON.stringify(amendment.after)) return rejected({ pointer: '/predicate/after', message: 'is what stood there before' });
  return accepted(amendment);
};
