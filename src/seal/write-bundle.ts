import { toBase64, utf8 } from '#base';
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

/**
 * The document of a Sigstore bundle v0.3: one signature, and no keyid at all. A keyid that is not the verifier's own name of the key
 * makes the DSSE library inside cosign and slsa-verifier skip the signature.
 */
const bundleDocument = ({ payload, signature, signer, timestamps = [], tlogEntries }: SealedStatement): BundleDocument => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: {
    ...(signer.kind === 'key' ? { publicKey: { hint: signer.hint } } : { certificate: { rawBytes: toBase64(signer.certificate) } }),
    ...(tlogEntries === undefined ? {} : { tlogEntries }),
    ...(timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: timestamps.map((token) => ({ signedTimestamp: toBase64(token) })) } }),
  },
  dsseEnvelope: { payload: toBase64(payload), payloadType: IN_TOTO_PAYLOAD, signatures: [{ sig: toBase64(signature) }] },
});

/** Bytes of a bundle. */
export const writeBundle = (statement: SealedStatement): Uint8Array => utf8(`${JSON.stringify(bundleDocument(statement))}\n`);

/** The envelope alone, for tools that read bare DSSE. */
export const writeEnvelope = (statement: Pick<SealedStatement, 'payload' | 'signature'>): Uint8Array =>
  utf8(`${JSON.stringify({ payloadType: IN_TOTO_PAYLOAD, payload: toBase64(statement.payload), signatures: [{ sig: toBase64(statement.signature) }] })}\n`);
