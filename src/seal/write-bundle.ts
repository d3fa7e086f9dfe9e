import { concatBytes, toBase64, toBase64Letters, utf8 } from '#base';
import { IN_TOTO_PAYLOAD } from './dsse.ts';
import type { BundleDocument } from './generated/bundle-types.ts';

/** A signed in-toto statement and who signed it. */
export type SealedStatement = {
  /** The exact bytes of the statement. */
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Helps to find the key, or the certificate of the signer in DER. */
  readonly signer: { readonly kind: 'key'; readonly hint: string } | { readonly kind: 'certificate'; readonly certificate: Uint8Array };
  /** Responses of time authorities over the bytes of the signature, in DER. */
  readonly timestamps?: readonly Uint8Array[];
  /** Entries of a Rekor log, as its bundle JSON has them. */
  readonly tlogEntries?: BundleDocument['verificationMaterial']['tlogEntries'];
};

/** Who signed, and what others say of the signature. */
const materialOf = ({ signer, timestamps = [], tlogEntries }: SealedStatement): BundleDocument['verificationMaterial'] => ({
  ...(signer.kind === 'key' ? { publicKey: { hint: signer.hint } } : { certificate: { rawBytes: toBase64(signer.certificate) } }),
  ...(tlogEntries === undefined ? {} : { tlogEntries }),
  ...(timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: timestamps.map((token) => ({ signedTimestamp: toBase64(token) })) } }),
});

type Sealed = Pick<SealedStatement, 'payload' | 'signature'>;

/** A DSSE envelope between two texts. The payload may be long: its base64 needs no escape, and never becomes a text. */
const envelopeBetween = (before: string, { payload, signature }: Sealed, after: string): Uint8Array =>
  concatBytes(utf8(`${before}{"payload":"`), toBase64Letters(payload), utf8(`","payloadType":"${IN_TOTO_PAYLOAD}","signatures":[{"sig":"${toBase64(signature)}"}]}${after}\n`));

/**
 * Bytes of a Sigstore bundle v0.3: one signature, and no keyid at all. A keyid that is not the verifier's own name of the key makes
 * the DSSE library inside cosign and slsa-verifier skip the signature.
 */
export const writeBundle = (statement: SealedStatement): Uint8Array =>
  envelopeBetween(`{"mediaType":"${BUNDLE_TYPE}","verificationMaterial":${JSON.stringify(materialOf(statement))},"dsseEnvelope":`, statement, '}');

/** The envelope alone, for tools that read bare DSSE. */
export const writeEnvelope = (statement: Sealed): Uint8Array => envelopeBetween('', statement, '');

const BUNDLE_TYPE: BundleDocument['mediaType'] = 'application/vnd.dev.sigstore.bundle.v0.3+json';
