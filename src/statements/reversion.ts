import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { REVERSION_KEYS } from './generated/reversion-keys.ts';
import type { ReversionDocument } from './generated/reversion-types.ts';
import { schemaErrors } from './generated/reversion-validator.ts';
import { readPredicate } from './read-predicate.ts';

/** That a person takes an amendment or a deprecation back. */
export type Reversion = Omit<ReversionDocument, 'schemaVersion'>;

/** The statement of a reversion. Its one subject is the statement that is taken back. */
export const reversionStatement = (reversion: Reversion, crypto: Crypto): Reading<BuiltStatement<'reversion'>> => {
  const { kind, sha256 } = reversion.of;
  return checkedStatement({ kind: 'reversion', subjects: [{ name: kind, digest: { sha256 } }], predicate: { schemaVersion: '0.1', ...reversion } }, readReversion, crypto);
};

/** Reads a reversion from untrusted bytes, as readApproval does. Never throws. */
export const readReversion = (payload: Uint8Array): Reading<Reversion> => {
  const reading = readPredicate<ReversionDocument>(payload, { kind: 'reversion', schemaErrors, keys: REVERSION_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...reversion } = predicate;
  return subject.digest.sha256 === reversion.of.sha256 && subject.name === reversion.of.kind
    ? accepted(reversion)
    : rejected({ pointer: '/subject/0', message: 'is another statement than the one that is taken back' });
};
