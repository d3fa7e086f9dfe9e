import type { Bundle, TimestampCheck } from '#seal';
import { checkTimestamp, countAuthorities, readMoment } from '#seal';
import type { ProvenTime } from '#trust';
import type { Ports } from './find-signer.ts';
import type { SealEvidence } from './seal-evidence.ts';
import type { Check } from './verdict.ts';

/** What the tokens of one bundle say of the moment at which its signature existed, for the authorities that count here. */
export const signatureTimes = (bundle: Bundle, { authorities }: SealEvidence, { crypto, verifyWith }: Ports): readonly TimestampCheck[] =>
  bundle.timestamps.map((token) => checkTimestamp(token, { signature: bundle.content.signature }, authorities, { crypto, verifyWith }));

/** The times that are proven. */
export const provenTimes = (checks: readonly TimestampCheck[]): readonly ProvenTime[] =>
  checks.flatMap((check) => (check.kind === 'held' ? [{ kind: 'authority', at: check.time }] : []));

/** What the record says of its own times; a claim of the machine that ran it. */
export type ClaimedTimes = { readonly startedAt: string; readonly finishedAt?: string };

/** How far the clock of a machine that is not kept in step may be off without a word. Unit: millisecond. */
const SKEW_MS = 5 * 60_000;

/** Did an authority that counts here date the signature? One token that holds is enough; one of a stranger proves nothing, one that lies is broken. */
export const timeCheck = (checks: readonly TimestampCheck[], claimed: ClaimedTimes): Check => {
  const answer = (outcome: Check['outcome'], because: string): Check => ({ name: 'time', outcome, because });
  const { startedAt, finishedAt } = claimed;
  const [startedMs, finishedMs] = [readMoment(startedAt)?.sinceEpochMs, finishedAt === undefined ? undefined : readMoment(finishedAt)?.sinceEpochMs];
  if (startedMs !== undefined && finishedMs !== undefined && finishedMs < startedMs)
    return answer('broken', `the record says that the run ended ${finishedAt}, before it started ${startedAt}: its clock was set back, or its times are made up`);
  const held = checks.filter((check) => check.kind === 'held');
  const [first] = held.toSorted((a, b) => a.timeMs - b.timeMs);
  if (first !== undefined) {
    if (finishedMs !== undefined && finishedMs > first.timeMs + (first.accuracyMs ?? 0) + SKEW_MS)
      return answer(
        'broken',
        `the record says that the run ended ${finishedAt}, but ${first.authority} saw its signature ${first.time} already: a clock is wrong, or the times are made up`,
      );
    const count = countAuthorities(held);
    return answer('held', `${first.authority} dates the signature ${first.time}${count > 1 ? `, and ${count - 1} more with ${count === 2 ? 'it' : 'them'}` : ''}`);
  }
  const refused = checks.flatMap((check) => (check.kind === 'refused' ? [check] : []));
  const [worst] = refused.filter(({ refusal }) => refusal !== 'unknown-authority');
  if (worst !== undefined) return answer('broken', worst.because);
  return answer('unknown', refused[0]?.because ?? 'no time authority has dated the signature');
};
