import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { EXCEPTION_KEYS } from './generated/exception-keys.ts';
import type { ExceptionDocument } from './generated/exception-types.ts';
import { schemaErrors } from './generated/exception-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** That a person lets a model run in an environment in spite of a finding, and until when. With a level it is an emergency. */
export type Exception = Omit<ExceptionDocument, 'schemaVersion'>;

/** The statement of an exception. Its one subject is the record. Rejected, with every problem, where the schema does not allow it. */
export const exceptionStatement = (exception: Exception, crypto: Crypto): Reading<BuiltStatement<'exception'>> =>
  checkedStatement({ kind: 'exception', subjects: [recordSubject(exception.record)], predicate: { schemaVersion: '0.1', ...exception } }, readException, crypto);

/** Reads an exception from untrusted bytes, as readApproval does. Whether it counts is not asked here. Never throws. */
export const readException = (payload: Uint8Array): Reading<Exception> => {
  const reading = readPredicate<ExceptionDocument>(payload, { kind: 'exception', schemaErrors, keys: EXCEPTION_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...exception } = predicate;
  if (exception.finding.id === APPROVALS && exception.level === undefined)
    return rejected({ pointer: '/predicate/finding/id', message: 'that approvals are missing only a break-glass excuses' });
  return isOfRecord(subject, exception.record) ? accepted(exception) : rejected({ pointer: '/subject/0', message: 'is another record than the one of which the finding speaks' });
};

/** What approvals give: only an emergency goes without them. */
const APPROVALS = 'TL1003';
