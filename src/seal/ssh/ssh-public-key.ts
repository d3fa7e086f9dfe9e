import { accepted, concatBytes, type Crypto, type Reading, rejected, toBase64 } from '#base';
import { ed25519Spki, type PublicKey, readPublicKey } from '../public-key.ts';
import { type SshFields, sshFields } from './ssh-wire.ts';

/** Kinds of keys that may approve. Keys of RSA and of other curves are refused, and so are certificates. */
export type SshKeyType = 'ssh-ed25519' | 'ecdsa-sha2-nistp256' | 'sk-ssh-ed25519@openssh.com' | 'sk-ecdsa-sha2-nistp256@openssh.com';

export const SSH_KEY_TYPES: readonly SshKeyType[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'];

export type SshPublicKey = {
  readonly type: SshKeyType;
  readonly publicKey: PublicKey;
  /** What a hardware key was made for; only keys whose type begins with sk- have it. */
  readonly application?: string;
  /** The key as SSH writes it. Two keys are one if these bytes are equal. */
  readonly blob: Uint8Array;
  /** As `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
};

/** Source: RFC 5480 §2.1: SubjectPublicKeyInfo of P-256, before the 65 bytes of the point. */
const P256_HEAD = Uint8Array.of(
  0x30,
  0x59,
  0x30,
  0x13,
  0x06,
  0x07,
  0x2a,
  0x86,
  0x48,
  0xce,
  0x3d,
  0x02,
  0x01,
  0x06,
  0x08,
  0x2a,
  0x86,
  0x48,
  0xce,
  0x3d,
  0x03,
  0x01,
  0x07,
  0x03,
  0x42,
  0x00,
);

const LARGEST_KEY_BYTES = 1024;

/** Reads the public key of SSH from hostile bytes. Sources: RFC 8709 §4, RFC 5656 §3.1, OpenSSH PROTOCOL.u2f "SSH U2F Key formats". */
export const readSshPublicKey = (blob: Uint8Array, crypto: Crypto): Reading<SshPublicKey> => {
  if (blob.length > LARGEST_KEY_BYTES) return refused('it is too long');
  const fields = sshFields(blob);
  const name = fields.text();
  const type = SSH_KEY_TYPES.find((one) => one === name);
  if (type === undefined) return refused('its type is not allowed: ed25519 and ecdsa-nistp256 are, also on hardware (sk-)');
  const spki = type.includes('ed25519') ? ed25519Of(fields) : p256Of(fields);
  const application = type.startsWith('sk-') ? fields.text() : undefined;
  if (spki === undefined || !fields.isAtEnd()) return refused('it is damaged');
  // A hardware key of a web site must not approve here, and a key of SSH does not log in there. Source: PROTOCOL.u2f.
  if (type.startsWith('sk-') && !/^ssh:[\u0020-\u007e]*$/.test(application ?? '')) return refused('its hardware key was not made for SSH');
  const read = readPublicKey(spki, crypto);
  if (read.kind === 'rejected') return read;
  const fingerprint = `SHA256:${toBase64(crypto.sha256(blob)).replace(/=+$/, '')}`;
  return accepted({ type, publicKey: read.value, ...(application === undefined ? {} : { application }), blob, fingerprint });
};

const ed25519Of = (fields: SshFields): Uint8Array | undefined => {
  const raw = fields.string();
  return raw?.length === 32 ? ed25519Spki(raw) : undefined;
};

const p256Of = (fields: SshFields): Uint8Array | undefined => {
  const [curve, point] = [fields.text(), fields.string()];
  return curve === 'nistp256' && point?.length === 65 ? concatBytes(P256_HEAD, point) : undefined;
};

const refused = (why: string): Reading<never> => rejected({ pointer: '', message: `the SSH key is not accepted: ${why}` });
