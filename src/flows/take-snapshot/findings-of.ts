import { isComplete, isMissing, type TreeFinding } from '#files';
import type { Finding } from '#snapshot';

/** Most findings that a document lists. */
const LISTED = 1000;

export type SnapshotFindings = { readonly findings: readonly Finding[]; readonly findingCount: number; readonly complete: boolean };

/**
 * What a snapshot says about paths; those that a list lacks come first, so that the limit never hides them all. `nameOf` names places
 * outside, so that no record tells the folders of a machine.
 */
export const findingsOf = (found: readonly TreeFinding[], nameOf: (path: string) => string): SnapshotFindings => {
  const missing = found.filter(isMissing);
  const others = found.filter((finding) => !isMissing(finding));
  const findings = [...missing, ...others].slice(0, LISTED).map(({ kind, path, raw, other, reason }) => ({
    kind,
    path,
    ...(raw === undefined ? {} : { rawName: raw }),
    ...(other === undefined ? {} : { other }),
    ...(reason === undefined ? {} : { reason: kind === 'outside' ? nameOf(reason) : reason }),
  }));
  return { findings, findingCount: found.length, complete: isComplete(found) };
};
