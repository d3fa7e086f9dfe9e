import { canonicalJson, type Crypto, toHex } from '#base';
import type { ReportedFinding } from './reported-finding.ts';

/**
 * What makes a finding the same one in the next run, in the order of the findings: its rule, its file and its words without digests and
 * numbers, which change with every run. Equal ones are counted, so that none hides another.
 */
export const fingerprintsOf = (findings: readonly ReportedFinding[], crypto: Crypto): readonly string[] => {
  const seen = new Map<string, number>();
  return findings.map(({ id, file, message }) => {
    const digest = toHex(crypto.sha256(canonicalJson({ id, file: file?.toWellFormed() ?? '', message: steady(message) }))).slice(0, 32);
    const count = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, count);
    return `${digest}:${count}`;
  });
};

const steady = (message: string): string =>
  message
    .toWellFormed()
    .replace(/\b[0-9a-f]{7,}\b/g, '#')
    .replace(/\d+/g, '#');
