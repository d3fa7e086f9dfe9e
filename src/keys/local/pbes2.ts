import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { toHex } from '#base';
import { DER, derContent, type DerElement, derElements, derPositive } from '#seal';
import { derInteger, derOf, derOid } from './der-writer.ts';
import { pbkdf2Key, pbkdf2Problem, type ScryptCost, scryptKey, scryptProblem } from './derive-key.ts';
import { type Opened, type Refused, refused } from './opened.ts';

/**
 * Cost of guessing one passphrase of our keys: one of the equal choices of OWASP. The first of them (N = 2^17, p = 1) needs 128 MiB,
 * which openssl pkey refuses ("memory limit exceeded"); this one needs 16 MiB five times.
 * Source: OWASP Password Storage Cheat Sheet, scrypt; RFC 7914 §2; OpenSSL 3.0 SCRYPT_MAX_MEM.
 */
const KEY_COST: ScryptCost = { N: 2 ** 14, r: 8, p: 5 };

// Encoded object identifiers. Sources: RFC 8018 appendix C, RFC 7914 §7, NIST CSOR.
const OID = { pbes2: '2a864886f70d01050d', pbkdf2: '2a864886f70d01050c', scrypt: '2b06010401da47040b', aes256Cbc: '60864801650304012a' };

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number; readonly ivBytes: number }>> = {
  '608648016503040102': { name: 'aes-128-cbc', keyBytes: 16, ivBytes: 16 },
  '608648016503040116': { name: 'aes-192-cbc', keyBytes: 24, ivBytes: 16 },
  [OID.aes256Cbc]: { name: 'aes-256-cbc', keyBytes: 32, ivBytes: 16 },
  '2a864886f70d0307': { name: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8 },
};

const HMACS: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};

/** DER of EncryptedPrivateKeyInfo: PBES2 with scrypt and AES-256-CBC. Source: RFC 5958 §3, RFC 8018 §6.2, RFC 7914 §7. */
export const sealPbes2 = async (pkcs8: Uint8Array, passphrase: string): Promise<Uint8Array> => {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', await scryptKey(passphrase, salt, KEY_COST, 32), iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const { N, r, p } = KEY_COST;
  const derivation = derOf(DER.sequence, derOid(OID.scrypt), derOf(DER.sequence, derOf(DER.octetString, salt), derInteger(N), derInteger(r), derInteger(p)));
  const encryption = derOf(DER.sequence, derOid(OID.aes256Cbc), derOf(DER.octetString, iv));
  return derOf(DER.sequence, derOf(DER.sequence, derOid(OID.pbes2), derOf(DER.sequence, derivation, encryption)), derOf(DER.octetString, encrypted));
};

/**
 * Opens EncryptedPrivateKeyInfo: PBES2 with PBKDF2 or scrypt and AES-CBC or 3DES, what openssl, Node.js and others write.
 * The bytes are hostile: cost is bounded before anything is computed. Encryption of this kind has no checksum: a wrong passphrase and
 * damage in the first block look the same and are told as wrong-passphrase.
 */
export const openPbes2 = async (der: Uint8Array, passphrase: string): Promise<Opened> => {
  const parameters = readParameters(der);
  if (parameters.kind === 'refused') return parameters;
  const { cipher, iv, encrypted, derive } = parameters;
  const key = await derive(passphrase);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    const pkcs8 = Buffer.concat([decipher.update(encrypted), decipher.final()]);
    if (derContent(pkcs8, DER.sequence) !== undefined) return { kind: 'opened', pkcs8 };
  } catch {
    // The padding is not right.
  }
  return refused('wrong-passphrase', 'does not open with this passphrase');
};

type Parameters = {
  readonly kind: 'parameters';
  readonly cipher: string;
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
  readonly derive: (passphrase: string) => Promise<Uint8Array>;
};

const DAMAGED = refused('damaged', 'is damaged: what stands between BEGIN and END is not an encrypted private key');

const readParameters = (der: Uint8Array): Parameters | Refused => {
  const [algorithm, encrypted, ...more] = childrenOf(der) ?? [];
  if (algorithm === undefined || encrypted?.tag !== DER.octetString || more.length > 0) return DAMAGED;
  const scheme = readAlgorithm(algorithm);
  if (scheme === undefined) return DAMAGED;
  if (scheme.oid !== OID.pbes2) return refused('form', 'is encrypted in an outdated way (not PBES2)');
  const [derivation, encryption] = (scheme.parameters === undefined ? undefined : childrenOf(scheme.parameters.whole))?.map(readAlgorithm) ?? [];
  const cipher = CIPHERS[encryption?.oid ?? ''];
  const iv = encryption?.parameters;
  if (derivation === undefined || encryption === undefined) return DAMAGED;
  if (cipher === undefined) return refused('form', 'is encrypted with a cipher that is not known here');
  if (iv?.tag !== DER.octetString || iv.content.length !== cipher.ivBytes || encrypted.content.length === 0) return DAMAGED;
  const derive = readDerivation(derivation, cipher.keyBytes);
  return typeof derive === 'function' ? { kind: 'parameters', cipher: cipher.name, iv: iv.content, encrypted: encrypted.content, derive } : derive;
};

type Algorithm = { readonly oid: string; readonly parameters: DerElement | undefined };

const childrenOf = (der: Uint8Array): readonly DerElement[] | undefined => {
  const content = derContent(der, DER.sequence);
  return content === undefined ? undefined : derElements(content);
};

const readAlgorithm = (element: DerElement): Algorithm | undefined => {
  const [oid, parameters] = childrenOf(element.whole) ?? [];
  return oid?.tag === DER.oid ? { oid: toHex(oid.content), parameters } : undefined;
};

const readDerivation = ({ oid, parameters }: Algorithm, keyBytes: number): ((passphrase: string) => Promise<Uint8Array>) | Refused => {
  const [salt, ...rest] = (parameters === undefined ? undefined : childrenOf(parameters.whole)) ?? [];
  if (salt?.tag !== DER.octetString) return DAMAGED;
  const integers = rest.filter(({ tag }) => tag === DER.integer).map((element) => Number(derPositive(element) ?? 0n));
  if (oid === OID.scrypt) {
    const [N, r, p, length] = integers;
    if (N === undefined || r === undefined || p === undefined || (length ?? keyBytes) !== keyBytes) return DAMAGED;
    const problem = scryptProblem({ N, r, p });
    return problem === undefined ? (passphrase) => scryptKey(passphrase, salt.content, { N, r, p }, keyBytes) : refused('form', `is not opened: ${problem}`);
  }
  if (oid !== OID.pbkdf2) return refused('form', 'has a key derivation that is not known here (PBKDF2 and scrypt are)');
  const [iterations, length] = integers;
  if (iterations === undefined || (length ?? keyBytes) !== keyBytes) return DAMAGED;
  const problem = pbkdf2Problem(iterations);
  if (problem !== undefined) return refused('form', `is not opened: ${problem}`);
  const prf = rest.find(({ tag }) => tag === DER.sequence);
  // Without a name it is HMAC with SHA-1. Source: RFC 8018 appendix A.2.
  const hash = prf === undefined ? 'sha1' : HMACS[readAlgorithm(prf)?.oid ?? ''];
  return hash === undefined ? refused('form', 'has a hash of PBKDF2 that is not known here') : (passphrase) => pbkdf2Key(passphrase, salt.content, { iterations, hash }, keyBytes);
};
