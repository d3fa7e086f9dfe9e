import { generateKeyPairSync, sign } from 'node:crypto';
import { compareBytes, type Crypto, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { IN_TOTO_PAYLOAD, preAuthEncoding, readBundle, readSigningCertificate, type SealedStatement, type SigningCertificate, type TrustedRoot, writeBundle } from '#seal';
import { thresholdsOf, verifyBundle } from '#sigstore';
import { type BuiltStatement, isBuiltStatement } from '#statements';
import { nodeVerifyWith } from '../node-certificates.ts';
import { nodeVerifySignature } from '../node-signatures.ts';
import { askAuthority } from '../time/ask-authority.ts';
import { askFulcio } from './ask-fulcio.ts';
import { askRekor } from './ask-rekor.ts';
import { findToken, SIGSTORE_AUDIENCE } from './find-token.ts';
import { tokenProblem } from './identity-token.ts';

export type KeylessOptions = {
  /** Address of the certificate authority (Fulcio). None of these addresses has a default: nothing public is ever asked unless it is named. */
  readonly fulcioUrl: string;
  /** Address of the log (Rekor v2); needed where the trusted root lists logs. What is entered there may be public for ever. */
  readonly rekorUrl?: string;
  /** Addresses of time authorities; at least one: a certificate counts for minutes, and only a proven time shows that the signature fell into them. */
  readonly timestampUrls: readonly string[];
  /** What the answers of all of them must hold against. */
  readonly trustedRoot: TrustedRoot;
  /** The only issuer of tokens that is meant. */
  readonly identityIssuer?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Unit: millisecond since 1970. */
  readonly now?: () => number;
};

/** `identity` is who signed, as the certificate says. */
export type KeylessStatement = SealedStatement & { readonly identity: { readonly issuer: string; readonly subject: string } };

/**
 * Signs a statement with the identity of this job: a fresh key that never leaves the memory, a certificate for it, a proven time, an entry
 * in the log. Only what `#statements` has built can be signed. The whole bundle is verified against the trusted root before it is given
 * out: a service that lies is noticed now and not in ten years. Throws TL1104 (no identity, refused, or answers that do not hold), TL0801.
 */
export const signKeyless = async (statement: BuiltStatement, options: KeylessOptions): Promise<KeylessStatement> => {
  if (!isBuiltStatement(statement, nodeCrypto)) throw new TypeError('only statements that trainlock has built itself can be signed');
  const { fulcioUrl, rekorUrl, timestampUrls, trustedRoot, identityIssuer, env, now = Date.now } = options;
  if (timestampUrls.length === 0)
    throw new TrainlockError('TL1104', 'no time authority is named, and without a proven time the signature would count for minutes only', { fix: '--timestamp-url URL' });
  const token = await findToken(env);
  const problem = tokenProblem(token, { audience: SIGSTORE_AUDIENCE, nowMs: now(), ...(identityIssuer === undefined ? {} : { issuer: identityIssuer }) });
  if (problem !== undefined) throw new TrainlockError('TL1104', problem, { fix: `ask the issuer for a token with the audience ${SIGSTORE_AUDIENCE}` });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const certificate = await askFulcio({ url: fulcioUrl, token, privateKey, spki });
  const read = certified(certificate, spki, nodeCrypto);
  const message = preAuthEncoding(IN_TOTO_PAYLOAD, statement.payload);
  const signature = sign('sha256', message, privateKey);
  const timestamps = await timesOf(signature, timestampUrls);
  const entry = rekorUrl === undefined ? undefined : await askRekor({ url: rekorUrl, digest: nodeCrypto.sha256(message), signature, certificate });
  const sealed: SealedStatement = {
    payload: statement.payload,
    signature,
    signer: { kind: 'certificate', certificate },
    timestamps,
    ...(entry === undefined ? {} : { tlogEntries: [entry] }),
  };
  mustHold(sealed, trustedRoot);
  return { ...sealed, identity: { issuer: read.issuer, subject: read.subject } };
};

const certified = (der: Uint8Array, spki: Uint8Array, crypto: Crypto): SigningCertificate => {
  const reading = readSigningCertificate(der, crypto);
  if (reading.kind === 'rejected') throw new TrainlockError('TL1104', `the certificate authority answers with a certificate that is not used: ${reading.problems[0]!.message}`);
  if (compareBytes(reading.value.key.spki, spki) !== 0) throw new TrainlockError('TL1104', 'the certificate authority answers with a certificate for another key');
  return reading.value;
};

const timesOf = async (signature: Uint8Array, urls: readonly string[]): Promise<readonly Uint8Array[]> => {
  const answers = await Promise.all(urls.map((url) => askAuthority(signature, { url })));
  const dated = answers.flatMap((answer) => (answer.kind === 'dated' ? [answer.response] : []));
  if (dated.length > 0) return dated;
  const why = answers.flatMap((answer) => (answer.kind === 'not-dated' ? [answer.because] : []));
  throw new TrainlockError('TL1104', `no time authority dates the signature: ${why[0] ?? ''}`, { notes: why.slice(1) });
};

/** Reads the bundle back as strangers will. */
const mustHold = (sealed: SealedStatement, trustedRoot: TrustedRoot): void => {
  const reading = readBundle(writeBundle(sealed));
  if (reading.kind === 'rejected') throw new TrainlockError('TL1104', `what the services answer makes no bundle: ${reading.problems[0]!.message}`);
  const ports = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith };
  const { kind, checks } = verifyBundle(reading.value, { trustedRoot, by: { kind: 'any-identity' }, thresholds: thresholdsOf(trustedRoot) }, ports);
  if (kind === 'accepted') return;
  const missing = checks.filter(({ outcome }) => outcome === 'broken' || outcome === 'unknown').map(({ name, because }) => `${name}: ${because}`);
  throw new TrainlockError('TL1104', `what the services answer does not hold against the trusted root: ${missing[0] ?? 'nothing was checked'}`, { notes: missing.slice(1) });
};
