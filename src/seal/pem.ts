import { type Crypto, fromBase64, type Reading, rejected, toBase64 } from '#base';
import { type PublicKey, readPublicKey } from './public-key.ts';

const BLOCK = /^-----BEGIN ([A-Z0-9 ]{1,64})-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n?-----END \1-----\s*$/;

/** PEM of a public key: LF, lines of 64 letters, a line end at the end: what openssl and Node write. Source: RFC 7468 §13. */
export const pemOfPublicKey = ({ spki }: Pick<PublicKey, 'spki'>): string => pemOf('PUBLIC KEY', spki);

/** PEM with a label. Source: RFC 7468 §3. */
export const pemOf = (label: string, der: Uint8Array): string => `-----BEGIN ${label}-----\n${toBase64(der).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/** The label and bytes of text that is one block of PEM; undefined for anything else. The text is hostile. */
export const readPem = (text: string): { readonly label: string; readonly der: Uint8Array } | undefined => {
  const match = text.length > 65_536 ? null : BLOCK.exec(text.trim());
  const der = match === null ? undefined : fromBase64(match[2]!.replace(/[\r\n]/g, ''));
  return match === null || der === undefined || der.length === 0 ? undefined : { label: match[1]!, der };
};

/** Reads a public key in PEM from untrusted text. */
export const readPublicKeyPem = (text: string, crypto: Crypto): Reading<PublicKey> => {
  const block = readPem(text);
  return block?.label === 'PUBLIC KEY' ? readPublicKey(block.der, crypto) : rejected({ pointer: '', message: 'the key is not one block of PEM with the label PUBLIC KEY' });
};
