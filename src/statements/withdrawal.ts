import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { WITHDRAWAL_KEYS } from './generated/withdrawal-keys.ts';
import type { WithdrawalDocument } from './generated/withdrawal-types.ts';
import { schemaErrors } from './generated/withdrawal-validator.ts';
import { readPredicate } from './read-predicate.ts';

/** That a person takes an approval back. */
export type Withdrawal = Omit<WithdrawalDocument, 'schemaVersion'>;

const SUBJECT = 'approval';

/** The statement of a withdrawal. Its one subject is the statement of the approval. */
export const withdrawalStatement = (withdrawal: Withdrawal, crypto: Crypto): Reading<BuiltStatement<'withdrawal'>> => {
  const subjects = [{ name: SUBJECT, digest: { sha256: withdrawal.approvalSha256 } }];
  return checkedStatement({ kind: 'withdrawal', subjects, predicate: { schemaVersion: '0.1', ...withdrawal } }, readWithdrawal, crypto);
};

/** Reads a withdrawal from untrusted bytes, as readApproval does. Never throws. */
export const readWithdrawal = (payload: Uint8Array): Reading<Withdrawal> => {
  const reading = readPredicate<WithdrawalDocument>(payload, { kind: 'withdrawal', schemaErrors, keys: WITHDRAWAL_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...withdrawal } = predicate;
  return subject.digest.sha256 === withdrawal.approvalSha256 && subject.name === SUBJECT
    ? accepted(withdrawal)
    : rejected({ pointer: '/subject/0', message: 'is another approval than the one that is taken back' });
};
