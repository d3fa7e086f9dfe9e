import { accepted, escapeControl, type Reading, rejected } from '#base';
import { DER, type DerElement } from '../der.ts';
import { membersOf, onlyElement, smallNumberOf } from '../x509/der-values.ts';
import { stringOf } from '../x509/distinguished-name.ts';
import { readSignedData, type SignedData } from './signed-data.ts';
import { readTimeInfo, type TimeInfo } from './time-info.ts';

/** A token of a time authority, read but not checked. */
export type Timestamp = { readonly info: TimeInfo; readonly signed: SignedData };

/** The chains of authorities take some kilobytes. Unit: byte. */
export const MOST_TIMESTAMP_BYTES = 64 * 1024;

/**
 * Reads the answer of a time authority (TimeStampResp, as bundles have it) or a bare token from untrusted bytes. An answer that
 * grants nothing, bytes behind it, BER, weak digests, none or two signers are refused. Says nothing about who signed it. Never throws.
 * Source: RFC 3161 §2.4.2.
 */
export const readTimestamp = (bytes: Uint8Array): Reading<Timestamp> => {
  if (bytes.length > MOST_TIMESTAMP_BYTES) return refused(`the token has more than ${MOST_TIMESTAMP_BYTES} bytes`);
  const outer = onlyElement(bytes);
  const [first, second, ...more] = membersOf(outer) ?? [];
  if (outer === undefined || first === undefined || more.length > 0) return refused('the token is not a TimeStampResp or token in DER');
  if (first.tag === DER.oid) return readToken(outer);
  const denial = denialOf(first);
  if (denial !== undefined) return refused(denial);
  return second === undefined ? refused('the answer of the authority holds no token') : readToken(second);
};

const refused = (message: string): Reading<never> => rejected({ pointer: '', message });

const readToken = (token: DerElement): Reading<Timestamp> => {
  const signed = readSignedData(token);
  if (signed.kind === 'broken') return refused(`the token ${signed.because}`);
  const info = readTimeInfo(signed.value.content);
  return info.kind === 'broken' ? refused(`the token ${info.because}`) : accepted({ info: info.value, signed: signed.value });
};

/** Granted, or granted with changes that are checked anyway. */
const GRANTED: readonly (number | undefined)[] = [0, 1];

/** Why an authority gave no token; undefined if it gave one. Its text is hostile and shown escaped. */
const denialOf = (info: DerElement): string | undefined => {
  const members = membersOf(info);
  const status = smallNumberOf(members?.[0]);
  if (members === undefined || status === undefined) return 'the answer of the authority has no status';
  if (GRANTED.includes(status)) return undefined;
  const texts = membersOf(members[1]) ?? [];
  const text = texts
    .slice(0, 4)
    .map((element) => stringOf(element)?.slice(0, 256))
    .filter((one) => one !== undefined);
  return `the authority gives no time: status ${status}${text.length === 0 ? '' : ` (${escapeControl(text.join('; '))})`}`;
};
