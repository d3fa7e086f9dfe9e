import { accepted, type Crypto, type JsonLimits, JSON_LIMITS, type JsonValue, readJson, type Reading, rejected, withLines } from '#base';
import { readPublicKey } from '../public-key.ts';
import type { TimeAuthority } from '../time/check-timestamp.ts';
import { type Certificate, readCertificate } from '../x509/certificate.ts';
import { type Moment, readMoment } from '../x509/moment.ts';
import { bytesAt, itemsAt, objectAt, textAt, type Trouble } from './json-members.ts';
import type { CertificateAuthority, TrustedLog, TrustedRoot, UnusableKey, Window } from './trusted-root.ts';

const LIMITS: JsonLimits = { ...JSON_LIMITS, maxBytes: 4 * 1024 * 1024, maxKeys: 20_000 };

const MEDIA_TYPES: readonly (JsonValue | undefined)[] = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot.v0.1+json',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];

const MOST = { entries: 256, certificates: 8 } as const;

/**
 * Reads a Sigstore TrustedRoot (JSON, v0.1 and v0.2) from untrusted bytes. Strict: a member that is not known, a certificate that cannot
 * be read, a log, certificate authority or time authority without the moment from which it counts refuse the whole root: a gap there
 * would trust more than anybody meant. A key of a kind that nothing is checked with any more is kept as unusable. Never throws.
 * Source: sigstore/protobuf-specs, sigstore_trustroot.proto.
 */
export const readTrustedRoot = (bytes: Uint8Array, crypto: Crypto): Reading<TrustedRoot> => {
  const json = readJson(bytes, LIMITS);
  if (json.kind === 'rejected') return json;
  const trouble: Trouble = { problems: [] };
  const root = objectAt(json.value, '', 'mediaType! tlogs certificateAuthorities ctlogs timestampAuthorities', trouble) ?? {};
  if (trouble.problems.length === 0 && !MEDIA_TYPES.includes(root['mediaType']))
    trouble.problems.push({ pointer: '/mediaType', message: 'is not that of a trusted root v0.1 or v0.2' });
  const listed = <T>(name: string, read: (value: JsonValue, pointer: string) => T | undefined): readonly T[] =>
    itemsAt(root[name], `/${name}`, MOST.entries, trouble).flatMap((value, at) => read(value, `/${name}/${at}`) ?? []);
  const log = (value: JsonValue, pointer: string): TrustedLog | undefined => logAt(value, pointer, { trouble, crypto });
  const value: TrustedRoot = {
    logs: listed('tlogs', log),
    certificateAuthorities: listed('certificateAuthorities', (item, pointer) => authorityAt(item, pointer, trouble)),
    certificateLogs: listed('ctlogs', log),
    timeAuthorities: listed('timestampAuthorities', (item, pointer) => timeAuthorityAt(item, pointer, trouble)),
  };
  return trouble.problems.length > 0 ? withLines(rejected(...trouble.problems), bytes) : accepted(value);
};

type Reader = { readonly trouble: Trouble; readonly crypto: Crypto };

const logAt = (value: JsonValue, pointer: string, { trouble, crypto }: Reader): TrustedLog | undefined => {
  const log = objectAt(value, pointer, 'baseUrl! hashAlgorithm! publicKey! logId! checkpointKeyId operator', trouble);
  if (log === undefined) return undefined;
  if (log['hashAlgorithm'] !== 'SHA2_256' && log['hashAlgorithm'] !== undefined) trouble.problems.push({ pointer: `${pointer}/hashAlgorithm`, message: 'is not SHA2_256' });
  const key = objectAt(log['publicKey'], `${pointer}/publicKey`, 'rawBytes! keyDetails! validFor!', trouble) ?? {};
  const spki = bytesAt(key['rawBytes'], `${pointer}/publicKey/rawBytes`, trouble);
  const window = windowAt(key['validFor'], `${pointer}/publicKey/validFor`, trouble);
  const logId = keyIdAt(log['logId'], `${pointer}/logId`, trouble);
  const checkpointKeyId = log['checkpointKeyId'] === undefined ? logId : keyIdAt(log['checkpointKeyId'], `${pointer}/checkpointKeyId`, trouble);
  const name = textAt(log['baseUrl'], `${pointer}/baseUrl`, trouble);
  const operator = textAt(log['operator'], `${pointer}/operator`, trouble);
  if (spki === undefined || window === undefined || logId === undefined || checkpointKeyId === undefined || name === undefined) return undefined;
  return { name, logId, checkpointKeyId, key: usableKey(spki, crypto), window, ...(operator === undefined || operator === '' ? {} : { operator }) };
};

const usableKey = (spki: Uint8Array, crypto: Crypto): TrustedLog['key'] => {
  const reading = readPublicKey(spki, crypto);
  return reading.kind === 'accepted' ? reading.value : ({ kind: 'unusable', because: reading.problems[0]!.message } satisfies UnusableKey);
};

const keyIdAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): Uint8Array | undefined => {
  const object = objectAt(value, pointer, 'keyId!', trouble);
  const bytes = bytesAt(object?.['keyId'], `${pointer}/keyId`, trouble);
  if (bytes === undefined || (bytes.length >= 4 && bytes.length <= 64)) return bytes;
  trouble.problems.push({ pointer: `${pointer}/keyId`, message: 'does not have the length of an id (4 to 64 bytes)' });
  return undefined;
};

const windowAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): Window | undefined => {
  const range = objectAt(value, pointer, 'start! end', trouble);
  if (range === undefined) return undefined;
  const [from, until] = [momentAt(range['start'], `${pointer}/start`, trouble), momentAt(range['end'], `${pointer}/end`, trouble)];
  if (from === undefined) return undefined;
  if (until !== undefined && until.sinceEpochMs < from.sinceEpochMs) trouble.problems.push({ pointer, message: 'ends before it begins' });
  return { from, ...(until === undefined ? {} : { until }) };
};

const momentAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): Moment | undefined => {
  if (value === undefined) return undefined;
  const moment = typeof value === 'string' ? readMoment(value) : undefined;
  if (moment === undefined) trouble.problems.push({ pointer, message: 'is not a moment in RFC 3339' });
  return moment;
};

const authorityAt = (value: JsonValue, pointer: string, trouble: Trouble): CertificateAuthority | undefined => {
  const authority = objectAt(value, pointer, 'subject uri certChain! validFor! operator', trouble);
  if (authority === undefined) return undefined;
  const subject = objectAt(authority['subject'], `${pointer}/subject`, 'organization commonName', trouble) ?? {};
  const name = textAt(authority['uri'], `${pointer}/uri`, trouble) ?? textAt(subject['commonName'], `${pointer}/subject/commonName`, trouble) ?? 'unnamed';
  textAt(authority['operator'], `${pointer}/operator`, trouble);
  const certificates = chainAt(authority['certChain'], `${pointer}/certChain`, trouble);
  const window = windowAt(authority['validFor'], `${pointer}/validFor`, trouble);
  return certificates === undefined || window === undefined ? undefined : { name, certificates, window };
};

const timeAuthorityAt = (value: JsonValue, pointer: string, trouble: Trouble): TimeAuthority | undefined => {
  const authority = authorityAt(value, pointer, trouble);
  if (authority === undefined) return undefined;
  const { name, certificates, window } = authority;
  return { name, certificates, validFrom: window.from.text, ...(window.until === undefined ? {} : { validUntil: window.until.text }) };
};

const chainAt = (value: JsonValue | undefined, pointer: string, trouble: Trouble): readonly Certificate[] | undefined => {
  const chain = objectAt(value, pointer, 'certificates!', trouble);
  const items = itemsAt(chain?.['certificates'], `${pointer}/certificates`, MOST.certificates, trouble);
  if (chain?.['certificates'] !== undefined && items.length === 0) trouble.problems.push({ pointer: `${pointer}/certificates`, message: 'holds no certificate' });
  const certificates = items.flatMap((item, at): readonly Certificate[] => {
    const place = `${pointer}/certificates/${at}`;
    const der = bytesAt(objectAt(item, place, 'rawBytes!', trouble)?.['rawBytes'], `${place}/rawBytes`, trouble);
    const reading = der === undefined ? undefined : readCertificate(der);
    if (reading?.kind === 'rejected') trouble.problems.push({ pointer: place, message: reading.problems[0]!.message });
    return reading?.kind === 'accepted' ? [reading.value] : [];
  });
  return certificates.length > 0 && certificates.length === items.length ? certificates : undefined;
};
