import { compareBytes, escapeControl, type VerifySignature } from '#base';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import type { Note } from './note.ts';
import { openNote } from './open-note.ts';
import { cosignersOf, quorumOf, type VerifierClock, type WitnessTime } from './quorum.ts';
import { type Refused, refused } from './refused.ts';
import type { VerifierKey } from './verifier-key.ts';
import { policyHolds, type WitnessPolicy } from './witness-policy.ts';

/** Whose word counts about a checkpoint. */
export type CheckpointTrust = VerifierClock & {
  /** Keys of logs. The name of a key is the origin of its log: it vouches for no other. */
  readonly keys: readonly VerifierKey[];
  readonly witnesses?: readonly VerifierKey[];
  /** How many distinct witnesses must have signed. 0 if absent: those that did are told and not demanded. */
  readonly atLeast?: number;
  /** A policy that must hold as well. Its logs and witnesses count besides those above. */
  readonly policy?: WitnessPolicy;
};

export type CheckpointRefusal = 'wrong-signature' | 'no-known-signature' | 'ambiguous-key' | 'not-a-checkpoint' | 'other-log' | 'too-few-witnesses' | 'policy-not-held';

export type CheckpointCheck =
  | {
      readonly kind: 'held';
      readonly checkpoint: Checkpoint;
      /** The key of the log that signed. */
      readonly log: VerifierKey;
      /** Distinct witnesses that signed, earliest first. */
      readonly witnesses: readonly WitnessTime[];
      /** Cosignatures of known witnesses that say nothing, each with its reason. */
      readonly notCounted: readonly string[];
    }
  | Refused<CheckpointRefusal>;

/**
 * Whether a note is a checkpoint that its own log has signed, and enough witnesses with it. Signed bytes are read only after their
 * signature has held. Never throws.
 * Source: C2SP tlog-checkpoint v1, tlog-proof "Verifying a tlog proof".
 */
export const verifyCheckpoint = (note: Note, trust: CheckpointTrust, verify: VerifySignature): CheckpointCheck => {
  const { policy } = trust;
  const logs = [...trust.keys, ...(policy?.logs ?? []).map(({ key }) => key)];
  const witnesses = [...(trust.witnesses ?? []), ...(policy?.witnesses ?? []).map(({ key }) => key)];
  const opened = openNote(note, [...logs, ...witnesses], verify);
  if (opened.kind === 'refused') return opened;
  const checkpoint = readCheckpoint(opened.body);
  if (checkpoint.kind === 'rejected') return refused('not-a-checkpoint', checkpoint.problems[0]!.message);
  const { origin } = checkpoint.value;
  const log = opened.verified.find(({ key }) => key.use === 'signature' && key.name === origin)?.key;
  if (log === undefined) return refused('other-log', `the checkpoint is of the log '${escapeControl(origin)}' and not signed by a known key of it`);
  const quorum = quorumOf(opened.verified, trust.atLeast ?? 0, trust);
  if (quorum.kind === 'refused') return refused(quorum.refusal, quorum.because);
  const { counted } = cosignersOf(opened.verified, trust);
  if (policy !== undefined && !policyHolds(policy, namesIn(policy, counted))) {
    return refused('policy-not-held', `the witnesses that signed are not the quorum '${escapeControl(policy.quorum)}' of the policy`);
  }
  return { kind: 'held', checkpoint: checkpoint.value, log, witnesses: quorum.witnesses, notCounted: quorum.notCounted };
};

/** What the policy calls the witnesses that signed. */
const namesIn = (policy: WitnessPolicy, counted: readonly WitnessTime[]): readonly string[] =>
  policy.witnesses.filter(({ key }) => counted.some(({ witness }) => compareBytes(witness.publicKey, key.publicKey) === 0)).map(({ name }) => name);
