import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import { nodeCrypto } from '#files';
import { readBundle } from '#seal';
import type { SignedDocument } from '#verify';
import { type DocumentBytes, documentBytes, isStatementOf } from './document-files.ts';

/** What judges signed documents with. */
export const DOCUMENT_PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };

export type Unsigned = { readonly kind: 'refused'; readonly because: string };

/**
 * The signature beside a statement, judged; or why there is none. A statement that is not the one that was signed is refused whatever the
 * signature is worth: people read that file. Never throws.
 */
export const judgedAt = async <T>(statementPath: string, judge: (signed: SignedDocument) => T): Promise<T | Unsigned> => judgeDocument(await documentBytes(statementPath), judge);

/** The same of a document whose bytes lie elsewhere, for example in a commit. */
export const judgeDocument = <T>(document: DocumentBytes, judge: (signed: SignedDocument) => T): T | Unsigned => {
  // One that is laid beside another would speak in its place.
  if (document.bundle !== undefined && document.sshSignature !== undefined) return { kind: 'refused', because: 'two signatures lie beside it, and nobody can tell which is meant' };
  const signed = signedIn(document);
  if (signed === undefined) return { kind: 'refused', because: 'it has no signature that can be read' };
  const payload = payloadOf(signed);
  return payload === undefined || isStatementOf(document, payload)
    ? judge(signed)
    : { kind: 'refused', because: 'the statement beside the signature is not the one that was signed' };
};

const signedIn = ({ bundle, statement, sshSignature }: DocumentBytes): SignedDocument | undefined => {
  if (bundle !== undefined) return { kind: 'bundle', bytes: bundle };
  return sshSignature === undefined || statement === undefined ? undefined : { kind: 'ssh', statement, signature: sshSignature };
};

const payloadOf = (signed: SignedDocument): Uint8Array | undefined => (signed.kind === 'ssh' ? signed.statement : payloadOfBundle(signed.bytes));

/** The statement inside a bundle, whoever signed it; undefined if it cannot be read. */
export const payloadOfBundle = (bytes: Uint8Array): Uint8Array | undefined => {
  const reading = readBundle(bytes);
  return reading.kind === 'accepted' && reading.value.content.kind === 'dsse' ? reading.value.content.payload : undefined;
};
