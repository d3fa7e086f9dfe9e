import { accepted, concatBytes, type Reading, rejected, utf8, type VerifySignature } from '#base';
import { ed25519Spki } from '#seal';
import { readCheckpoint } from './checkpoint.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The signature of a witness: when it saw the checkpoint as the newest of its log. */
export type Cosignature = {
  /** Unit: second since 1970-01-01 UTC. */
  readonly time: number;
  /** Ed25519 signature: 64 bytes. */
  readonly signature: Uint8Array;
};

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** The bytes that a witness signs: the body of a checkpoint, with its last line feed, after the time. Source: C2SP tlog-cosignature v1. */
export const cosignatureMessage = (body: string, time: number): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${body}`);

/**
 * Reads the bytes of a cosignature, which stand in a signature line after the id of the key. The bytes are hostile. Times beyond
 * 2^53-1 seconds are rejected. Never throws.
 * Source: C2SP tlog-cosignature v1, "Format".
 */
export const readCosignature = (bytes: Uint8Array): Reading<Cosignature> => {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return wrong(`a cosignature has ${TIME_BYTES + SIGNATURE_BYTES} bytes, not ${bytes.length}`);
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return wrong('the time of the cosignature is beyond every calendar');
  return accepted({ time: Number(time), signature: bytes.subarray(TIME_BYTES) });
};

/** The bytes of a cosignature. Throws TypeError for a time that is not a whole number of seconds from 0, or another length. */
export const writeCosignature = ({ time, signature }: Cosignature): Uint8Array => {
  if (!Number.isSafeInteger(time) || time < 0) throw new TypeError(`${time} is not a time in seconds`);
  if (signature.length !== SIGNATURE_BYTES) throw new TypeError(`an Ed25519 signature has ${SIGNATURE_BYTES} bytes, not ${signature.length}`);
  const head = new Uint8Array(TIME_BYTES);
  new DataView(head.buffer).setBigUint64(0, BigInt(time));
  return concatBytes(head, signature);
};

/** Whether a witness made the cosignature over this body, which must be a checkpoint: witnesses sign nothing else. Never throws. */
export const verifyCosignature = (body: string, cosignature: Cosignature, witness: VerifierKey, verify: VerifySignature): boolean =>
  witness.use === 'cosignature' &&
  readCheckpoint(body).kind === 'accepted' &&
  verify(ed25519Spki(witness.publicKey), cosignatureMessage(body, cosignature.time), cosignature.signature);

const wrong = (message: string): Reading<never> => rejected({ pointer: '', message });
