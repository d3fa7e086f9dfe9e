import type { Crypto, VerifySignature } from '#base';
import type { PublicKey, TrustedRoot, VerifyWith } from '#seal';

export type BundlePorts = { readonly crypto: Crypto; readonly verifySignature: VerifySignature; /** For certificates and tokens of others. */ readonly verifyWith: VerifyWith };

/** Whose signature is asked for. Both texts of an identity are compared as they are: no pattern, no part. */
export type AskedSigner =
  | { readonly kind: 'identity'; readonly issuer: string; readonly subject: string }
  /** Whoever the certificate names: the answer says who, and whether that counts is decided by the caller. */
  | { readonly kind: 'any-identity' }
  | { readonly kind: 'key'; readonly key: PublicKey };

/** How many of each must stand behind a signature; distinct ones, whose operators would have to lie together. */
export type Thresholds = { readonly logs: number; readonly times: number; readonly certificateLogs: number };

/** One log, one proven time and one log of certificates, as Sigstore's own clients demand. */
export const USUAL_THRESHOLDS: Thresholds = { logs: 1, times: 1, certificateLogs: 1 };

/** A proven time always; an entry and a promise for certificates where the root lists logs of the kind: an instance without them has none. */
export const thresholdsOf = ({ logs, certificateLogs }: Pick<TrustedRoot, 'logs' | 'certificateLogs'>): Thresholds => ({
  logs: Math.min(logs.length, 1),
  times: 1,
  certificateLogs: Math.min(certificateLogs.length, 1),
});

export type BundleQuestion = {
  readonly trustedRoot: TrustedRoot;
  readonly by: AskedSigner;
  /** Bytes of the file that was signed, or that the statement must be about. A signature over a file cannot be checked without. */
  readonly artifact?: Uint8Array;
  readonly thresholds: Thresholds;
};
