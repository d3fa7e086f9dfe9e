import { type Crypto, escapeControl } from '#base';
import { fingerprintsOf } from './finding-fingerprint.ts';
import { type ReportedFinding, sentenceOf, worstFirst } from './reported-finding.ts';
import type { SarifOptions } from './sarif.ts';

const SEVERITIES = { error: 'critical', warning: 'major', note: 'info' } as const;

/** Findings as a code quality report of GitLab: JSON, the worst first. Source: GitLab, "Code Quality report format". */
export const codeQuality = (findings: readonly ReportedFinding[], { defaultFile }: SarifOptions, crypto: Crypto): string => {
  const shown = worstFirst(findings);
  const fingerprints = fingerprintsOf(shown, crypto);
  const report = shown.map((finding, at) => ({
    description: escapeControl(sentenceOf(finding), true).toWellFormed(),
    check_name: finding.id,
    fingerprint: fingerprints[at]!,
    severity: SEVERITIES[finding.severity],
    location: { path: (finding.file ?? defaultFile).toWellFormed(), lines: { begin: finding.line ?? 1 } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
};
