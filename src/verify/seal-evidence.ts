import type { PublicKey, TimeAuthority, TrustedRoot } from '#seal';
import type { LocalKey, TrustStanding } from '#trust';
import type { SignerIdentity } from './find-signer.ts';

/** What lies beside a record to prove whose it is, and what is known here of keys. */
export type SealEvidence = {
  /** Bundles beside the record; hostile until they are read. A further one may be over another statement than that of the record. */
  readonly bundles: readonly { readonly name: string; readonly bytes: Uint8Array; readonly isFurther: boolean }[];
  /** Keys that the person who asks has named for this question. */
  readonly named: readonly PublicKey[];
  /** Keys of this user on this machine, with what is known of each. */
  readonly local: readonly (LocalKey & { readonly key: PublicKey })[];
  /** How the trust file of the project stands here. */
  readonly trust: TrustStanding;
  /** Time authorities that count here. */
  readonly authorities: readonly TimeAuthority[];
  /** The trusted root of Sigstore by which certificates are judged; without one, whose they are stays open. */
  readonly trustedRoot?: TrustedRoot;
  /** Identities that the person who asks has named for this question. */
  readonly identities?: readonly SignerIdentity[];
  /** The key that lies beside the record: it can tell an intact signature from a broken one, not whose it is. */
  readonly beside?: PublicKey;
};
