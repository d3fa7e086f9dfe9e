import { createPrivateKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { fromUtf8, utf8, compareBytes } from '#base';
import { type Refused, refused } from './opened.ts';

const MAGIC = utf8('openssh-key-v1\0');
const DAMAGED = refused('damaged', 'is damaged: what stands between BEGIN and END is not a private key of OpenSSH');

/**
 * The private key in the format of OpenSSH, if it has no passphrase. `path` is only for the command in the refusal.
 * The bytes are hostile: every length is checked, nothing throws. Source: openssh-portable PROTOCOL.key.
 */
export const openOpensshKey = (der: Uint8Array, path: string): { readonly kind: 'key'; readonly key: KeyObject } | Refused => {
  if (compareBytes(der.subarray(0, MAGIC.length), MAGIC) !== 0) return DAMAGED;
  const outer = stringsOf(der.subarray(MAGIC.length));
  const [cipher, derivation] = [outer.text(), outer.text()];
  outer.bytes();
  if (cipher === undefined || derivation === undefined) return DAMAGED;
  if (cipher !== 'none' || derivation !== 'none') {
    return refused(
      'form',
      'is encrypted in the format of OpenSSH, which trainlock does not open',
      `import a copy without passphrase, and give it one again then: cp ${path} COPY && ssh-keygen -p -N '' -f COPY && trainlock keys import NAME COPY && rm COPY`,
    );
  }
  if (outer.number() !== 1) return refused('form', 'holds more than one key');
  outer.bytes();
  const inner = outer.bytes();
  if (inner === undefined) return DAMAGED;
  const parts = stringsOf(inner);
  const [first, second] = [parts.number(), parts.number()];
  return first === undefined || first !== second ? DAMAGED : keyOf(parts);
};

const keyOf = (parts: Strings): { readonly kind: 'key'; readonly key: KeyObject } | Refused => {
  const type = parts.text();
  if (type === 'ssh-ed25519') {
    const [point, both] = [parts.bytes(), parts.bytes()];
    // The private part is the seed with the public key behind it.
    if (point?.length !== 32 || both?.length !== 64 || compareBytes(both.subarray(32), point) !== 0) return DAMAGED;
    return fromWebKey({ kty: 'OKP', crv: 'Ed25519', x: url(point), d: url(both.subarray(0, 32)) });
  }
  if (type === 'ecdsa-sha2-nistp256') {
    const [, point, scalar] = [parts.bytes(), parts.bytes(), parts.bytes()];
    if (point?.length !== 65 || point[0] !== 4 || scalar === undefined || scalar.length > 33) return DAMAGED;
    // The number has a zero in front if its first bit is set, and lacks zeros that it has in front.
    const d = Buffer.concat([Buffer.alloc(32), scalar]).subarray(-32);
    return fromWebKey({ kty: 'EC', crv: 'P-256', x: url(point.subarray(1, 33)), y: url(point.subarray(33)), d: url(d) });
  }
  return type === undefined ? DAMAGED : refused('algorithm', 'has an algorithm that is not allowed (ECDSA P-256 and Ed25519 are, in the format of OpenSSH)');
};

const fromWebKey = (key: JsonWebKeyInput['key']): { readonly kind: 'key'; readonly key: KeyObject } | Refused => {
  try {
    return { kind: 'key', key: createPrivateKey({ key, format: 'jwk' }) };
  } catch {
    return DAMAGED;
  }
};

const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

type Strings = { readonly bytes: () => Uint8Array | undefined; readonly text: () => string | undefined; readonly number: () => number | undefined };

/** Reads values one behind the other; undefined, for ever, once one is cut off. Source: RFC 4251 §5. */
const stringsOf = (bytes: Uint8Array): Strings => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const number = (): number | undefined => {
    const value = at + 4 <= view.length ? view.readUInt32BE(at) : undefined;
    at = value === undefined ? view.length : at + 4;
    return value;
  };
  const next = (): Uint8Array | undefined => {
    const length = number();
    const value = length !== undefined && at + length <= view.length ? view.subarray(at, at + length) : undefined;
    at = value === undefined ? view.length : at + value.length;
    return value;
  };
  const text = (): string | undefined => {
    const value = next();
    return value === undefined ? undefined : fromUtf8(value);
  };
  return { bytes: next, text, number };
};
