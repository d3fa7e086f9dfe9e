import { accepted, canonicalJson, type Crypto, type Reading, rejected, toHex } from '#base';
import { readVersionRange } from '#manifest';
import type { BuiltStatement, Subject } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { DEPRECATION_KEYS } from './generated/deprecation-keys.ts';
import type { DeprecationDocument } from './generated/deprecation-types.ts';
import { schemaErrors } from './generated/deprecation-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { recordSubject } from './record-subject.ts';

/** What should not be used any more, from when, why, and what to use in its place. */
export type Deprecation = Omit<DeprecationDocument, 'schemaVersion'>;

/** The statement of a deprecation. Its one subject is the thing: by its own digest, or by that of its name where it has none. */
export const deprecationStatement = (deprecation: Deprecation, crypto: Crypto): Reading<BuiltStatement<'deprecation'>> =>
  checkedStatement(
    { kind: 'deprecation', subjects: [subjectOf(deprecation.of, crypto)], predicate: { schemaVersion: '0.1', ...deprecation } },
    (payload) => readDeprecation(payload, crypto),
    crypto,
  );

const subjectOf = (of: Deprecation['of'], crypto: Crypto): Required<Subject> => {
  switch (of.kind) {
    case 'run':
      return recordSubject(of) as Required<Subject>;
    case 'snapshot':
      return { name: 'snapshot', digest: { sha256: of.snapshotSha256 } };
    case 'package':
    case 'field':
      return { name: of.kind, digest: { sha256: toHex(crypto.sha256(canonicalJson(of))) } };
  }
};

/** Reads a deprecation from untrusted bytes, as readApproval does. Never throws. */
export const readDeprecation = (payload: Uint8Array, crypto: Crypto): Reading<Deprecation> => {
  const reading = readPredicate<DeprecationDocument>(payload, { kind: 'deprecation', schemaErrors, keys: DEPRECATION_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...deprecation } = predicate;
  const { of } = deprecation;
  const wanted = subjectOf(of, crypto);
  if (subject.digest.sha256 !== wanted.digest.sha256 || subject.name !== wanted.name)
    return rejected({ pointer: '/subject/0', message: 'is another thing than the one that is deprecated' });
  if (of.kind === 'package' && readVersionRange(of.versions) === undefined)
    return rejected({ pointer: '/predicate/of/versions', message: 'must be comparisons such as >=1.0,<1.6.2, or *' });
  return accepted(deprecation);
};
