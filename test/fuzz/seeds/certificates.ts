import { concatBytes, utf8 } from '#base';
import { nodeCrypto } from '#files';
import { derOf } from '../../../src/seal/x509/der-values.ts';
import { fixedBytes, fixedKey, fixedP256 } from './fixed-keys.ts';

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));
const oid = (digits: string): Uint8Array => derOf(0x06, hex(digits));
const sequence = (...parts: readonly Uint8Array[]): Uint8Array => derOf(0x30, ...parts);
const text = (tag: number, value: string): Uint8Array => derOf(tag, utf8(value));
const bits = (bytes: Uint8Array): Uint8Array => derOf(0x03, Uint8Array.of(0), bytes);
const octets = (bytes: Uint8Array): Uint8Array => derOf(0x04, bytes);
const small = (value: number): Uint8Array => derOf(0x02, Uint8Array.of(value));
const name = (common: string): Uint8Array => sequence(derOf(0x31, sequence(oid('55040a'), text(0x0c, 'trainlock test'))), derOf(0x31, sequence(oid('550403'), text(0x0c, common))));
const extension = (id: string, value: Uint8Array, isCritical = false): Uint8Array => sequence(oid(id), ...(isCritical ? [derOf(0x01, Uint8Array.of(0xff))] : []), octets(value));

const ED25519 = sequence(oid('2b6570'));
const SHA256 = sequence(oid('608648016503040201'));
const YEARS = sequence(text(0x17, '240101000000Z'), text(0x18, '20510101000000Z'));

const sct = (): Uint8Array => {
  const body = concatBytes(Uint8Array.of(0), fixedBytes('log', 32), Uint8Array.of(0, 0, 1, 0x90, 0, 0, 0, 0), Uint8Array.of(0, 0), Uint8Array.of(4, 3, 0, 8), fixedBytes('sct', 8));
  return octets(concatBytes(Uint8Array.of(0, body.length + 2, 0, body.length), body));
};

const LEAF_EXTENSIONS = (): readonly Uint8Array[] => [
  extension('551d0f', derOf(0x03, Uint8Array.of(7, 0x80)), true),
  extension('551d25', sequence(oid('2b06010505070303'))),
  extension('551d0e', octets(fixedBytes('subject key', 20))),
  extension('551d23', sequence(derOf(0x80, fixedBytes('issuer key', 20)))),
  extension('551d11', sequence(derOf(0x86, utf8('https://github.com/example/train/.github/workflows/train.yml@refs/heads/main'))), true),
  extension('2b0601040183bf300101', utf8('https://token.actions.githubusercontent.com')),
  extension('2b0601040183bf300108', text(0x0c, 'https://token.actions.githubusercontent.com')),
  extension('2b06010401d679020402', sct()),
];
const TIME_EXTENSIONS = (): readonly Uint8Array[] => [
  extension('551d13', sequence(), true),
  extension('551d0f', derOf(0x03, Uint8Array.of(7, 0x80)), true),
  extension('551d25', sequence(oid('2b06010505070308')), true),
];
const ROOT_EXTENSIONS = (): readonly Uint8Array[] => [
  extension('551d13', sequence(derOf(0x01, Uint8Array.of(0xff)), small(1)), true),
  extension('551d0f', derOf(0x03, Uint8Array.of(1, 0x06)), true),
  extension('551d0e', octets(fixedBytes('issuer key', 20))),
];

const certificate = (subject: string, spki: Uint8Array, extensions: readonly Uint8Array[]): Uint8Array => {
  const body = sequence(derOf(0xa0, small(2)), derOf(0x02, Uint8Array.of(0x11, 0x22)), ED25519, name('root'), YEARS, name(subject), spki, derOf(0xa3, sequence(...extensions)));
  return sequence(body, ED25519, bits(fixedKey('root').sign(body)));
};

/** Certificates that are the same in every run, all signed by the root: of itself, of a signer of code, and of a time authority. */
export const fixedCertificates = (): { readonly root: Uint8Array; readonly leaf: Uint8Array; readonly time: Uint8Array } => ({
  root: certificate('root', fixedKey('root').publicKey.spki, ROOT_EXTENSIONS()),
  leaf: certificate('', fixedP256('leaf').publicKey.spki, LEAF_EXTENSIONS()),
  time: certificate('time', fixedKey('time').publicKey.spki, TIME_EXTENSIONS()),
});

/** What an authority states: a TSTInfo over this signature. Source: RFC 3161 §2.4.2. */
export const fixedTimeInfo = (signature: Uint8Array): Uint8Array =>
  sequence(
    small(1),
    oid('2a0304'),
    sequence(SHA256, octets(nodeCrypto.sha256(signature))),
    small(7),
    text(0x18, '20261124080005.25Z'),
    sequence(small(1), derOf(0x80, hex('01f4'))),
    derOf(0x01, Uint8Array.of(0xff)),
    derOf(0x02, Uint8Array.of(0x55)),
  );

/** An answer of the authority over this signature, with its certificate. Source: RFC 3161 §2.4.2, RFC 5652 §5. */
export const fixedTimestamp = (signature: Uint8Array): Uint8Array => {
  const info = fixedTimeInfo(signature);
  const { time } = fixedCertificates();
  const attribute = (id: string, value: Uint8Array): Uint8Array => sequence(oid(id), derOf(0x31, value));
  const binding = sequence(sequence(sequence(octets(nodeCrypto.sha256(time)))));
  const attributes = [
    attribute('2a864886f70d010903', oid('2a864886f70d0109100104')),
    attribute('2a864886f70d010904', octets(nodeCrypto.sha256(info))),
    attribute('2a864886f70d010910022f', binding),
  ];
  const signerInfo = sequence(
    small(1),
    sequence(name('root'), derOf(0x02, Uint8Array.of(0x11, 0x22))),
    SHA256,
    derOf(0xa0, ...attributes),
    ED25519,
    octets(fixedKey('time').sign(derOf(0x31, ...attributes))),
  );
  const signedData = sequence(small(3), derOf(0x31, SHA256), sequence(oid('2a864886f70d0109100104'), derOf(0xa0, octets(info))), derOf(0xa0, time), derOf(0x31, signerInfo));
  return sequence(sequence(small(0)), sequence(oid('2a864886f70d010702'), derOf(0xa0, signedData)));
};
