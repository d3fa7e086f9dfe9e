import { compareBytes, type Crypto, escapeControl, toBase64, toHex, utf8, type VerifySignature } from '#base';
import { leafHash, verifyInclusion } from '#digest';
import { type Bundle, isWithin, type LogEntry, momentOfSecond, type PublicKey, signatureProblem, type TrustedLog, type TrustedRoot, windowText } from '#seal';
import { type NoteSignature, readCheckpoint, readNote } from '#tlog';
import type { BundleTime } from './bundle-verdict.ts';

export type EntryPorts = { readonly crypto: Crypto; readonly verifySignature: VerifySignature };

/** Whether a log that counts has an entry. `time` is when the log took it in, where its signature says so. */
export type EntryCheck =
  | { readonly kind: 'held'; readonly log: TrustedLog; readonly time?: BundleTime }
  /** The root does not know the log: the entry proves nothing, and disproves nothing. */
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

/** Beyond the year 9999 nothing can be told as RFC 3339. */
const LAST_SECOND = 253_402_300_799n;

const refuse = (because: string): EntryCheck => ({ kind: 'refused', because });

/**
 * Checks that a log of the trusted root has the body of an entry: by the promise of the log (its signature with a time, Rekor v1) and by
 * a proof under a checkpoint that the log has signed. Bundles 0.1 need the promise, later ones the proof; what is there must hold. What the
 * body is about is not looked at. Never throws.
 * Source: sigstore/protobuf-specs sigstore_rekor.proto, TransparencyLogEntry; RFC 9162 §2.1.3.2; C2SP tlog-checkpoint.
 */
export const checkLogEntry = (entry: LogEntry, version: Bundle['version'], { logs }: Pick<TrustedRoot, 'logs'>, ports: EntryPorts): EntryCheck => {
  const named = logs.filter(({ logId }) => compareBytes(logId, entry.logKeyId) === 0);
  if (named.length === 0) return { kind: 'unknown', because: `the trusted root knows no log ${toHex(entry.logKeyId.subarray(0, 8))}…` };
  let first: EntryCheck | undefined;
  for (const log of named) {
    const check = checkWith(entry, version, log, ports);
    if (check.kind === 'held') return check;
    first ??= check;
  }
  return first!;
};

const checkWith = (entry: LogEntry, version: Bundle['version'], log: TrustedLog, ports: EntryPorts): EntryCheck => {
  const { key } = log;
  if ('kind' in key) return refuse(`the log ${log.name} has a key that is not used: ${key.because}`);
  if (entry.promise !== undefined && !promiseHolds(entry, entry.promise, key, ports))
    return refuse(`the promise of the log ${log.name} does not hold: the entry or its time was changed`);
  if (version === '0.1' ? entry.promise === undefined : entry.proof?.checkpoint === undefined) {
    return refuse(version === '0.1' ? `there is no promise of the log ${log.name}` : `there is no proof under a checkpoint that the log ${log.name} has the entry`);
  }
  const problem = entry.proof?.checkpoint === undefined ? undefined : proofProblem(entry, entry.proof, log, ports);
  if (problem !== undefined) return refuse(problem);
  if (entry.promise === undefined) return { kind: 'held', log };
  if (entry.integratedTime <= 0n || entry.integratedTime > LAST_SECOND) return refuse(`the log ${log.name} states no time that can be read`);
  const { text, sinceEpochMs } = momentOfSecond(Number(entry.integratedTime));
  if (!isWithin(log.window, sinceEpochMs)) return refuse(`the log ${log.name} counts only ${windowText(log.window)}`);
  return { kind: 'held', log, time: { kind: 'log', atMs: sinceEpochMs, at: text, by: log.name } };
};

/** The signature of a log over an entry, its place and time. Source: sigstore/rekor, SignedEntryTimestamp: RFC 8785 of these four members. */
const promiseHolds = ({ body, integratedTime, logKeyId, logIndex }: LogEntry, promise: Uint8Array, key: PublicKey, { verifySignature }: EntryPorts): boolean => {
  const signed = `{"body":"${toBase64(body)}","integratedTime":${integratedTime},"logID":"${toHex(logKeyId)}","logIndex":${logIndex}}`;
  return signatureProblem(key.algorithm, promise) === undefined && verifySignature(key.spki, utf8(signed), promise);
};

type Proof = NonNullable<LogEntry['proof']>;

const proofProblem = ({ body, logIndex, promise }: LogEntry, proof: Proof, log: TrustedLog, ports: EntryPorts): string | undefined => {
  // Logs without promises are not cut into parts: there the two places are one.
  if (promise === undefined && logIndex !== proof.logIndex) return 'the entry and its proof are about different places in the log';
  const checkpoint = openCheckpoint(proof.checkpoint ?? '', log, ports.verifySignature);
  if ('because' in checkpoint) return checkpoint.because;
  if (BigInt(checkpoint.size) !== proof.treeSize) return 'the proof is about a log of another size than its checkpoint';
  if (compareBytes(checkpoint.root, proof.rootHash) !== 0) return 'the proof leads to another root than that of its checkpoint';
  const inclusion = { index: proof.logIndex, size: proof.treeSize, leafHash: leafHash(body, ports.crypto), proof: proof.hashes, root: proof.rootHash };
  return verifyInclusion(inclusion, ports.crypto) ? undefined : `the proof does not show that the log ${log.name} has the entry`;
};

type Opened = { readonly size: number; readonly root: Uint8Array } | { readonly because: string };

/**
 * A checkpoint that the log has signed. Signatures of witnesses are not looked at: a trusted root names none. Logs of Rekor v1 sign with
 * ECDSA, and write the number of their tree behind the name; so the key of #tlog does not fit them.
 */
const openCheckpoint = (text: string, log: TrustedLog, verify: VerifySignature): Opened => {
  const note = readNote(utf8(text));
  if (note.kind === 'rejected') return { because: `the checkpoint cannot be read: ${note.problems[0]!.message}` };
  const own = note.value.signatures.filter(({ keyId }) => keyId === new DataView(log.checkpointKeyId.buffer, log.checkpointKeyId.byteOffset).getUint32(0));
  if (own.length === 0) return { because: `the checkpoint is not signed by the log ${log.name}` };
  const body = utf8(note.value.body);
  const wrong = own.find(({ signature }) => !isSigned(body, signature, log, verify));
  if (wrong !== undefined) return { because: `the signature of the log ${log.name} under the checkpoint does not hold` };
  const checkpoint = readCheckpoint(note.value.body);
  if (checkpoint.kind === 'rejected') return { because: `the checkpoint cannot be read: ${checkpoint.problems[0]!.message}` };
  const { origin, size, root } = checkpoint.value;
  if (!own.some((signature) => isOrigin(origin, signature)))
    return { because: `the checkpoint is of the log '${escapeControl(origin.slice(0, 100))}', and another name has signed it` };
  return { size, root };
};

const isSigned = (body: Uint8Array, signature: Uint8Array, { key }: TrustedLog, verify: VerifySignature): boolean =>
  !('kind' in key) && signatureProblem(key.algorithm, signature) === undefined && verify(key.spki, body, signature);

/** Rekor v1 puts the id of its tree behind the name of the log: "rekor.example - 42". */
const isOrigin = (origin: string, { name }: NoteSignature): boolean => origin === name || (origin.startsWith(`${name} - `) && /^[0-9]{1,20}$/.test(origin.slice(name.length + 3)));
