import { compareBytes, type Crypto, toHex } from '#base';
import { sha1 } from '@noble/hashes/legacy.js';
import { DER, type DerElement } from '../der.ts';
import type { Certificate } from '../x509/certificate.ts';
import { contentOf, cursorOver, integerBytesOf, membersOf } from '../x509/der-values.ts';
import { algorithmOf, type DigestAlgorithm, digestAlgorithmOf } from '../x509/signature-algorithm.ts';
import { digestOf } from './digest-of.ts';

/**
 * What the signed attributes of a token say about the certificate of its signer (ESSCertID and ESSCertIDv2): so that nobody can put
 * another certificate of the same key in its place. SHA-1 is the only digest of the older attribute; it is never the only proof.
 */
export type CertificateBinding = {
  readonly algorithm: 'sha1' | DigestAlgorithm;
  readonly digest: Uint8Array;
  readonly issuerAndSerial?: { readonly issuer: Uint8Array; readonly serial: Uint8Array };
};

// Sources: RFC 2634 §5.4, RFC 5035 §3.
const OID = { first: '1.2.840.113549.1.9.16.2.12', second: '1.2.840.113549.1.9.16.2.47' } as const;

/** Bindings among signed attributes (none, one or one of each kind); undefined if one is malformed. */
export const certificateBindings = (attributes: ReadonlyMap<string, DerElement>): readonly CertificateBinding[] | undefined => {
  const found = [bindingIn(attributes.get(OID.first), false), bindingIn(attributes.get(OID.second), true)].filter((binding) => binding !== 'absent');
  const bindings = found.filter((binding) => binding !== undefined);
  return bindings.length === found.length ? bindings : undefined;
};

/** The first certificate that is named is the signer's. Source: RFC 2634 §5.4. */
const bindingIn = (attribute: DerElement | undefined, isSecond: boolean): CertificateBinding | undefined | 'absent' => {
  if (attribute === undefined) return 'absent';
  const [list, policies, ...more] = membersOf(attribute) ?? [];
  const members = cursorOver(membersOf(membersOf(list)?.[0]) ?? []);
  const named = isSecond ? members.take(DER.sequence) : undefined;
  const algorithm = !isSecond ? 'sha1' : named === undefined ? 'sha256' : digestAlgorithmOf(algorithmOf(named));
  const digest = contentOf(members.take(DER.octetString), DER.octetString);
  const place = members.take(DER.sequence);
  const issuerAndSerial = place === undefined ? undefined : issuerAndSerialOf(place);
  if (algorithm === undefined || digest === undefined || !members.isDone() || more.length > 0) return undefined;
  if ((policies !== undefined && policies.tag !== DER.sequence) || (place !== undefined && issuerAndSerial === undefined)) return undefined;
  return { algorithm, digest, ...(issuerAndSerial === undefined ? {} : { issuerAndSerial }) };
};

const issuerAndSerialOf = (element: DerElement): CertificateBinding['issuerAndSerial'] => {
  const [names, number, ...more] = membersOf(element) ?? [];
  const [name, ...others] = membersOf(names) ?? [];
  const serial = integerBytesOf(number);
  if (name?.tag !== 0xa4 || serial === undefined || others.length > 0 || more.length > 0) return undefined;
  return { issuer: name.content, serial };
};

/** Whether a binding is to this certificate. */
export const isBoundTo = (binding: CertificateBinding, certificate: Certificate, crypto: Crypto): boolean => {
  const digest = binding.algorithm === 'sha1' ? sha1(certificate.der) : digestOf(binding.algorithm, certificate.der, crypto);
  if (compareBytes(digest, binding.digest) !== 0) return false;
  const place = binding.issuerAndSerial;
  return place === undefined || (compareBytes(place.issuer, certificate.issuer.der) === 0 && toHex(place.serial) === certificate.serial);
};
