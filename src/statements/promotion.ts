import { accepted, type Crypto, type Reading, rejected } from '#base';
import type { BuiltStatement } from './built-statement.ts';
import { checkedStatement } from './checked-statement.ts';
import { PROMOTION_KEYS } from './generated/promotion-keys.ts';
import type { PromotionDocument } from './generated/promotion-types.ts';
import { schemaErrors } from './generated/promotion-validator.ts';
import { readPredicate } from './read-predicate.ts';
import { isOfRecord, recordSubject } from './record-subject.ts';

/** What an environment runs from then on, in whose words. */
export type Promotion = Omit<PromotionDocument, 'schemaVersion'>;

/** The statement of a promotion. Its one subject is the record of the run that is promoted. */
export const promotionStatement = (promotion: Promotion, crypto: Crypto): Reading<BuiltStatement<'promotion'>> =>
  checkedStatement({ kind: 'promotion', subjects: [recordSubject(promotion.record)], predicate: { schemaVersion: '0.1', ...promotion } }, readPromotion, crypto);

/** Reads a promotion from untrusted bytes, as readApproval does. Never throws. */
export const readPromotion = (payload: Uint8Array): Reading<Promotion> => {
  const reading = readPredicate<PromotionDocument>(payload, { kind: 'promotion', schemaErrors, keys: PROMOTION_KEYS });
  if (reading.kind === 'rejected') return reading;
  const { subject, predicate } = reading.value;
  const { schemaVersion: _, ...promotion } = predicate;
  const { record, replaces, follows, takesBack, allowedBy } = promotion;
  if (!isOfRecord(subject, record)) return rejected({ pointer: '/subject/0', message: 'is another record than the one that is promoted' });
  if (record.manifestSha256 === replaces?.manifestSha256) return rejected({ pointer: '/predicate/replaces', message: 'is the run that is promoted' });
  if (!isSorted(follows)) return rejected({ pointer: '/predicate/follows', message: 'must be in order, each once' });
  if (!isSorted(allowedBy?.approvals ?? [])) return rejected({ pointer: '/predicate/allowedBy/approvals', message: 'must be in order, each once' });
  if (takesBack !== undefined && !follows.includes(takesBack)) return rejected({ pointer: '/predicate/takesBack', message: 'is none of those that it follows' });
  return accepted(promotion);
};

const isSorted = (digests: readonly string[]): boolean => digests.every((digest, at) => at === 0 || digests[at - 1]! < digest);
