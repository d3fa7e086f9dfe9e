import {
  accepted,
  canonicalJson,
  compareBytes,
  fromBase64,
  type JsonLimits,
  keysAt,
  nearest,
  type Problem,
  problemsOf,
  readJson,
  type Reading,
  rejected,
  toBase64,
  utf8,
  withLines,
} from '#base';
import { preAuthEncoding } from '#seal';
import { TRUST_ENVELOPE_KEYS } from './generated/envelope-keys.ts';
import type { TrustEnvelopeDocument } from './generated/envelope-types.ts';
import { schemaErrors } from './generated/envelope-validator.ts';
import type { TrustDocument } from './generated/trust-types.ts';

/** Signed together with the payload: a signature over a statement is none over a trust file, nor the other way round. */
export const TRUST_PAYLOAD = 'application/vnd.trainlock.trust+json';

/** Largest trust.json, and most members in it. Unit of maxBytes: byte. */
export const TRUST_LIMITS: JsonLimits = { maxBytes: 1024 * 1024, maxDepth: 16, maxKeys: 50_000 };

/** Most signatures of one trust.json. */
const MOST_SIGNATURES = 64;

export type TrustSignature = {
  /** Which key is tried; decides nothing. SHA-256 of the SubjectPublicKeyInfo in hexadecimal. */
  readonly keyId: string;
  readonly signature: Uint8Array;
};

/** A trust.json: the exact bytes of its document, and signatures that nobody has checked yet. */
export type TrustEnvelope = { readonly payload: Uint8Array; readonly signatures: readonly TrustSignature[] };

/**
 * Reads a trust.json from untrusted bytes: a DSSE envelope of our own type, closed, with 1 to 64 signatures of different key ids, and
 * a payload in canonical JSON. Says nothing about whether the signatures are good, nor what the payload means. Never throws.
 * Source: DSSE 1.0, envelope.md.
 */
export const readTrustEnvelope = (bytes: Uint8Array): Reading<TrustEnvelope> => {
  const json = readJson(bytes, TRUST_LIMITS);
  if (json.kind === 'rejected') return json;
  const errors = schemaErrors(json.value);
  if (errors.length > 0) return withLines(rejected(...problemsOf(errors, json.value, nearest, (pointer) => keysAt(pointer, TRUST_ENVELOPE_KEYS))), bytes);
  const document = json.value as unknown as TrustEnvelopeDocument;
  const payload = fromBase64(document.payload);
  const signatures = document.signatures.map(({ keyid, sig }) => ({ keyId: keyid, signature: fromBase64(sig) ?? NOTHING }));
  const problems: readonly Problem[] = [
    ...(payload === undefined
      ? [{ pointer: '/payload', message: 'is not standard base64' }]
      : isCanonical(payload)
        ? []
        : [{ pointer: '/payload', message: 'is not canonical JSON' }]),
    ...signatures.flatMap(({ signature }, at) => (signature.length === 0 ? [{ pointer: `/signatures/${at}/sig`, message: 'is not standard base64' }] : [])),
    ...signatures.flatMap(({ keyId }, at) =>
      signatures.findIndex((other) => other.keyId === keyId) === at ? [] : [{ pointer: `/signatures/${at}/keyid`, message: 'has signed already: each key signs once' }],
    ),
  ];
  return problems.length > 0 || payload === undefined ? withLines(rejected(...problems), bytes) : accepted({ payload, signatures });
};

const NOTHING = new Uint8Array(0);

const isCanonical = (payload: Uint8Array): boolean => {
  const json = readJson(payload, TRUST_LIMITS);
  if (json.kind === 'rejected') return false;
  try {
    return compareBytes(canonicalJson(json.value), payload) === 0;
  } catch {
    // Something that canonical JSON cannot say, such as a fraction.
    return false;
  }
};

/** The bytes over which the roots sign the payload of a trust.json. */
export const trustBytesToSign = ({ payload }: Pick<TrustEnvelope, 'payload'>): Uint8Array => preAuthEncoding(TRUST_PAYLOAD, payload);

/** A trust.json that nobody has signed yet. */
export const newTrustEnvelope = (document: TrustDocument): TrustEnvelope => ({ payload: canonicalJson(document), signatures: [] });

/** The envelope with one more signature; an earlier one of the same key gives way. The payload stays byte for byte. Rejected if there is no room. */
export const addTrustSignature = (envelope: TrustEnvelope, signature: TrustSignature): Reading<TrustEnvelope> => {
  const signatures = [...envelope.signatures.filter(({ keyId }) => keyId !== signature.keyId), signature];
  return signatures.length > MOST_SIGNATURES
    ? rejected({ pointer: '/signatures', message: `there are ${MOST_SIGNATURES} signatures already; more are not read` })
    : accepted({ payload: envelope.payload, signatures });
};

/** Bytes of a trust.json. */
export const writeTrustEnvelope = ({ payload, signatures }: TrustEnvelope): Uint8Array => {
  const document: TrustEnvelopeDocument = {
    payloadType: TRUST_PAYLOAD,
    payload: toBase64(payload),
    signatures: signatures.map(({ keyId, signature }) => ({ keyid: keyId, sig: toBase64(signature) })),
  };
  return utf8(`${JSON.stringify(document)}\n`);
};
