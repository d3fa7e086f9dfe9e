import { compareBytes, utf8, type VerifySignature } from '#base';
import { ed25519Spki } from '#seal';
import { readCosignature, verifyCosignature } from './cosignature.ts';
import type { Note, NoteSignature } from './note.ts';
import { type Refused, refused } from './refused.ts';
import { isSameKey, type VerifierKey } from './verifier-key.ts';

/** A signature of a known key that holds. */
export type VerifiedSignature = {
  readonly key: VerifierKey;
  readonly signature: NoteSignature;
  /** When a witness saw the checkpoint; absent for the signature of a log. Unit: second since 1970-01-01 UTC. */
  readonly time?: number;
};

export type NoteOpening =
  | { readonly kind: 'opened'; readonly body: string; readonly verified: readonly VerifiedSignature[]; /** Signatures of keys we do not know. */ readonly unknown: number }
  | Refused<'wrong-signature' | 'no-known-signature' | 'ambiguous-key'>;

/**
 * Finds out which of the known keys signed a note. A signature that claims a known key, by name and id, and does not hold refuses the
 * whole note, even if the same key has signed it well on another line. Signatures of other keys are ignored; a note with no other is
 * refused. Repeated lines count once. Never throws.
 * Source: C2SP signed-note v1, "Signatures".
 */
export const openNote = (note: Note, keys: readonly VerifierKey[], verify: VerifySignature): NoteOpening => {
  const verified: VerifiedSignature[] = [];
  let unknown = 0;
  for (const signature of note.signatures) {
    const claimed = keys.filter((key) => key.name === signature.name && key.keyId === signature.keyId);
    const [key] = claimed;
    if (key === undefined) {
      unknown += 1;
      continue;
    }
    if (claimed.some((other) => !isSameKey(other, key))) return refused('ambiguous-key', `two known keys are called ${labelOf(key)}`);
    const held = checked(note.body, signature, key, verify);
    if (typeof held === 'string') return refused('wrong-signature', `the signature of ${labelOf(key)} ${held}`);
    if (!verified.some((other) => isRepeated(other, held))) verified.push(held);
  }
  return verified.length > 0 ? { kind: 'opened', body: note.body, verified, unknown } : refused('no-known-signature', nobody(keys));
};

const labelOf = (key: VerifierKey): string => `${key.name}+${key.keyId.toString(16).padStart(8, '0')}`;

const nobody = (keys: readonly VerifierKey[]): string =>
  keys.length === 0 ? 'no key was given to check the note with' : `the note is not signed by ${[...new Set(keys.map(labelOf))].join(' or ')}`;

const isRepeated = (a: VerifiedSignature, b: VerifiedSignature): boolean => isSameKey(a.key, b.key) && compareBytes(a.signature.signature, b.signature.signature) === 0;

/** The signature once it is checked, or why it does not hold. */
const checked = (body: string, signature: NoteSignature, key: VerifierKey, verify: VerifySignature): VerifiedSignature | string => {
  const wrong = 'does not hold: the text or the signature was changed, or the key is another';
  if (key.use === 'signature') {
    if (signature.signature.length !== 64) return `does not have the 64 bytes of Ed25519 but ${signature.signature.length}`;
    return verify(ed25519Spki(key.publicKey), utf8(body), signature.signature) ? { key, signature } : wrong;
  }
  const cosignature = readCosignature(signature.signature);
  if (cosignature.kind === 'rejected') return `cannot be read: ${cosignature.problems[0]!.message}`;
  return verifyCosignature(body, cosignature.value, key, verify) ? { key, signature, time: cosignature.value.time } : wrong;
};
