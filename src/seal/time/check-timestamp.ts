import { toHex } from '#base';
import { type Certificate, isSameCertificate } from '../x509/certificate.ts';
import { type ChainRefusal, checkChain } from '../x509/check-chain.ts';
import { readMoment } from '../x509/moment.ts';
import { type CertificatePorts, checkToken, refuseTimestamp, TIME_STAMPING, type TimestampRefusal, type TimestampRefused, type TimestampSubject } from './check-token.ts';
import { readTimestamp, type Timestamp } from './read-timestamp.ts';

/** A time authority that a person has said counts. */
export type TimeAuthority = {
  readonly name: string;
  /**
   * The last one is trusted, and the path of a signer must lead through the first: a signer's certificate in first place means this
   * signer only, an issuer's in first place whomever that issuer lets date things. One may stand alone. At least one.
   */
  readonly certificates: readonly Certificate[];
  /** First and last moment, in RFC 3339, at which its times count; both included. */
  readonly validFrom?: string;
  readonly validUntil?: string;
};

/** A time that counts. */
export type TrustedTime = {
  /** RFC 3339 in UTC, with the fraction of the token. */
  readonly time: string;
  /** The same. Unit: millisecond since 1970. */
  readonly timeMs: number;
  /** How far off it may be, in both directions, as the authority says. Unit: millisecond. */
  readonly accuracyMs?: number;
  readonly authority: string;
  /** SHA-256 of the signer's certificate, in hexadecimal. */
  readonly certificateSha256: string;
};

export type TimestampCheck = ({ readonly kind: 'held' } & TrustedTime) | TimestampRefused;

/**
 * Whether untrusted bytes are a token over this signature of one of these authorities, and what time it states. No authority, or a
 * window that cannot be read, gives no time. Never throws. Source: RFC 3161; RFC 5280 §6.1 for the path.
 */
export const checkTimestamp = (bytes: Uint8Array, subject: TimestampSubject, authorities: readonly TimeAuthority[], ports: CertificatePorts): TimestampCheck => {
  const read = readTimestamp(bytes);
  if (read.kind === 'rejected') return refuseTimestamp('malformed', read.problems[0]!.message);
  const known = authorities.flatMap(({ certificates }) => certificates);
  const sound = checkToken(read.value, subject, known, ports);
  if (sound.kind === 'refused') return sound;
  let best: TimestampRefused | undefined;
  for (const authority of authorities) {
    const refusal = authorityRefusal(authority, { timestamp: read.value, signer: sound.signer }, ports);
    if (refusal === undefined) return { kind: 'held', ...timeOf(read.value), authority: authority.name, certificateSha256: toHex(ports.crypto.sha256(sound.signer.der)) };
    if (best === undefined || best.refusal === 'unknown-authority') best = refusal;
  }
  return best ?? refuseTimestamp('unknown-authority', 'no time authority is configured');
};

const timeOf = ({ info }: Timestamp): Pick<TrustedTime, 'time' | 'timeMs' | 'accuracyMs'> => ({
  time: info.time.text,
  timeMs: info.time.sinceEpochMs,
  ...(info.accuracyMs === undefined ? {} : { accuracyMs: info.accuracyMs }),
});

type Signed = { readonly timestamp: Timestamp; readonly signer: Certificate };

/** Why the token is not of this authority, or does not count; undefined if it does. */
const authorityRefusal = (authority: TimeAuthority, { timestamp, signer }: Signed, { verifyWith }: CertificatePorts): TimestampRefused | undefined => {
  const { name, certificates } = authority;
  const [first, last] = [certificates[0], certificates.at(-1)];
  if (first === undefined || last === undefined) return refuseTimestamp('unknown-authority', `the time authority ${name} has no certificate`);
  const atMs = timestamp.info.time.sinceEpochMs;
  const intermediates = [...certificates.slice(0, -1), ...timestamp.signed.certificates];
  const chain = checkChain({ leaf: signer, intermediates, anchors: [last], atMs, purpose: TIME_STAMPING }, verifyWith);
  if (chain.kind === 'refused') return refuseTimestamp(WORDS[chain.refusal], chain.refusal === 'no-path' ? `the token is not of the time authority ${name}` : chain.because);
  if (!chain.path.some((one) => isSameCertificate(one, first))) return refuseTimestamp('unknown-authority', `the token is of another signer than the time authority ${name} has`);
  return windowProblem(authority, atMs);
};

const WORDS: Readonly<Record<ChainRefusal, TimestampRefusal>> = {
  'no-path': 'unknown-authority',
  expired: 'expired',
  'not-yet-valid': 'not-yet-valid',
  'wrong-signature': 'unknown-authority',
  'unsupported-algorithm': 'bad-certificate',
  'not-an-authority': 'bad-certificate',
  'wrong-purpose': 'not-for-timestamps',
  'path-too-long': 'bad-certificate',
  'unknown-critical-extension': 'bad-certificate',
};

const windowProblem = ({ name, validFrom, validUntil }: TimeAuthority, atMs: number): TimestampRefused | undefined => {
  const from = validFrom === undefined ? -Infinity : readMoment(validFrom)?.sinceEpochMs;
  const until = validUntil === undefined ? Infinity : readMoment(validUntil)?.sinceEpochMs;
  if (from === undefined || until === undefined) return refuseTimestamp('outside-window', `it cannot be read from when until when the time authority ${name} counts`);
  if (atMs < from) return refuseTimestamp('outside-window', `the time authority ${name} counts only from ${validFrom}`);
  return atMs <= until ? undefined : refuseTimestamp('outside-window', `the time authority ${name} counted only until ${validUntil}`);
};
