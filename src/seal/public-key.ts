import { accepted, compareBytes, concatBytes, type Crypto, type Reading, rejected, toHex } from '#base';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { DER, derContent, derElements, derPositive } from './der.ts';

/** Decides how a signature is made and checked; nothing else may. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ed25519' | 'rsa';

/** A public key that signatures may be checked with. */
export type PublicKey = {
  readonly algorithm: KeyAlgorithm;
  /** DER of the SubjectPublicKeyInfo. Source: RFC 5280 §4.1. */
  readonly spki: Uint8Array;
  /** Name of the key everywhere in trainlock: SHA-256 of `spki` in hexadecimal. */
  readonly keyId: string;
};

/** Fewer bits are not trusted for decades; more only cost time. Unit: bit. Source: NIST SP 800-57 part 1, table 2. */
const RSA_BITS = { least: 3072, most: 8192 };

// Encoded object identifiers. Sources: RFC 5480 §2.1, RFC 8410 §3, RFC 8017 appendix C.
const OID = {
  ecPublicKey: '2a8648ce3d0201',
  p256: '2a8648ce3d030107',
  p384: '2b81040022',
  p521: '2b81040023',
  secp256k1: '2b8104000a',
  ed25519: '2b6570',
  rsa: '2a864886f70d010101',
};

/**
 * Reads the DER of a SubjectPublicKeyInfo from untrusted bytes. Refused are algorithms that verifiers treat differently (P-384,
 * P-521, secp256k1), keys that are too weak, and keys with which anybody can sign: points that are not on the curve or of small order.
 */
export const readPublicKey = (spki: Uint8Array, crypto: Crypto): Reading<PublicKey> => {
  const [algorithm, key] = derElements(derContent(spki, DER.sequence) ?? NOTHING) ?? [];
  const identifiers = algorithm?.tag === DER.sequence ? derElements(algorithm.content) : undefined;
  // The first byte of a bit string counts the bits that are not used: none.
  if (identifiers === undefined || key?.tag !== DER.bitString || key.content[0] !== 0) return refused('is not a public key in DER (SubjectPublicKeyInfo)');
  const kind = kindOf(identifiers.map(({ whole }) => whole));
  if (kind.kind === 'rejected') return kind;
  const bits = key.content.subarray(1);
  const problem = problemOf(kind.value, bits);
  if (problem !== undefined) return refused(problem);
  const read: PublicKey = { algorithm: kind.value, spki, keyId: toHex(crypto.sha256(spki)) };
  return compareBytes(spkiOf(kind.value, bits), spki) === 0 ? accepted(read) : refused('is not a public key in DER (SubjectPublicKeyInfo)');
};

const NOTHING = new Uint8Array(0);
const refused = (what: string): Reading<never> => rejected({ pointer: '', message: `the key ${what}` });

const oid = (hex: string): Uint8Array => concatBytes(Uint8Array.of(DER.oid, hex.length / 2), fromHex(hex));
const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

const HEAD: Readonly<Record<KeyAlgorithm, Uint8Array>> = {
  'ecdsa-p256': concatBytes(oid(OID.ecPublicKey), oid(OID.p256)),
  ed25519: oid(OID.ed25519),
  rsa: concatBytes(oid(OID.rsa), Uint8Array.of(DER.null, 0)),
};

const kindOf = (identifiers: readonly Uint8Array[]): Reading<KeyAlgorithm> => {
  const head = concatBytes(...identifiers);
  for (const algorithm of ['ecdsa-p256', 'ed25519', 'rsa'] as const) if (compareBytes(head, HEAD[algorithm]) === 0) return accepted(algorithm);
  const curve = Object.entries({ 'P-384': OID.p384, 'P-521': OID.p521, secp256k1: OID.secp256k1 }).find(
    ([, hex]) => compareBytes(head, concatBytes(oid(OID.ecPublicKey), oid(hex))) === 0,
  )?.[0];
  return refused(
    curve === undefined ? 'has an algorithm that is not allowed (ECDSA P-256, Ed25519 and RSA are)' : `is on the curve ${curve}, which is not allowed: tools disagree on its hash`,
  );
};

/** What keeps a key from being used; undefined if nothing does. */
const problemOf = (algorithm: KeyAlgorithm, bits: Uint8Array): string | undefined => {
  switch (algorithm) {
    case 'ecdsa-p256':
      return bits[0] === 4 && isPoint(() => p256.Point.fromBytes(bits).assertValidity()) ? undefined : 'is not an uncompressed point of the curve P-256';
    case 'ed25519':
      return ed25519Problem(bits);
    case 'rsa':
      return rsaProblem(bits);
  }
};

const isPoint = (read: () => void): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

/**
 * A key of small order verifies signatures over any message; one with a part of small order verifies differently from tool to tool.
 * The platform does not say it everywhere: OpenSSL 3.0 accepts such signatures, 3.5 does not.
 * Source: C2SP/CCTV ed25519, https://hdevalence.ca/blog/2020-10-04-its-25519am.
 */
export const ed25519Problem = (raw: Uint8Array): string | undefined => {
  if (raw.length !== 32) return 'does not have the 32 bytes of an Ed25519 key';
  const key = toHex(raw);
  if (sound.has(key)) return undefined;
  try {
    const point = ed25519.Point.fromBytes(raw, false);
    if (point.isSmallOrder()) return 'has small order: it would accept forged signatures';
    if (!point.isTorsionFree()) return 'is outside the prime-order group';
  } catch {
    return 'is not a canonical point of the curve Ed25519';
  }
  if (sound.size >= MOST_SOUND) sound.clear();
  sound.add(key);
  return undefined;
};

/** Keys whose points were checked already. Those of logs are read for each proof, and the check takes longer than all the rest. */
const sound = new Set<string>();
const MOST_SOUND = 16;

const rsaProblem = (bits: Uint8Array): string | undefined => {
  const [modulus, exponent, ...more] = derElements(derContent(bits, DER.sequence) ?? NOTHING) ?? [];
  const [n, e] = [derPositive(modulus), derPositive(exponent)];
  if (n === undefined || e === undefined || more.length > 0) return 'is not an RSA key in DER';
  const size = n.toString(2).length;
  if (size < RSA_BITS.least || size > RSA_BITS.most) return `has ${size} bits of RSA; ${RSA_BITS.least} to ${RSA_BITS.most} are allowed`;
  return e < 65_537n || e % 2n === 0n || e >= 1n << 32n ? 'has an RSA exponent that is not allowed' : undefined;
};

/** DER of the SubjectPublicKeyInfo of the bits of a key. */
const spkiOf = (algorithm: KeyAlgorithm, bits: Uint8Array): Uint8Array =>
  derOf(DER.sequence, concatBytes(derOf(DER.sequence, HEAD[algorithm]), derOf(DER.bitString, concatBytes(Uint8Array.of(0), bits))));

/** SubjectPublicKeyInfo of the 32 bytes of an Ed25519 key. Throws TypeError for another length. Source: RFC 8410 §4. */
export const ed25519Spki = (raw: Uint8Array): Uint8Array => {
  if (raw.length !== 32) throw new TypeError(`an Ed25519 key has 32 bytes, not ${raw.length}`);
  return spkiOf('ed25519', raw);
};

/** The 32 bytes of an Ed25519 key. Throws TypeError for another algorithm. */
export const ed25519Raw = (key: PublicKey): Uint8Array => {
  if (key.algorithm !== 'ed25519') throw new TypeError(`not an Ed25519 key: ${key.algorithm}`);
  return key.spki.subarray(-32);
};

const derOf = (tag: number, content: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(tag, ...lengthOf(content.length)), content);

const lengthOf = (length: number): readonly number[] => (length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]);

/** Order of the group of P-256. Source: SEC 2 §2.4.2. */
const P256_ORDER = p256.Point.CURVE().n;

/**
 * Why bytes are not a signature of this kind of key at all; undefined if they are well formed. ECDSA signatures are DER with both
 * numbers from 1 to the order of the group less 1. Source: RFC 3279 §2.2.3, SEC 1 §4.1.4.
 */
export const signatureProblem = (algorithm: KeyAlgorithm, signature: Uint8Array): string | undefined => {
  if (algorithm === 'ed25519') return signature.length === 64 ? undefined : `an Ed25519 signature has 64 bytes, not ${signature.length}`;
  if (algorithm === 'rsa') return signature.length * 8 >= RSA_BITS.least ? undefined : 'the signature is too short for the key';
  const [r, s, ...more] = derElements(derContent(signature, DER.sequence) ?? NOTHING) ?? [];
  const [first, second] = [derPositive(r), derPositive(s)];
  if (more.length > 0 || r === undefined || s === undefined) return 'the signature is not ECDSA in DER';
  return first === undefined || second === undefined || first >= P256_ORDER || second >= P256_ORDER ? 'the numbers of the signature are outside the group' : undefined;
};
