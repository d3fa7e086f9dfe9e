import { expiryRefusal, floorRefusal, type RefusedTrust, sameVersionRefusal, takeStep, type TrustAnswer, type TrustPorts } from './accept-trust.ts';
import type { PinnedRoots } from './pinned-roots.ts';
import type { Trust } from './trust.ts';

/**
 * Walks from the pinned roots along the versions of a trust file, the oldest first, to the newest. The walk begins at the first version
 * that the pinned roots signed; from there each one must lead to the next. Versions on the way may have expired, the last one must not
 * have at the moment that is asked about (`now`, RFC 3339 in UTC; anything else throws TypeError).
 */
export const followTrust = (pin: PinnedRoots, chain: readonly Uint8Array[], now: string, ports: TrustPorts): TrustAnswer => {
  let current: Trust | undefined;
  let before: RefusedTrust = { kind: 'refused', refusal: 'missing', because: 'there is no trust file' };
  for (const offered of chain) {
    const answer = takeStep({ pin, current, offered }, ports);
    if (answer.kind === 'accepted') {
      const { trust } = answer;
      const refusal = trust.version === pin.lastSeen?.version ? sameVersionRefusal(pin.lastSeen, trust) : undefined;
      if (refusal !== undefined) return refusal;
      current = trust;
    } else if (current !== undefined || answer.refusal !== 'below-threshold') return answer;
    else before = answer;
  }
  return current === undefined ? before : (floorRefusal(pin, current) ?? expiryRefusal(current, now) ?? { kind: 'accepted', trust: current });
};
