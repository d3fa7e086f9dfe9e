import { readJson } from '#base';
import { nodeCrypto } from '#files';
import { readTrust, readTrustEnvelope, type Trust, type TrustDocument, type TrustEnvelope } from '#trust';

/** A version of a trust file that was read; who signed it is another question. */
export type ReadVersion = { readonly kind: 'read'; readonly envelope: TrustEnvelope; readonly trust: Trust; readonly document: TrustDocument };

/** Reads a trust file from untrusted bytes; the reason in one line where it cannot be read. */
export const readVersion = (bytes: Uint8Array): ReadVersion | { readonly kind: 'unreadable'; readonly because: string } => {
  const envelope = readTrustEnvelope(bytes);
  if (envelope.kind === 'rejected') return unreadable(envelope.problems);
  const trust = readTrust(envelope.value.payload, nodeCrypto);
  if (trust.kind === 'rejected') return unreadable(trust.problems);
  const json = readJson(envelope.value.payload);
  // The reader has checked the bytes against the schema.
  return json.kind === 'rejected' ? unreadable(json.problems) : { kind: 'read', envelope: envelope.value, trust: trust.value, document: json.value as unknown as TrustDocument };
};

const unreadable = ([first]: readonly { readonly pointer: string; readonly message: string }[]): { readonly kind: 'unreadable'; readonly because: string } => ({
  kind: 'unreadable',
  because: first === undefined ? 'unknown' : first.pointer === '' ? first.message : `${first.pointer}: ${first.message}`,
});
