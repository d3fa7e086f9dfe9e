import type { LocalKey, TrustStanding } from './trust-standing.ts';

/**
 * The trust that holds without any trust file: the keys of this user count for what this machine records of its own runs, and for
 * nothing else. What they sign is self-attested: it shows that nobody else changed it since, not that it is true.
 */
export const localTrust = (keys: readonly LocalKey[]): Extract<TrustStanding, { readonly kind: 'local' }> => ({ kind: 'local', keys });
