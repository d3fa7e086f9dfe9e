import { fromUtf8 } from '#base';
import { DER, type DerElement } from '../der.ts';
import { booleanOf, contentOf, cursorOver, membersOf, oidOf, onlyElement, smallNumberOf } from './der-values.ts';

/** One extension of a certificate, request or token. */
export type Extension = {
  /** Object identifier with dots. */
  readonly oid: string;
  readonly isCritical: boolean;
  /** Content of the octet string: itself DER. */
  readonly value: Uint8Array;
  /** The whole element, for a signature over a certificate without it (RFC 6962 §3.2). */
  readonly whole: Uint8Array;
};

// Source: RFC 5280 §4.2.1.
export const EXTENSION = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
} as const;

/** Extensions of a SEQUENCE OF Extension; undefined unless each is well formed and stands once. Source: RFC 5280 §4.2. */
export const extensionsOf = (elements: readonly DerElement[] | undefined): readonly Extension[] | undefined => {
  if (elements === undefined || elements.length === 0 || elements.length > 64) return undefined;
  const extensions = elements.map(extensionOf).filter((extension) => extension !== undefined);
  const isEachOnce = new Set(extensions.map(({ oid }) => oid)).size === elements.length;
  return isEachOnce ? extensions : undefined;
};

const extensionOf = (element: DerElement): Extension | undefined => {
  const members = cursorOver(membersOf(element) ?? []);
  const oid = oidOf(members.take(DER.oid));
  const flag = members.take(0x01);
  const critical = flag === undefined ? false : booleanOf(flag);
  const value = contentOf(members.take(DER.octetString), DER.octetString);
  return oid === undefined || critical === undefined || value === undefined || !members.isDone() ? undefined : { oid, isCritical: critical, value, whole: element.whole };
};

export type BasicConstraints = { readonly isAuthority: boolean; readonly pathLength?: number };

/** Source: RFC 5280 §4.2.1.9. */
export const basicConstraintsOf = (value: Uint8Array): BasicConstraints | undefined => {
  const members = membersOf(onlyElement(value));
  if (members === undefined) return undefined;
  const cursor = cursorOver(members);
  const flag = cursor.take(0x01);
  const isAuthority = flag === undefined ? false : booleanOf(flag);
  const limit = cursor.take(DER.integer);
  const pathLength = limit === undefined ? undefined : smallNumberOf(limit);
  if (isAuthority === undefined || !cursor.isDone() || (limit !== undefined && (pathLength === undefined || !isAuthority))) return undefined;
  return { isAuthority, ...(pathLength === undefined ? {} : { pathLength }) };
};

const USES = ['digitalSignature', 'contentCommitment', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const;

export type KeyUse = (typeof USES)[number];

/** Source: RFC 5280 §4.2.1.3; bits are counted from the highest (X.690 §8.6). */
export const keyUsageOf = (value: Uint8Array): ReadonlySet<KeyUse> | undefined => {
  const content = contentOf(onlyElement(value), DER.bitString);
  const unused = content?.[0];
  if (content === undefined || unused === undefined || unused > 7 || content.length < 2 || content.length > 3) return undefined;
  const bits = content.subarray(1);
  if ((bits.at(-1)! & ((1 << unused) - 1)) !== 0) return undefined;
  const uses = USES.filter((_, at) => ((bits[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0);
  return uses.length === 0 ? undefined : new Set(uses);
};

/** Purposes as object identifiers, at least one, each once. Source: RFC 5280 §4.2.1.12. */
export const extKeyUsageOf = (value: Uint8Array): readonly string[] | undefined => {
  const members = membersOf(onlyElement(value));
  if (members === undefined || members.length === 0 || members.length > 32) return undefined;
  const oids = members.map(oidOf).filter((oid) => oid !== undefined);
  return new Set(oids).size === members.length ? oids : undefined;
};

/** A subject alternative name. `other` has the object identifier of its type; what is not read further has kind `unread`. */
export type AlternativeName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly text: string }
  | { readonly kind: 'other'; readonly oid: string; readonly value: Uint8Array; readonly text?: string }
  | { readonly kind: 'unread'; readonly tag: number; readonly value: Uint8Array };

/** Source: RFC 5280 §4.2.1.6. */
export const alternativeNamesOf = (value: Uint8Array): readonly AlternativeName[] | undefined => {
  const members = membersOf(onlyElement(value));
  if (members === undefined || members.length === 0 || members.length > 256) return undefined;
  const names = members.map(alternativeNameOf).filter((name) => name !== undefined);
  return names.length === members.length ? names : undefined;
};

const TEXTS: Readonly<Record<number, 'email' | 'dns' | 'uri'>> = { 0x81: 'email', 0x82: 'dns', 0x86: 'uri' };

const alternativeNameOf = (element: DerElement): AlternativeName | undefined => {
  const { tag, content } = element;
  const kind = TEXTS[tag];
  if (kind !== undefined) {
    // Visible ASCII only: what could be shown as something else is refused, a NUL above all.
    const isVisible = content.length > 0 && content.length <= 4096 && content.every((byte) => byte > 0x20 && byte < 0x7f);
    return isVisible ? { kind, text: String.fromCharCode(...content) } : undefined;
  }
  if (tag !== 0xa0) return tag >= 0x83 && tag <= 0xa8 ? { kind: 'unread', tag, value: content } : undefined;
  const [type, wrapped, ...more] = membersOf(element, 0xa0) ?? [];
  const oid = oidOf(type);
  const inner = wrapped?.tag === 0xa0 ? onlyElement(wrapped.content) : undefined;
  if (oid === undefined || inner === undefined || more.length > 0) return undefined;
  const text = inner.tag === 0x0c ? fromUtf8(inner.content) : undefined;
  return { kind: 'other', oid, value: inner.whole, ...(text === undefined ? {} : { text }) };
};

/** Source: RFC 5280 §4.2.1.2. */
export const subjectKeyIdOf = (value: Uint8Array): Uint8Array | undefined => contentOf(onlyElement(value), DER.octetString);

/** The key id, where one is given; null where only issuer and serial number stand. Undefined if malformed. Source: RFC 5280 §4.2.1.1. */
export const authorityKeyIdOf = (value: Uint8Array): Uint8Array | null | undefined => {
  const members = membersOf(onlyElement(value));
  return members === undefined ? undefined : (members.find(({ tag }) => tag === 0x80)?.content ?? null);
};
