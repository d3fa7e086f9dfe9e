import { randomBytes } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { fromBase64, type JsonValue, readJson, toBase64, utf8 } from '#base';
import { type ScryptCost, scryptKey } from './derive-key.ts';
import { type Opened, refused } from './opened.ts';

/** The parameters that cosign accepts. It writes the second by itself; the third is what OWASP recommends. Source: go-securesystemslib encrypted.go. */
const COSTS: readonly ScryptCost[] = [2 ** 15, 2 ** 16, 2 ** 17].map((N) => ({ N, r: 8, p: 1 }));
const [, , OWASP] = COSTS as [ScryptCost, ScryptCost, ScryptCost];

/** The body of a private key of cosign: scrypt and NaCl secretbox around PKCS #8. Source: go-securesystemslib encrypted.go. */
export const sealCosignKey = async (pkcs8: Uint8Array, passphrase: string): Promise<Uint8Array> => {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  const ciphertext = xsalsa20poly1305(await scryptKey(passphrase, salt, OWASP, 32), nonce).encrypt(pkcs8);
  return utf8(
    JSON.stringify({
      kdf: { name: 'scrypt', params: OWASP, salt: toBase64(salt) },
      cipher: { name: 'nacl/secretbox', nonce: toBase64(nonce) },
      ciphertext: toBase64(ciphertext),
    }),
  );
};

/** Opens the body of a private key of cosign. The bytes are hostile: bounded, and only the three costs that cosign itself accepts. */
export const openCosignKey = async (body: Uint8Array, passphrase: string): Promise<Opened> => {
  const json = readJson(body, { maxBytes: 65_536, maxDepth: 4, maxKeys: 32 });
  if (json.kind === 'rejected') return refused('damaged', 'is damaged: the document inside it cannot be read');
  const at = (...path: readonly string[]): JsonValue | undefined => path.reduce<JsonValue | undefined>(member, json.value);
  const bytes = (...path: readonly string[]): Uint8Array | undefined => {
    const text = at(...path);
    return typeof text === 'string' ? fromBase64(text) : undefined;
  };
  if (at('kdf', 'name') !== 'scrypt' || at('cipher', 'name') !== 'nacl/secretbox') return refused('form', 'is encrypted in a way that is not known here');
  const cost = COSTS.find(({ N, r, p }) => at('kdf', 'params', 'N') === N && at('kdf', 'params', 'r') === r && at('kdf', 'params', 'p') === p);
  if (cost === undefined) return refused('form', 'is not opened: cosign never writes such parameters of scrypt');
  const [salt, nonce, ciphertext] = [bytes('kdf', 'salt'), bytes('cipher', 'nonce'), bytes('ciphertext')];
  if (salt === undefined || nonce?.length !== 24 || ciphertext === undefined || ciphertext.length < 17)
    return refused('damaged', 'is damaged: a part of the document inside it is missing');
  try {
    return { kind: 'opened', pkcs8: xsalsa20poly1305(await scryptKey(passphrase, salt, cost, 32), nonce).decrypt(ciphertext) };
  } catch {
    return refused('wrong-passphrase', 'does not open with this passphrase');
  }
};

const member = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined;
