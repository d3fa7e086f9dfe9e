import { fromUtf8 } from '#base';

/** Reads the fields of SSH one after the other. Every reader gives undefined once something was missing: the bytes are hostile. */
export type SshFields = {
  readonly byte: () => number | undefined;
  readonly uint32: () => number | undefined;
  readonly string: () => Uint8Array | undefined;
  /** A string that is UTF-8. */
  readonly text: () => string | undefined;
  /** A positive number without its leading zero: an mpint in its shortest form. */
  readonly positive: () => Uint8Array | undefined;
  /** Whether everything was there and nothing is left. */
  readonly isAtEnd: () => boolean;
};

/** Source: RFC 4251 §5. */
export const sshFields = (bytes: Uint8Array): SshFields => {
  let at = 0;
  let isBroken = false;
  const take = (length: number): Uint8Array | undefined => {
    if (isBroken || length > bytes.length - at) {
      isBroken = true;
      return undefined;
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const uint32 = (): number | undefined => {
    const digits = take(4);
    return digits === undefined ? undefined : new DataView(digits.buffer, digits.byteOffset, 4).getUint32(0);
  };
  const string = (): Uint8Array | undefined => {
    const length = uint32();
    return length === undefined ? undefined : take(length);
  };
  const text = (): string | undefined => {
    const found = string();
    return found === undefined ? undefined : fromUtf8(found);
  };
  const positive = (): Uint8Array | undefined => {
    const digits = string();
    if (digits === undefined) return undefined;
    const [first, second] = digits;
    if (first === undefined || first >= 0x80 || (first === 0 && (second === undefined || second < 0x80))) return undefined;
    return first === 0 ? digits.subarray(1) : digits;
  };
  return { byte: () => take(1)?.[0], uint32, string, text, positive, isAtEnd: () => !isBroken && at === bytes.length };
};

/** A string of SSH: its length in four bytes, then itself. Source: RFC 4251 §5. */
export const sshString = (content: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(4 + content.length);
  new DataView(whole.buffer).setUint32(0, content.length);
  whole.set(content, 4);
  return whole;
};
