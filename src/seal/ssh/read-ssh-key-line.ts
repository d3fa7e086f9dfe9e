import { type Crypto, fromBase64, type Reading, rejected } from '#base';
import { readSshPublicKey, SSH_KEY_TYPES, type SshPublicKey } from './ssh-public-key.ts';

/** Whether text begins like a public key of SSH, of a type that is allowed or not. */
export const isSshKeyLine = (text: string): boolean => /^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ /.test(text);

/** Reads the line of an SSH public key file (`ssh-ed25519 AAAA… comment`) from hostile text. Source: sshd(8), "AUTHORIZED_KEYS FILE FORMAT", without options. */
export const readSshKeyLine = (text: string, crypto: Crypto): Reading<SshPublicKey> => {
  const [type, base64, ...more] = text.length > 8192 ? [] : text.trim().split(/[ \t]+/);
  const known = SSH_KEY_TYPES.find((one) => one === type);
  const blob = base64 === undefined ? undefined : fromBase64(base64);
  if (known === undefined || blob === undefined || more.some((word) => /[\r\n]/.test(word)))
    return rejected({ pointer: '', message: `the SSH key is none of ${SSH_KEY_TYPES.join(', ')}, or its line is damaged` });
  const reading = readSshPublicKey(blob, crypto);
  return reading.kind === 'accepted' && reading.value.type !== known ? rejected({ pointer: '', message: 'the SSH key is of another type than its line says' }) : reading;
};
