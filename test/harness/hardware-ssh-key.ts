import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const string = (content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const mpint = (number: Buffer): Buffer => {
  const digits = number.subarray(number.findIndex((byte) => byte !== 0));
  return string(digits[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
};

export type HardwareSignature = {
  readonly message: Uint8Array;
  readonly namespace: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly hash?: 'sha256' | 'sha512';
};

/** A FIDO key of SSH, made in software: the bytes are those of OpenSSH PROTOCOL.u2f and PROTOCOL.sshsig; no hardware takes part. */
export type HardwareKey = { readonly publicLine: string; readonly signBlob: (what: HardwareSignature) => Buffer };

export const makeHardwareKey = (kind: 'ed25519' | 'ecdsa', application: string = 'ssh:'): HardwareKey => {
  const pair = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { privateKey, publicKey } = pair as { privateKey: KeyObject; publicKey: KeyObject };
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const type = kind === 'ed25519' ? 'sk-ssh-ed25519@openssh.com' : 'sk-ecdsa-sha2-nistp256@openssh.com';
  const blob = Buffer.concat([string(type), ...(kind === 'ed25519' ? [string(spki.subarray(-32))] : [string('nistp256'), string(spki.subarray(-65))]), string(application)]);
  const signBlob = ({ message, namespace, flags = 1, counter = 7, hash = 'sha512' }: HardwareSignature): Buffer => {
    const wrapped = Buffer.concat([Buffer.from('SSHSIG'), string(namespace), string(''), string(hash), string(createHash(hash).update(message).digest())]);
    const tail = Buffer.alloc(5);
    tail.writeUInt8(flags, 0);
    tail.writeUInt32BE(counter, 1);
    const signed = Buffer.concat([sha256(Buffer.from(application)), tail, sha256(wrapped)]);
    const raw = kind === 'ed25519' ? sign(null, signed, privateKey) : sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const made = kind === 'ed25519' ? raw : Buffer.concat([mpint(raw.subarray(0, 32)), mpint(raw.subarray(32))]);
    const inner = Buffer.concat([string(type), string(made), tail]);
    return Buffer.concat([Buffer.from('SSHSIG'), Buffer.of(0, 0, 0, 1), string(blob), string(namespace), string(''), string(hash), string(inner)]);
  };
  return { publicLine: `${type} ${blob.toString('base64')}`, signBlob };
};

/** The armor of ssh-keygen around the bytes of a signature. */
export const armorOf = (blob: Uint8Array): string =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(blob)
    .toString('base64')
    .replace(/.{1,70}/g, '$&\n')}-----END SSH SIGNATURE-----\n`;

/** The bytes inside the armor. */
export const blobOf = (armored: string): Buffer => Buffer.from(armored.replace(/-----.*-----/g, ''), 'base64');
