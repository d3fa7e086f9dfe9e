import { type Certificate, extensionOf } from '../x509/certificate.ts';
import { contentOf, onlyElement } from '../x509/der-values.ts';
import { DER } from '../der.ts';

/** A promise of a log of certificates to take one in. Source: RFC 6962 §3.2. */
export type SignedCertificateTimestamp = {
  readonly logId: Uint8Array;
  /** Unit: millisecond since 1970. */
  readonly atMs: number;
  readonly extensions: Uint8Array;
  readonly hash: number;
  readonly algorithm: number;
  readonly signature: Uint8Array;
};

/** SignedCertificateTimestampList of a certificate. Source: RFC 6962 §3.3. */
export const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';

const MOST = 16;

/** The promises inside a certificate; none where it has no list. Undefined if the list is malformed. The bytes are hostile. */
export const readScts = (certificate: Certificate): readonly SignedCertificateTimestamp[] | undefined => {
  const extension = extensionOf(certificate, SCT_LIST);
  if (extension === undefined) return [];
  const list = contentOf(onlyElement(extension.value), DER.octetString);
  const items = list === undefined ? undefined : vectorsIn(vectorAt(list, 0, list.length));
  const scts = items?.map(sctOf);
  return scts === undefined || scts.length === 0 || scts.includes(undefined) ? undefined : (scts as readonly SignedCertificateTimestamp[]);
};

const number16 = (bytes: Uint8Array, at: number): number => bytes[at]! * 256 + bytes[at + 1]!;

/** Content of a vector with a length of two bytes that begins at `at` and ends exactly at `end`. Source: RFC 8446 §3.4. */
const vectorAt = (bytes: Uint8Array, at: number, end: number): Uint8Array | undefined =>
  at + 2 <= end && at + 2 + number16(bytes, at) === end ? bytes.subarray(at + 2, end) : undefined;

const vectorsIn = (bytes: Uint8Array | undefined): readonly Uint8Array[] | undefined => {
  if (bytes === undefined) return undefined;
  const items: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 <= bytes.length ? at + 2 + number16(bytes, at) : Infinity;
    if (end > bytes.length || items.length === MOST) return undefined;
    items.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return items;
};

/** Version 1: version, log id (32), time (8), extensions, then hash, algorithm and signature. */
const sctOf = (bytes: Uint8Array): SignedCertificateTimestamp | undefined => {
  if (bytes.length < 47 || bytes[0] !== 0) return undefined;
  const atMs = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(33);
  const extensionsEnd = 43 + number16(bytes, 41);
  const extensions = extensionsEnd + 4 <= bytes.length ? bytes.subarray(43, extensionsEnd) : undefined;
  const signature = extensions === undefined ? undefined : vectorAt(bytes, extensionsEnd + 2, bytes.length);
  if (extensions === undefined || signature === undefined || atMs > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { logId: bytes.subarray(1, 33), atMs: Number(atMs), extensions, hash: bytes[extensionsEnd]!, algorithm: bytes[extensionsEnd + 1]!, signature };
};
