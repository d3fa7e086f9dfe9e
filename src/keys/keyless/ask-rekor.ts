import { type JsonValue, TrainlockError, toBase64, valueAt } from '#base';
import type { SealedStatement } from '#seal';
import { askService } from './ask-service.ts';

export type LogRequest = {
  /** Address of the log. */
  readonly url: string;
  /** SHA-256 of the bytes that were signed. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  /** DER. */
  readonly certificate: Uint8Array;
};

type Entry = NonNullable<SealedStatement['tlogEntries']>[number];

/**
 * Enters a signature into a log of Sigstore (Rekor v2): a digest, the signature and the certificate, and nothing of what was signed. The
 * log answers when it has taken the entry in, with the proof; whether that holds is checked by whoever reads the bundle. Throws TL1104,
 * TL0801. Source: sigstore/rekor-tiles api/proto/rekor/v2; rekor-v2-spec §6.1.4 for statements.
 */
export const askRekor = async ({ url, digest, signature, certificate }: LogRequest): Promise<Entry> => {
  const answer = await askService(
    { name: 'the log', url, route: '/api/v2/log/entries' },
    {
      hashedRekordRequestV002: {
        digest: toBase64(digest),
        signature: {
          content: toBase64(signature),
          verifier: { x509Certificate: { rawBytes: toBase64(certificate) }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
        },
      },
    },
  );
  const entry = entryIn(answer);
  if (entry !== undefined) return entry;
  throw new TrainlockError('TL1104', 'the log answers without an entry and its proof', { where: url });
};

/** Only the members that bundles have, each of its form: what else a log answers is left out. */
const entryIn = (answer: JsonValue): Entry | undefined => {
  const text = (pointer: string): string | undefined => {
    const value = valueAt(answer, pointer);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  // Numbers of 64 bits are texts in the JSON form of Protocol Buffers; zero may be left out.
  const number = (pointer: string): string => text(pointer) ?? '0';
  const hashes = valueAt(answer, '/inclusionProof/hashes') ?? [];
  const [keyId, body, rootHash, envelope] = [text('/logId/keyId'), text('/canonicalizedBody'), text('/inclusionProof/rootHash'), text('/inclusionProof/checkpoint/envelope')];
  const [kind, version] = [text('/kindVersion/kind'), text('/kindVersion/version')];
  if (keyId === undefined || body === undefined || rootHash === undefined || envelope === undefined || kind === undefined || version === undefined) return undefined;
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === 'string')) return undefined;
  return {
    logIndex: number('/logIndex'),
    logId: { keyId },
    kindVersion: { kind, version },
    inclusionProof: { logIndex: number('/inclusionProof/logIndex'), rootHash, treeSize: number('/inclusionProof/treeSize'), hashes, checkpoint: { envelope } },
    canonicalizedBody: body,
  };
};
