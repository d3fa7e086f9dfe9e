import { bigintOf, DER, type DerElement } from '../der.ts';
import { booleanOf, contentOf, cursorOver, membersOf, oidOf, onlyElement, smallNumberOf } from '../x509/der-values.ts';
import { extensionsOf } from '../x509/extensions.ts';
import { type Moment, momentOf } from '../x509/moment.ts';
import { algorithmOf, type DigestAlgorithm, digestAlgorithmOf } from '../x509/signature-algorithm.ts';
import { broken, type Read } from './signed-data.ts';

/** What a token says. Source: RFC 3161 §2.4.2. */
export type TimeInfo = {
  /** Policy of the authority as an object identifier with dots. */
  readonly policy: string;
  readonly imprint: { readonly algorithm: DigestAlgorithm; readonly digest: Uint8Array };
  /** Serial number of the token, in the authority. */
  readonly serial: bigint;
  readonly time: Moment;
  /** How far the time may be off, in both directions. Absent where the authority does not say. Unit: millisecond, rounded up. */
  readonly accuracyMs?: number;
  readonly nonce?: bigint;
};

const DIGEST_BYTES: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Reads a TSTInfo from untrusted DER. Never throws. */
export const readTimeInfo = (bytes: Uint8Array): Read<TimeInfo> => {
  const members = cursorOver(membersOf(onlyElement(bytes)) ?? []);
  const version = smallNumberOf(members.take(DER.integer));
  const policy = oidOf(members.take(DER.oid));
  const [algorithm, imprint, ...more] = membersOf(members.take(DER.sequence)) ?? [];
  const serial = numberOf(members.take(DER.integer));
  const time = momentOf(members.take(0x18));
  if (version !== 1 || policy === undefined || serial === undefined || more.length > 0) return broken('has a malformed TSTInfo');
  if (time === undefined) return broken('has a malformed time');
  const digestAlgorithm = digestAlgorithmOf(algorithmOf(algorithm));
  if (digestAlgorithm === undefined) return broken('is about a digest that is not SHA-256, SHA-384 or SHA-512');
  const digest = contentOf(imprint, DER.octetString);
  if (digest?.length !== DIGEST_BYTES[digestAlgorithm]) return broken('is about a digest of the wrong length');
  const accuracyElement = members.take(DER.sequence);
  const accuracyMs = accuracyElement === undefined ? undefined : accuracyOf(accuracyElement);
  const ordering = members.take(0x01);
  const nonceElement = members.take(DER.integer);
  const nonce = numberOf(nonceElement);
  members.take(0xa0);
  const extensions = members.take(0xa1);
  const isMalformed = (accuracyElement !== undefined && accuracyMs === undefined) || (ordering !== undefined && booleanOf(ordering) === undefined);
  if (isMalformed || (nonceElement !== undefined && nonce === undefined) || !members.isDone()) return broken('has a malformed TSTInfo');
  if (extensions !== undefined && hasDemands(extensions)) return broken('has an extension that is malformed or critical');
  return {
    kind: 'read',
    value: {
      policy,
      imprint: { algorithm: digestAlgorithm, digest },
      serial,
      time,
      ...(accuracyMs === undefined ? {} : { accuracyMs }),
      ...(nonce === undefined ? {} : { nonce }),
    },
  };
};

/** A number of an authority, which may be of any size; a negative one is refused. */
const numberOf = (element: DerElement | undefined): bigint | undefined => {
  if (element === undefined || element.tag !== DER.integer) return undefined;
  const { content } = element;
  if (content.length === 0 || content.length > 64 || content[0]! >= 0x80) return undefined;
  const isPadded = content.length > 1 && content[0] === 0 && content[1]! < 0x80;
  return isPadded ? undefined : bigintOf(content);
};

/** Accuracy ::= SEQUENCE { seconds, millis [0] 1..999, micros [1] 1..999 }. An absent part is zero. */
const accuracyOf = (element: DerElement): number | undefined => {
  const members = cursorOver(membersOf(element) ?? []);
  const seconds = members.take(DER.integer);
  const [millis, micros] = [members.take(0x80), members.take(0x81)];
  const amount = (part: DerElement | undefined, most: number): number | undefined => {
    const number = part === undefined ? 0 : smallNumberOf({ ...part, tag: DER.integer });
    return number === undefined || number > most ? undefined : number;
  };
  const [wholeSeconds, milliseconds, microseconds] = [amount(seconds, 86_400 * 366), amount(millis, 999), amount(micros, 999)];
  if (membersOf(element) === undefined || !members.isDone() || wholeSeconds === undefined || milliseconds === undefined || microseconds === undefined) return undefined;
  return Math.ceil(wholeSeconds * 1000 + milliseconds + microseconds / 1000);
};

const hasDemands = (wrapped: DerElement): boolean => extensionsOf(membersOf({ ...wrapped, tag: DER.sequence }))?.some(({ isCritical }) => isCritical) ?? true;
