import { concatBytes, type Crypto, escapeControl, utf8, type VerifySignature } from '#base';
import type { SshSignature } from './read-ssh-signature.ts';
import { sshString } from './ssh-wire.ts';

/** What checking needs from outside. */
export type SshPorts = {
  readonly crypto: Crypto;
  /** 64 bytes. Source: FIPS 180-4. */
  readonly sha512: (bytes: Uint8Array) => Uint8Array;
  readonly verify: VerifySignature;
};

/** What a signature of SSH turned out to be. `refusal` is a word for programs, `because` a sentence for people. */
export type SshSignatureCheck =
  | { readonly kind: 'held'; readonly userVerified: boolean }
  | { readonly kind: 'refused'; readonly refusal: 'namespace' | 'user-presence' | 'wrong-signature'; readonly because: string };

/** Flags of hardware keys. Source: W3C WebAuthn §6.1; OpenSSH PROTOCOL.u2f. */
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/**
 * Checks a signature with the key that stands in it, over exactly these bytes, for exactly this namespace. A hardware key must have been
 * touched. Whose key it is, is another question: `findAllowedSigner`. Throws nothing.
 */
export const checkSshSignature = (signature: SshSignature, message: Uint8Array, namespace: string, ports: SshPorts): SshSignatureCheck => {
  if (signature.namespace !== namespace) return refuse('namespace', `it was made for "${escapeControl(signature.namespace.slice(0, 100))}" and not for "${namespace}"`);
  const { key, hardware } = signature;
  if (key.type.startsWith('sk-') && ((hardware?.flags ?? 0) & USER_PRESENT) === 0) return refuse('user-presence', 'nobody touched the hardware key');
  const bytes = signedBytes(signature, message, ports);
  if (!ports.verify(key.publicKey.spki, bytes, signature.signature)) return refuse('wrong-signature', `it is not of the key ${key.fingerprint} over these bytes`);
  return { kind: 'held', userVerified: ((hardware?.flags ?? 0) & USER_VERIFIED) !== 0 };
};

/** What the key has signed. Sources: OpenSSH PROTOCOL.sshsig "Signed Data", PROTOCOL.u2f "SSH U2F signatures". */
const signedBytes = ({ key, namespace, hash, hardware }: SshSignature, message: Uint8Array, { crypto, sha512 }: SshPorts): Uint8Array => {
  const digest = hash === 'sha256' ? crypto.sha256(message) : sha512(message);
  const nothing = new Uint8Array(0);
  const plain = concatBytes(utf8('SSHSIG'), sshString(utf8(namespace)), sshString(nothing), sshString(utf8(hash)), sshString(digest));
  if (hardware === undefined) return plain;
  const counter = new Uint8Array(4);
  new DataView(counter.buffer).setUint32(0, hardware.counter);
  return concatBytes(crypto.sha256(utf8(key.application ?? '')), Uint8Array.of(hardware.flags), counter, crypto.sha256(plain));
};

const refuse = (refusal: 'namespace' | 'user-presence' | 'wrong-signature', because: string): SshSignatureCheck => ({ kind: 'refused', refusal, because });
