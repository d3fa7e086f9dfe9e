import type { TimeAuthority } from '../time/check-timestamp.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { Moment } from '../x509/moment.ts';
import type { PublicKey } from '../public-key.ts';

/** When something of a trusted root counts; both ends are included. */
export type Window = { readonly from: Moment; readonly until?: Moment };

/** Why a key of a trusted root is not used: old roots list keys that nothing new may be checked with. */
export type UnusableKey = { readonly kind: 'unusable'; readonly because: string };

/** A log: of signatures (Rekor) or of certificates (certificate transparency). */
export type TrustedLog = {
  /** Its address, as the root has it: https://rekor.example. */
  readonly name: string;
  /** Who runs it, where the root says so. Logs of one operator count as one. */
  readonly operator?: string;
  /** How entries and SCTs name the log. */
  readonly logId: Uint8Array;
  /** First bytes of what signatures under its checkpoints begin with. */
  readonly checkpointKeyId: Uint8Array;
  readonly key: PublicKey | UnusableKey;
  readonly window: Window;
};

/** An authority that certifies identities (Fulcio). */
export type CertificateAuthority = {
  readonly name: string;
  /** The certificate that issues to signers first, the anchor last. At least one. */
  readonly certificates: readonly Certificate[];
  readonly window: Window;
};

/** What a Sigstore TrustedRoot says may be believed. Source: sigstore/protobuf-specs, sigstore_trustroot.proto. */
export type TrustedRoot = {
  readonly logs: readonly TrustedLog[];
  readonly certificateAuthorities: readonly CertificateAuthority[];
  readonly certificateLogs: readonly TrustedLog[];
  readonly timeAuthorities: readonly TimeAuthority[];
};

/** Whether a moment lies in a window. Unit: millisecond since 1970. */
export const isWithin = ({ from, until }: Window, atMs: number): boolean => atMs >= from.sinceEpochMs && (until === undefined || atMs <= until.sinceEpochMs);

/** From when until when, for people. */
export const windowText = ({ from, until }: Window): string => (until === undefined ? `from ${from.text} on` : `from ${from.text} until ${until.text}`);
