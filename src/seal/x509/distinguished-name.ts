import { escapeControl, fromUtf8 } from '#base';
import type { DerElement } from '../der.ts';
import { membersOf, oidOf } from './der-values.ts';

const SHORT: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.25': 'DC',
};

/**
 * A Name in the order in which it is written, for people: O=example, CN=time authority. Undefined if it is not a Name. Control
 * characters are escaped; the text is not unique and decides nothing: names are compared by their DER. Source: RFC 5280 §4.1.2.4.
 */
export const nameTextOf = (name: DerElement | undefined): string | undefined => {
  const sets = membersOf(name);
  if (sets === undefined || sets.length > 32) return undefined;
  const parts = sets.flatMap((set) => {
    const attributes = membersOf(set, 0x31);
    return attributes === undefined || attributes.length === 0 ? [undefined] : attributes.map(attributeText);
  });
  return parts.includes(undefined) ? undefined : parts.join(', ');
};

const attributeText = (attribute: DerElement): string | undefined => {
  const [type, value, ...more] = membersOf(attribute) ?? [];
  const oid = oidOf(type);
  if (oid === undefined || value === undefined || more.length > 0) return undefined;
  return `${Object.hasOwn(SHORT, oid) ? SHORT[oid] : oid}=${escapeControl(stringOf(value) ?? '(not text)')}`;
};

/** Text of one of the string types; undefined for another type or bytes that are not such text. */
export const stringOf = ({ tag, content }: DerElement): string | undefined => {
  if (content.length > 4096) return undefined;
  switch (tag) {
    case 0x0c:
      return fromUtf8(content);
    // PrintableString and IA5String: ASCII.
    case 0x13:
    case 0x16:
      return content.every((byte) => byte < 0x80) ? String.fromCharCode(...content) : undefined;
    // TeletexString: in certificates always Latin-1.
    case 0x14:
      return String.fromCharCode(...content);
    case 0x1e:
      return content.length % 2 === 0 ? String.fromCharCode(...Array.from({ length: content.length / 2 }, (_, i) => content[i * 2]! * 256 + content[i * 2 + 1]!)) : undefined;
    default:
      return undefined;
  }
};
