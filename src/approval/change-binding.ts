import { canonicalJson, type Crypto, toHex } from '#base';
import type { Change } from './change-pattern.ts';

/** Digests that say which change it is. */
export type ChangeIdentity = {
  /** SHA-256 of the payload of the records; no baseline for the first, which follows nothing. */
  readonly baselineSha256?: string | undefined;
  readonly candidateSha256: string;
  readonly differenceSha256: string;
  readonly policySha256: string;
};

/** Digest of what differs, as it is shown to whoever approves: paths and labels in order. */
export const differenceDigest = (changes: readonly Change[], crypto: Crypto): string => {
  const shown = changes.map(({ path, label }) => ({ path, label })).toSorted((a, b) => order(a.path, b.path) || order(a.label, b.label));
  return toHex(crypto.sha256(canonicalJson(shown)));
};

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What an approval is bound to: another baseline, candidate, difference or policy is another change. */
export const bindingOf = ({ baselineSha256, candidateSha256, differenceSha256, policySha256 }: ChangeIdentity, crypto: Crypto): string =>
  toHex(crypto.sha256(canonicalJson({ ...(baselineSha256 === undefined ? {} : { baselineSha256 }), candidateSha256, differenceSha256, policySha256 })));
