import { compareBytes, type Crypto, fromBase64, type VerifySignature } from '#base';
import { type Bundle, checkSignature, IN_TOTO_PAYLOAD, type PublicKey, readBundle, type VerifyWith } from '#seal';
import type { ProvenTime } from '#trust';

/** The hash functions and the signature check that a verdict needs. */
export type Ports = { readonly crypto: Crypto; readonly verifySignature: VerifySignature; /** For certificates of time authorities. */ readonly verifyWith: VerifyWith };

/** Who signed, and the issuer that vouches for the name; both exactly as the certificate has them. */
export type SignerIdentity = { readonly issuer: string; readonly subject: string };

/** Whose signature a bundle carries, as far as keys are known. */
export type SignerFinding =
  | { readonly kind: 'signed'; readonly bundle: Bundle; readonly payload: Uint8Array; readonly key: PublicKey }
  /** Signed with a certificate: whose it is, a trust root decides. */
  | { readonly kind: 'certified'; readonly bundle: Bundle; readonly payload: Uint8Array }
  /** Signed with a certificate that counted when it signed: see identifySigner. */
  | { readonly kind: 'identified'; readonly bundle: Bundle; readonly payload: Uint8Array; readonly identity: SignerIdentity; readonly times: readonly ProvenTime[] }
  | { readonly kind: 'stranger'; readonly bundle: Bundle; readonly payload: Uint8Array; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * Reads a bundle from untrusted bytes and finds which of the known keys signed it. The hint only says which key is tried first: one
 * that points to a known key whose signature this is not is a broken signature; one that points nowhere leaves it open whose it is.
 */
export const findSigner = (bytes: Uint8Array, keys: readonly PublicKey[], { crypto, verifySignature }: Ports): SignerFinding => {
  const reading = readBundle(bytes);
  if (reading.kind === 'rejected') {
    const [first] = reading.problems;
    return { kind: 'refused', because: `the bundle cannot be read: ${first?.pointer === '' ? '' : `${first?.pointer}: `}${first?.message ?? ''}` };
  }
  const bundle = reading.value;
  const { content, signer } = bundle;
  if (bundle.version !== '0.3') return { kind: 'refused', because: `the bundle has version ${bundle.version}; records are signed in version 0.3` };
  if (content.kind !== 'dsse') return { kind: 'refused', because: 'the bundle signs a file that lies elsewhere, not a statement' };
  const { payload, payloadType } = content;
  if (payloadType !== IN_TOTO_PAYLOAD) return { kind: 'refused', because: `the payload has the type ${payloadType}, not ${IN_TOTO_PAYLOAD}` };
  if (signer.kind === 'certificate') return { kind: 'certified', bundle, payload };
  const hinted = keys.find((key) => isHintOf(signer.hint, key, crypto));
  const first = hinted === undefined ? undefined : checkSignature(bundle, hinted, verifySignature);
  if (hinted !== undefined && first?.kind === 'held') return { kind: 'signed', bundle, payload, key: hinted };
  const other = keys.find((key) => key !== hinted && checkSignature(bundle, key, verifySignature).kind === 'held');
  if (other !== undefined) return { kind: 'signed', bundle, payload, key: other };
  if (first?.kind === 'refused') return { kind: 'refused', because: first.because };
  return { kind: 'stranger', bundle, payload, because: `it was signed with a key that is not known here${signer.hint === undefined ? '' : ` (hint ${signer.hint.slice(0, 60)})`}` };
};

/** A hint is the digest of the key in base64, as cosign writes it; model signing has the digest of its PEM in hexadecimal. */
const isHintOf = (hint: string | undefined, key: PublicKey, crypto: Crypto): boolean => {
  const bytes = hint === undefined ? undefined : fromBase64(hint);
  return bytes !== undefined && bytes.length === 32 && compareBytes(bytes, crypto.sha256(key.spki)) === 0;
};
