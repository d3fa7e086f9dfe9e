import { accepted, compareBytes, concatBytes, type Crypto, fromBase64, type Reading, rejected, toBase64, toHex, utf8 } from '#base';
import { ed25519Problem } from '#seal';
import { isKeyName } from './key-name.ts';

/** What a key signs: a log the text itself, a witness the text with the time at which it saw it. */
export type KeyUse = 'signature' | 'cosignature';

/** A public Ed25519 key with the name it signs notes under. */
export type VerifierKey = {
  readonly name: string;
  readonly use: KeyUse;
  /** First four bytes, big-endian, of SHA-256(name, line feed, type, key). Finds a key; proves nothing. */
  readonly keyId: number;
  /** The 32 bytes of an Ed25519 key. */
  readonly publicKey: Uint8Array;
};

/** Source: C2SP signed-note v1, "Signature types". */
const TYPES: Readonly<Record<KeyUse, number>> = { signature: 0x01, cosignature: 0x04 };

/** The key of a name. Rejects names that notes cannot carry, and points with which anybody can sign. */
export const verifierKeyOf = (parts: Pick<VerifierKey, 'name' | 'use' | 'publicKey'>, crypto: Crypto): Reading<VerifierKey> => {
  const { name, use, publicKey } = parts;
  if (!isKeyName(name)) return wrong('the name of the key is empty or has spaces, a plus or control characters');
  const problem = ed25519Problem(publicKey);
  if (problem !== undefined) return wrong(`the key ${problem}`);
  return accepted({ name, use, publicKey, keyId: new DataView(idBytes(name, typed(use, publicKey), crypto).buffer).getUint32(0) });
};

const typed = (use: KeyUse, publicKey: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(TYPES[use]), publicKey);

const idBytes = (name: string, material: Uint8Array, crypto: Crypto): Uint8Array => crypto.sha256(concatBytes(utf8(`${name}\n`), material)).slice(0, 4);

/**
 * Reads a verifier key, `name+id+base64`, from untrusted text. Only Ed25519 keys of logs (type 1) and of witnesses (type 4) are read;
 * the id must be that of the key. Never throws.
 * Source: C2SP signed-note v1, "Verifier keys"; tlog-cosignature v1.
 */
export const readVerifierKey = (text: string, crypto: Crypto): Reading<VerifierKey> => {
  const parts = text.length > 1024 ? [] : text.split('+');
  const [name, id] = parts;
  // Base64 may hold a plus of its own.
  const material = fromBase64(parts.slice(2).join('+'));
  if (name === undefined || id === undefined || !/^[0-9a-f]{8}$/.test(id) || material === undefined || material.length === 0)
    return wrong('this is not a verifier key: name, plus, eight hexadecimal digits, plus, base64');
  const use = material[0] === TYPES.signature ? 'signature' : material[0] === TYPES.cosignature ? 'cosignature' : undefined;
  if (use === undefined) return wrong(`keys of type ${material[0]} are not supported; Ed25519 keys of logs (1) and of witnesses (4) are`);
  const key = verifierKeyOf({ name, use, publicKey: material.subarray(1) }, crypto);
  if (key.kind === 'accepted' && toHex(idBytes(name, material, crypto)) !== id) return wrong(`the id ${id} is not that of the key`);
  return key;
};

/** The text of a verifier key, as `readVerifierKey` reads it. */
export const writeVerifierKey = ({ name, use, keyId, publicKey }: VerifierKey): string => `${name}+${keyId.toString(16).padStart(8, '0')}+${toBase64(typed(use, publicKey))}`;

/** Whether two keys are one: the same name, use and bytes. */
export const isSameKey = (a: VerifierKey, b: VerifierKey): boolean => a.name === b.name && a.use === b.use && compareBytes(a.publicKey, b.publicKey) === 0;

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
