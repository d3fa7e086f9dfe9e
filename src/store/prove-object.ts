import { createHash } from 'node:crypto';
import { toHex, TrainlockError } from '#base';
import { type FileFacts, hashFiles, nodeCrypto, readBoundedIfThere } from '#files';
import { type ObjectFile, objectFile, touched } from './object-files.ts';

/** Up to this size an object that is there already is read again before it is trusted. Unit: byte. */
const RECHECKED_BYTES = 1024 * 1024;

export type ProvenBytes = { readonly sha256: string; readonly sizeBytes: number };

/** Digest of the plain bytes of a compressed object, at most mostBytes of them. Throws TL0307 if it is damaged or holds more, TL0002. */
export const hashCompressed = async (path: string, mostBytes = Infinity): Promise<ProvenBytes> => {
  const { unpackObject } = await import('./zstd/unpack-object.ts');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of unpackObject(path, mostBytes)) {
    hash.update(piece);
    sizeBytes += piece.length;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
};

/**
 * An object that is there with the right size, and, if it is small or compressed, the right content; a damaged one is written
 * again. It is touched (see touched).
 */
export const intactObject = async (root: string, { sha256, sizeBytes }: ProvenBytes): Promise<ObjectFile | undefined> => {
  const found = objectFile(root, sha256);
  if (found === undefined) return undefined;
  const isIntact = found.form === 'plain' ? await isPlainIntact(found, { sha256, sizeBytes }) : await isCompressedWhole(found.path, { sha256, sizeBytes });
  return isIntact && touched(found.path) ? found : undefined;
};

/** intactObject for objects of any size: what is kept for a person is read again before it is said to be kept. */
export const wholeObject = async (root: string, wanted: ProvenBytes): Promise<ObjectFile | undefined> => {
  const found = await intactObject(root, wanted);
  if (found === undefined || found.form === 'compressed' || wanted.sizeBytes <= RECHECKED_BYTES) return found;
  const [facts] = await hashFiles([{ path: found.path }], { jobs: 1 });
  return facts?.sha256 === wanted.sha256 ? found : undefined;
};

const isPlainIntact = async ({ path, facts }: ObjectFile, { sha256, sizeBytes }: ProvenBytes): Promise<boolean> => {
  if (facts.size !== sizeBytes) return false;
  if (sizeBytes > RECHECKED_BYTES) return true;
  const bytes = await readBoundedIfThere(path, RECHECKED_BYTES).catch(() => undefined);
  return bytes !== undefined && toHex(nodeCrypto.sha256(bytes)) === sha256;
};

const isCompressedWhole = (path: string, wanted: ProvenBytes): Promise<boolean> =>
  hashCompressed(path, wanted.sizeBytes).then(
    ({ sha256, sizeBytes }) => sha256 === wanted.sha256 && sizeBytes === wanted.sizeBytes,
    () => false,
  );

/** What lies in the store under a digest. */
export type ObjectEvidence =
  | { readonly kind: 'hashed'; readonly sha256: string; readonly sizeBytes: number }
  | { readonly kind: 'absent' }
  /** A compressed object that cannot be unpacked to the end. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Hashes the bytes of objects as they lie in the store, in the order given, whatever their form. Throws TL0306 if one is no digest. */
export const hashObjects = async (root: string, digests: readonly string[]): Promise<readonly ObjectEvidence[]> => {
  const files: (ObjectFile | undefined)[] = [];
  for (const sha256 of digests) files.push(objectFile(root, sha256));
  const facts = (await hashFiles(files.flatMap((file) => (file?.form === 'plain' ? [{ path: file.path }] : [])))).values();
  const evidence: ObjectEvidence[] = [];
  for (const file of files) evidence.push(file === undefined ? { kind: 'absent' } : file.form === 'plain' ? evidenceOf(facts.next().value) : await evidenceOfCompressed(file.path));
  return evidence;
};

const evidenceOf = (facts: FileFacts | undefined): ObjectEvidence => {
  if (facts === undefined || facts.kind === 'absent') return { kind: 'absent' };
  if (facts.changed === true) return { kind: 'unreadable', reason: 'it changed while it was being read' };
  return facts.sha256 === undefined
    ? { kind: 'unreadable', reason: facts.reason ?? `it is a ${facts.kind}` }
    : { kind: 'hashed', sha256: facts.sha256, sizeBytes: facts.sizeBytes! };
};

const evidenceOfCompressed = (path: string): Promise<ObjectEvidence> =>
  hashCompressed(path).then(
    (proven) => ({ kind: 'hashed', ...proven }),
    (error: unknown) => {
      if (!(error instanceof TrainlockError)) throw error;
      return error.code === 'TL0307' ? { kind: 'damaged' } : { kind: 'unreadable', reason: error.message };
    },
  );
