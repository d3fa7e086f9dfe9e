import { compareBytes, escapeControl, fromBase64, fromUtf8, readJson, valueAt } from '#base';
import { readPem } from '#seal';
import type { LoggedContent } from './logged-content.ts';

/**
 * What is wrong between the body of a log entry and the bundle it came with; undefined if the entry is about exactly this signature, this
 * signer and these bytes. Whether the log has the entry is another question. The body is hostile. Never throws.
 * Source: sigstore/rekor pkg/types (hashedrekord 0.0.1, dsse 0.0.1, intoto 0.0.2); sigstore/rekor-tiles api/proto (0.0.2).
 */
export const entryProblem = (body: Uint8Array, stated: { readonly name: string; readonly version: string } | undefined, content: LoggedContent): string | undefined => {
  const json = readJson(body);
  if (json.kind === 'rejected') return `the entry cannot be read: ${json.problems[0]!.message}`;
  const text = (pointer: string): string | undefined => textOf(valueAt(json.value, pointer));
  const [kind, version] = [text('/kind'), text('/apiVersion')];
  if (kind === undefined || version === undefined) return 'the entry does not say of what kind it is';
  if (stated !== undefined && (stated.name !== kind || stated.version !== version)) return 'the entry is of another kind than the bundle says';
  const name = `${kind} ${version}`;
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) return `entries of the kind ${escapeControl(name.slice(0, 60))} are not read`;
  const claim = read({ text, value: (pointer) => valueAt(json.value, pointer) }, content);
  if (typeof claim === 'string') return claim;
  if (!isSame(claim.digest, content.sha256[claim.over])) return `the entry is about another ${claim.over === 'payload' ? 'statement' : 'file or statement'}`;
  if (!isSame(claim.signature, content.signature)) return 'the entry is about another signature';
  return isSame(claim.signer, content.signer) ? undefined : 'the entry names another key or certificate';
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isSame = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && compareBytes(a, b) === 0;

/** What an entry says was signed, by whom. A part that could not be read is undefined, and equals nothing. */
type Claim = { readonly digest: Uint8Array | undefined; readonly over: 'signed' | 'payload'; readonly signature: Uint8Array | undefined; readonly signer: Uint8Array | undefined };

type Body = { readonly text: (pointer: string) => string | undefined; readonly value: (pointer: string) => unknown };

const base64 = (text: string | undefined): Uint8Array | undefined => (text === undefined ? undefined : fromBase64(text));
const hex = (text: string | undefined): Uint8Array | undefined =>
  text !== undefined && /^([0-9a-f]{2}){32}$/.test(text) ? Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16)) : undefined;

/** DER of a key or certificate in base64 of PEM. */
const pem = (text: string | undefined): Uint8Array | undefined => {
  const bytes = base64(text);
  const block = bytes === undefined ? undefined : readPem(fromUtf8(bytes) ?? '');
  return block?.label === 'PUBLIC KEY' || block?.label === 'CERTIFICATE' ? block.der : undefined;
};

/** DER of a key or certificate in the form of Rekor v2. */
const verifier = (body: Body, pointer: string): Uint8Array | undefined => base64(body.text(`${pointer}/x509Certificate/rawBytes`) ?? body.text(`${pointer}/publicKey/rawBytes`));

const isOne = (value: unknown): boolean => Array.isArray(value) && value.length === 1;

const ONE_SIGNATURE = 'the entry does not have exactly one signature';

const READERS: Readonly<Record<string, (body: Body, content: LoggedContent) => Claim | string>> = {
  'hashedrekord 0.0.1': (body, { kind }) => {
    if (kind === 'dsse') return 'an entry of the kind hashedrekord 0.0.1 is about a file, not a statement';
    if (body.text('/spec/data/hash/algorithm') !== 'sha256') return 'the entry has a digest other than SHA-256';
    const signer = pem(body.text('/spec/signature/publicKey/content'));
    return { digest: hex(body.text('/spec/data/hash/value')), over: 'signed', signature: base64(body.text('/spec/signature/content')), signer };
  },
  // A statement is logged like a file: by the digest of what is signed.
  'hashedrekord 0.0.2': (body) => {
    const at = '/spec/hashedRekordV002';
    if (body.text(`${at}/data/algorithm`) !== 'SHA2_256') return 'the entry has a digest other than SHA-256';
    const signer = verifier(body, `${at}/signature/verifier`);
    return { digest: base64(body.text(`${at}/data/digest`)), over: 'signed', signature: base64(body.text(`${at}/signature/content`)), signer };
  },
  'dsse 0.0.1': (body, { kind }) => {
    if (kind !== 'dsse') return 'the entry is about a statement, not a file';
    if (!isOne(body.value('/spec/signatures'))) return ONE_SIGNATURE;
    if (body.text('/spec/payloadHash/algorithm') !== 'sha256') return 'the entry has a digest other than SHA-256';
    const at = '/spec/signatures/0';
    return { digest: hex(body.text('/spec/payloadHash/value')), over: 'payload', signature: base64(body.text(`${at}/signature`)), signer: pem(body.text(`${at}/verifier`)) };
  },
  'dsse 0.0.2': (body, { kind }) => {
    if (kind !== 'dsse') return 'the entry is about a statement, not a file';
    const at = '/spec/dsseV002';
    if (!isOne(body.value(`${at}/signatures`))) return ONE_SIGNATURE;
    if (body.text(`${at}/payloadHash/algorithm`) !== 'SHA2_256') return 'the entry has a digest other than SHA-256';
    const signature = base64(body.text(`${at}/signatures/0/content`));
    return { digest: base64(body.text(`${at}/payloadHash/digest`)), over: 'payload', signature, signer: verifier(body, `${at}/signatures/0/verifier`) };
  },
  'intoto 0.0.2': (body, { kind, payloadType }) => {
    if (kind !== 'dsse') return 'the entry is about a statement, not a file';
    const at = '/spec/content/envelope';
    if (!isOne(body.value(`${at}/signatures`))) return ONE_SIGNATURE;
    if (body.text('/spec/content/payloadHash/algorithm') !== 'sha256') return 'the entry has a digest other than SHA-256';
    if (body.text(`${at}/payloadType`) !== payloadType) return 'the entry is about another type of statement';
    // The signature is in base64 twice: its text in the envelope is taken as bytes.
    const once = base64(body.text(`${at}/signatures/0/sig`));
    const signature = once === undefined ? undefined : base64(fromUtf8(once));
    return { digest: hex(body.text('/spec/content/payloadHash/value')), over: 'payload', signature, signer: pem(body.text(`${at}/signatures/0/publicKey`)) };
  },
};
