/** Sigstore bundles against a trusted root: certificates, logs of certificates, times and entries of Rekor, offline and without throwing. */
export type { BundleTime } from './bundle-verdict.ts';
export { type AskedSigner, thresholdsOf, USUAL_THRESHOLDS } from './bundle-question.ts';
export { verifyBundle } from './verify-bundle.ts';
