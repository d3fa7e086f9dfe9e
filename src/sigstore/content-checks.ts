import { compareBytes, type Crypto, readJson, toHex, valueAt, type VerifySignature } from '#base';
import { type Bundle, IN_TOTO_PAYLOAD, preAuthEncoding, type PublicKey, signatureProblem } from '#seal';
import { bundleCheck } from './bundle-check.ts';
import type { BundleSigner } from './bundle-signer.ts';
import type { BundleCheck } from './bundle-verdict.ts';
import type { LoggedContent } from './logged-content.ts';

/** The bytes that were signed; undefined where they are in a file that is not at hand. */
export const signedBytes = ({ content }: Bundle, artifact: Uint8Array | undefined): Uint8Array | undefined =>
  content.kind === 'dsse' ? preAuthEncoding(content.payloadType, content.payload) : artifact;

/** What an entry of a log must be about. */
export const loggedContent = ({ content, signer }: Bundle, signed: Uint8Array, { key }: Pick<BundleSigner, 'key'>, crypto: Crypto): LoggedContent => {
  const sha256 = crypto.sha256(signed);
  return {
    kind: content.kind,
    ...(content.kind === 'dsse' ? { payloadType: content.payloadType } : {}),
    signature: content.signature,
    signer: signer.kind === 'certificate' ? signer.certificates[0]! : key.spki,
    sha256: { signed: sha256, payload: content.kind === 'dsse' ? crypto.sha256(content.payload) : sha256 },
  };
};

/** Whether the signature is of this key over these bytes, and over a statement where it is no file. */
export const signatureCheck = ({ content }: Bundle, key: PublicKey, signed: Uint8Array, verify: VerifySignature): BundleCheck => {
  if (content.kind === 'dsse' && content.payloadType !== IN_TOTO_PAYLOAD) return bundleCheck('signature', 'broken', 'what was signed is not an in-toto statement');
  const malformed = signatureProblem(key.algorithm, content.signature);
  if (malformed !== undefined) return bundleCheck('signature', 'broken', malformed);
  return verify(key.spki, signed, content.signature)
    ? bundleCheck('signature', 'held', 'over these bytes')
    : bundleCheck('signature', 'broken', 'the signature is not over these bytes, or not of this signer');
};

/** Whether the bundle is about this file. */
export const artifactCheck = ({ content }: Bundle, artifact: Uint8Array | undefined, crypto: Crypto): BundleCheck => {
  if (artifact === undefined) return bundleCheck('artifact', 'not-asked', 'no file was named');
  const sha256 = crypto.sha256(artifact);
  if (content.kind === 'message') {
    const { digest } = content;
    const isSame = digest === undefined || digest.algorithm !== 'SHA2_256' || compareBytes(digest.bytes, sha256) === 0;
    return isSame ? bundleCheck('artifact', 'held', 'the file that was signed') : bundleCheck('artifact', 'broken', 'the bundle states the digest of another file');
  }
  return subjectDigests(content.payload).includes(toHex(sha256))
    ? bundleCheck('artifact', 'held', 'the statement is about this file')
    : bundleCheck('artifact', 'broken', 'the statement is not about this file');
};

const MOST_SUBJECTS = 1024;

/** SHA-256 of what a statement is about; none where it is no statement. Its bytes are hostile. Source: in-toto attestation v1 and v0.1. */
const subjectDigests = (payload: Uint8Array): readonly string[] => {
  const json = readJson(payload);
  if (json.kind === 'rejected') return [];
  const type = valueAt(json.value, '/_type');
  const subjects = valueAt(json.value, '/subject');
  if ((type !== 'https://in-toto.io/Statement/v1' && type !== 'https://in-toto.io/Statement/v0.1') || !Array.isArray(subjects) || subjects.length > MOST_SUBJECTS) return [];
  return subjects.map((subject: unknown) => valueAt(subject, '/digest/sha256')).filter((digest) => typeof digest === 'string');
};
