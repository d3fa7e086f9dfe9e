/** One element of DER: its tag, its content, and the whole of it with tag and length. */
export type DerElement = { readonly tag: number; readonly content: Uint8Array; readonly whole: Uint8Array };

export const DER = { integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, sequence: 0x30 } as const;

/**
 * The elements that bytes consist of, one behind the other; undefined unless they are exactly that.
 * The input is hostile: only short tags and definite lengths in their shortest form are DER. Source: X.690 §8.1, §10.1.
 */
export const derElements = (bytes: Uint8Array): readonly DerElement[] | undefined => {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    if (element === undefined) return undefined;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
};

/** What a single element with this tag holds; undefined for anything else, or anything behind it. */
export const derContent = (bytes: Uint8Array, tag: number): Uint8Array | undefined => {
  const elements = derElements(bytes);
  return elements?.length === 1 && elements[0]?.tag === tag ? elements[0].content : undefined;
};

/** A positive INTEGER in its shortest form; undefined for zero, negative or padded ones. Source: X.690 §8.3. */
export const derPositive = (element: DerElement | undefined): bigint | undefined => {
  if (element === undefined || element.tag !== DER.integer) return undefined;
  const { content } = element;
  const [first, second] = content;
  if (first === undefined || first >= 0x80 || (first === 0 && (second === undefined || second < 0x80))) return undefined;
  return bigintOf(content);
};

export const bigintOf = (bytes: Uint8Array): bigint => {
  let digits = '';
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0');
  return digits === '' ? 0n : BigInt(`0x${digits}`);
};

const elementAt = (bytes: Uint8Array, at: number): DerElement | undefined => {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return cut(bytes, { at, tag, start: at + 2, length: first });
  const digits = first & 0x7f;
  // Four bytes of length are more than any document here may have.
  if (digits === 0 || digits > 4 || at + 2 + digits > bytes.length) return undefined;
  let length = 0;
  for (let i = 0; i < digits; i += 1) length = length * 256 + bytes[at + 2 + i]!;
  const isShortest = bytes[at + 2] !== 0 && length >= 0x80;
  return isShortest ? cut(bytes, { at, tag, start: at + 2 + digits, length }) : undefined;
};

const cut = (
  bytes: Uint8Array,
  { at, tag, start, length }: { readonly at: number; readonly tag: number; readonly start: number; readonly length: number },
): DerElement | undefined => {
  const end = start + length;
  return end > bytes.length ? undefined : { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
};
