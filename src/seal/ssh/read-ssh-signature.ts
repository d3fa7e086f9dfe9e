import { accepted, type Crypto, fromBase64, type Reading, rejected } from '#base';
import { derOfNumbers } from '../ecdsa-signature.ts';
import { readSshPublicKey, type SshPublicKey } from './ssh-public-key.ts';
import { sshFields, type SshFields } from './ssh-wire.ts';

/** A signature of SSH over a file, not yet checked. The key in it proves nothing: whoever made the signature wrote it there. */
export type SshSignature = {
  readonly key: SshPublicKey;
  readonly namespace: string;
  readonly hash: 'sha256' | 'sha512';
  /** DER for ECDSA, 64 bytes for Ed25519. */
  readonly signature: Uint8Array;
  /** What a hardware key says about its use; only keys of the types sk- say it. */
  readonly hardware?: { readonly flags: number; readonly counter: number };
};

/** Every signature of the allowed kinds has less than a kilobyte. */
const MOST_LETTERS = 8192;

const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,76}\n){1,100})-----END SSH SIGNATURE-----\n?$/;

const MAGIC = [0x53, 0x53, 0x48, 0x53, 0x49, 0x47];

/**
 * Reads what `ssh-keygen -Y sign` writes. The text is hostile. Stricter than ssh-keygen: nothing before, behind or between, base64 in
 * its only form, no unused fields, hash and key of the allowed kinds. Source: OpenSSH PROTOCOL.sshsig.
 */
export const readSshSignature = (text: string, crypto: Crypto): Reading<SshSignature> => {
  if (text.length > MOST_LETTERS) return refused('it is too long');
  const armored = ARMOR.exec(text.replaceAll('\r\n', '\n'));
  const blob = armored === null ? undefined : fromBase64(armored[1]!.replaceAll('\n', ''));
  if (blob === undefined) return refused('it is not what ssh-keygen -Y sign writes');
  return readSshSignatureBlob(blob, crypto);
};

/** Reads the bytes inside the armor. */
export const readSshSignatureBlob = (blob: Uint8Array, crypto: Crypto): Reading<SshSignature> => {
  if (!MAGIC.every((byte, index) => blob[index] === byte)) return refused('it does not begin with SSHSIG');
  const fields = sshFields(blob.subarray(MAGIC.length));
  const [version, keyBlob, namespace, reserved, hash, inner] = [fields.uint32(), fields.string(), fields.text(), fields.string(), fields.text(), fields.string()];
  if (version !== 1) return refused('its version is not 1');
  if (keyBlob === undefined || namespace === undefined || hash === undefined || inner === undefined || !fields.isAtEnd()) return refused('it is damaged');
  if (namespace === '') return refused('it has no namespace');
  if (reserved?.length !== 0) return refused('it uses a field that is reserved');
  if (hash !== 'sha256' && hash !== 'sha512') return refused('its hash is neither sha256 nor sha512');
  const key = readSshPublicKey(keyBlob, crypto);
  if (key.kind === 'rejected') return key;
  const made = readInner(inner, key.value);
  return made === undefined ? refused('the signature in it is damaged or of another kind than the key') : accepted({ key: key.value, namespace, hash, ...made });
};

/** Source: RFC 8709 §6, RFC 5656 §3.1.2, OpenSSH PROTOCOL.u2f "SSH U2F signatures". */
const readInner = (inner: Uint8Array, key: SshPublicKey): Pick<SshSignature, 'signature' | 'hardware'> | undefined => {
  const fields = sshFields(inner);
  // The type of the key decides; the signature must say the same.
  if (fields.text() !== key.type) return undefined;
  const raw = fields.string();
  const signature = raw === undefined ? undefined : key.publicKey.algorithm === 'ed25519' ? ed25519Of(raw) : ecdsaOf(sshFields(raw));
  const hardware = key.type.startsWith('sk-') ? hardwareOf(fields) : undefined;
  if (signature === undefined || !fields.isAtEnd()) return undefined;
  return { signature, ...(hardware === undefined ? {} : { hardware }) };
};

const ed25519Of = (raw: Uint8Array): Uint8Array | undefined => (raw.length === 64 ? raw : undefined);

const ecdsaOf = (numbers: SshFields): Uint8Array | undefined => {
  const [r, s] = [numbers.positive(), numbers.positive()];
  return r === undefined || s === undefined || !numbers.isAtEnd() ? undefined : derOfNumbers(r, s);
};

const hardwareOf = (fields: SshFields): SshSignature['hardware'] | undefined => {
  const [flags, counter] = [fields.byte(), fields.uint32()];
  return flags === undefined || counter === undefined ? undefined : { flags, counter };
};

const refused = (why: string): Reading<never> => rejected({ pointer: '', message: `the SSH signature is not accepted: ${why}` });
