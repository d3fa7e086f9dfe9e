import { compareTimes } from './compare-times.ts';
import type { Bounds } from './trust.ts';

/** What a key or identity counts for at a moment. */
export type BoundsState = 'valid' | 'not-yet-valid' | 'expired' | 'revoked' | 'compromised';

/** The state at a moment (RFC 3339 in UTC; anything else throws TypeError). validFrom and validUntil still belong to the time that counts, the moments of a revocation no more. */
export const stateOf = ({ validFrom, validUntil, revoked }: Bounds, at: string): BoundsState => {
  if (revoked?.compromisedSince !== undefined && compareTimes(at, revoked.compromisedSince) >= 0) return 'compromised';
  if (revoked !== undefined && compareTimes(at, revoked.at) >= 0) return 'revoked';
  if (validFrom !== undefined && compareTimes(at, validFrom) < 0) return 'not-yet-valid';
  return validUntil !== undefined && compareTimes(at, validUntil) > 0 ? 'expired' : 'valid';
};

/** Whether nothing limits when it counts: then no proof of the time is needed. */
export const isUnbounded = ({ validFrom, validUntil, revoked }: Bounds): boolean => validFrom === undefined && validUntil === undefined && revoked === undefined;
