import type { TrustedTime } from './check-timestamp.ts';

/**
 * How many authorities stand behind times: neither a token twice, nor two tokens of one certificate, nor two certificates of one
 * authority count twice. Who wants two authorities wants two that would have to lie together.
 */
export const countAuthorities = (times: readonly Pick<TrustedTime, 'authority' | 'certificateSha256'>[]): number =>
  Math.min(new Set(times.map(({ certificateSha256 }) => certificateSha256)).size, new Set(times.map(({ authority }) => authority)).size);
