import type { TrustedRoot } from '#seal';
import { thresholdsOf, verifyBundle } from '#sigstore';
import type { Ports, SignerFinding } from './find-signer.ts';

/**
 * Whose certificate a bundle is signed with, as far as a trusted root of Sigstore says. Without one it stays open; what was seen to be
 * wrong refuses the bundle, and what only lacks, or is of an instance that the root does not know, leaves it open whose it is.
 */
export const identifySigner = (finding: SignerFinding, trustedRoot: TrustedRoot | undefined, ports: Ports): SignerFinding => {
  if (finding.kind !== 'certified' || trustedRoot === undefined) return finding;
  const { bundle, payload } = finding;
  const { kind, checks, identity, times } = verifyBundle(bundle, { trustedRoot, by: { kind: 'any-identity' }, thresholds: thresholdsOf(trustedRoot) }, ports);
  if (kind === 'accepted' && identity !== undefined) {
    return { kind: 'identified', bundle, payload, identity, times: times.map(({ kind: by, at }) => ({ kind: by === 'log' ? 'witness' : 'authority', at })) };
  }
  const broken = checks.find(({ outcome }) => outcome === 'broken');
  if (broken !== undefined) return { kind: 'refused', because: broken.because };
  return { kind: 'stranger', bundle, payload, because: checks.find(({ outcome }) => outcome === 'unknown')?.because ?? 'nothing about its certificate could be checked' };
};
