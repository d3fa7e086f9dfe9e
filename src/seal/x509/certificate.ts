import { accepted, compareBytes, type Reading, rejected, toHex, withoutUndefined } from '#base';
import { DER, type DerElement } from '../der.ts';
import { readPem } from '../pem.ts';
import { cursorOver, integerBytesOf, membersOf, oidOf, onlyElement, smallNumberOf, wholeBitsOf } from './der-values.ts';
import { nameTextOf } from './distinguished-name.ts';
import {
  alternativeNamesOf,
  type AlternativeName,
  authorityKeyIdOf,
  type BasicConstraints,
  basicConstraintsOf,
  EXTENSION,
  type Extension,
  extensionsOf,
  extKeyUsageOf,
  keyUsageOf,
  type KeyUse,
  subjectKeyIdOf,
} from './extensions.ts';
import { type Moment, momentOf } from './moment.ts';
import { algorithmOf, type SignatureAlgorithm, signatureAlgorithmOf } from './signature-algorithm.ts';

/** A name as its DER, by which it is compared, and as text for people. */
export type DistinguishedName = { readonly der: Uint8Array; readonly text: string };

/** What kind of key a certificate holds; `other` is one that nothing is checked with. */
export type CertificateKey = { readonly spki: Uint8Array; readonly algorithm: 'p256' | 'p384' | 'p521' | 'rsa' | 'ed25519' | 'other' };

/** An X.509 certificate, read but not checked. Source: RFC 5280 §4.1. */
export type Certificate = {
  /** The whole certificate. */
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 3;
  /** The serial number in hexadecimal, as the bytes of its INTEGER. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  readonly key: CertificateKey;
  /** Undefined for an algorithm that is not checked here, SHA-1 for example; its object identifier is beside it. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  readonly signatureAlgorithmOid: string;
  readonly signature: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly basicConstraints?: BasicConstraints;
  readonly keyUsage?: ReadonlySet<KeyUse>;
  /** Purposes as object identifiers with dots. */
  readonly extKeyUsage?: readonly string[];
  readonly alternativeNames?: readonly AlternativeName[];
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
};

/** Certificates of one or two kilobytes are usual. Unit: byte. */
const MOST_BYTES = 64 * 1024;

/** An extension by its object identifier with dots. */
export const extensionOf = (certificate: Certificate, oid: string): Extension | undefined => certificate.extensions.find((extension) => extension.oid === oid);

/** Whether two certificates are the same bytes. */
export const isSameCertificate = (a: Certificate, b: Certificate): boolean => compareBytes(a.der, b.der) === 0;

/** Reads one certificate in PEM from untrusted text. */
export const readCertificatePem = (text: string): Reading<Certificate> => {
  const block = readPem(text);
  return block?.label === 'CERTIFICATE' ? readCertificate(block.der) : refused('is not one block of PEM with the label CERTIFICATE');
};

/**
 * Reads the DER of one X.509 certificate (v3, or v1 without extensions) from untrusted bytes. Bytes behind it, an extension twice, a
 * known extension that is malformed, and two different names for the algorithm of its signature are refused. Says nothing about who
 * signed it. Never throws.
 */
export const readCertificate = (der: Uint8Array): Reading<Certificate> => {
  if (der.length > MOST_BYTES) return refused(`has more than ${MOST_BYTES} bytes`);
  const [tbs, algorithm, bits, ...more] = membersOf(onlyElement(der)) ?? [];
  const signature = wholeBitsOf(bits);
  const identifier = algorithmOf(algorithm);
  if (tbs?.tag !== DER.sequence || algorithm === undefined || identifier === undefined || signature === undefined || more.length > 0) return refused('is not X.509 in DER');
  const body = bodyOf(tbs);
  if (body === undefined) return refused('is not X.509 in DER');
  if (compareBytes(body.algorithm, algorithm.whole) !== 0) return refused('names two algorithms for its signature');
  const known = knownExtensions(body.extensions);
  if (known.kind === 'rejected') return known;
  const signatureAlgorithm = signatureAlgorithmOf(identifier);
  const { algorithm: _algorithm, ...rest } = body;
  return accepted({
    der,
    tbs: tbs.whole,
    ...rest,
    ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    signatureAlgorithmOid: identifier.oid,
    signature,
    ...known.value,
  });
};

const refused = (what: string): Reading<never> => rejected({ pointer: '', message: `the certificate ${what}` });

type Body = Pick<Certificate, 'version' | 'serial' | 'issuer' | 'subject' | 'notBefore' | 'notAfter' | 'key' | 'extensions'> & { readonly algorithm: Uint8Array };

const bodyOf = (tbs: DerElement): Body | undefined => {
  const members = cursorOver(membersOf(tbs) ?? []);
  const version = versionOf(members.take(0xa0));
  const serial = integerBytesOf(members.next());
  const algorithm = members.take(DER.sequence);
  const issuer = nameOf(members.next());
  const [start, end, ...moreTimes] = membersOf(members.next()) ?? [];
  const [notBefore, notAfter] = [momentOf(start), momentOf(end)];
  const subject = nameOf(members.next());
  const key = keyOf(members.next());
  // Unique identifiers of X.509 v2: nobody uses them, but they are allowed.
  members.take(0x81);
  members.take(0x82);
  const wrapped = members.take(0xa3);
  const extensions = wrapped === undefined ? [] : version === 3 ? extensionsOf(membersOf(onlyElement(wrapped.content))) : undefined;
  if (version === undefined || serial === undefined || algorithm === undefined || issuer === undefined || notBefore === undefined || notAfter === undefined) return undefined;
  if (moreTimes.length > 0 || subject === undefined || key === undefined || extensions === undefined || !members.isDone()) return undefined;
  return { version, serial: toHex(serial), algorithm: algorithm.whole, issuer, notBefore, notAfter, subject, key, extensions };
};

/** Version 1 is the default and must not be written. */
const versionOf = (wrapped: DerElement | undefined): 1 | 3 | undefined => {
  if (wrapped === undefined) return 1;
  return smallNumberOf(onlyElement(wrapped.content)) === 2 ? 3 : undefined;
};

const nameOf = (element: DerElement | undefined): DistinguishedName | undefined => {
  const text = nameTextOf(element);
  return element === undefined || text === undefined ? undefined : { der: element.whole, text };
};

const CURVES: Readonly<Record<string, CertificateKey['algorithm']>> = { '1.2.840.10045.3.1.7': 'p256', '1.3.132.0.34': 'p384', '1.3.132.0.35': 'p521' };

const keyOf = (element: DerElement | undefined): CertificateKey | undefined => {
  const [algorithm, bits, ...more] = membersOf(element) ?? [];
  const [type, parameters] = membersOf(algorithm) ?? [];
  const oid = oidOf(type);
  if (element === undefined || oid === undefined || wholeBitsOf(bits) === undefined || more.length > 0) return undefined;
  const curve = oidOf(parameters) ?? '';
  const kind = oid === '1.2.840.113549.1.1.1' ? 'rsa' : oid === '1.3.101.112' ? 'ed25519' : oid === '1.2.840.10045.2.1' && Object.hasOwn(CURVES, curve) ? CURVES[curve]! : 'other';
  return { spki: element.whole, algorithm: kind };
};

type Known = Pick<Certificate, 'basicConstraints' | 'keyUsage' | 'extKeyUsage' | 'alternativeNames' | 'subjectKeyId' | 'authorityKeyId'>;

/** Extensions that are understood. One that is malformed spoils the certificate: it might have been a restriction. */
const knownExtensions = (extensions: readonly Extension[]): Reading<Known> => {
  const valueOf = (oid: string): Uint8Array | undefined => extensions.find((extension) => extension.oid === oid)?.value;
  const broken: string[] = [];
  const read = <T>(oid: string, reader: (value: Uint8Array) => T | undefined): T | undefined => {
    const value = valueOf(oid);
    const result = value === undefined ? undefined : reader(value);
    if (value !== undefined && result === undefined) broken.push(oid);
    return result;
  };
  const known = {
    basicConstraints: read(EXTENSION.basicConstraints, basicConstraintsOf),
    keyUsage: read(EXTENSION.keyUsage, keyUsageOf),
    extKeyUsage: read(EXTENSION.extKeyUsage, extKeyUsageOf),
    alternativeNames: read(EXTENSION.subjectAltName, alternativeNamesOf),
    subjectKeyId: read(EXTENSION.subjectKeyId, subjectKeyIdOf),
    authorityKeyId: read(EXTENSION.authorityKeyId, authorityKeyIdOf) ?? undefined,
  };
  return broken.length > 0 ? refused(`has a malformed extension ${broken.join(', ')}`) : accepted(withoutUndefined(known));
};
