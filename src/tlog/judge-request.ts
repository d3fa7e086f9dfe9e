import { compareBytes, escapeControl } from '#base';
import { verifyConsistency } from '#digest';
import type { Algorithms } from './algorithms.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { openNote } from './open-note.ts';
import { type Refused, refused } from './refused.ts';
import { emptyRoot } from './tree-hash.ts';
import type { VerifierKey } from './verifier-key.ts';
import type { WitnessRequest } from './witness-request.ts';

/** The newest checkpoint of a log that a witness has signed. */
export type KnownState = { readonly size: number; readonly root: Uint8Array };

export type RequestRefusal = 'not-a-checkpoint' | 'unknown-log' | 'not-signed' | 'old-size-too-large' | 'wrong-empty-root' | 'needless-proof' | 'fork' | 'wrong-proof';

/** What a witness does with a request; `status` is the status code of HTTP. */
export type RequestJudgement =
  /** Save the checkpoint durably as the newest, then sign `body`. */
  | { readonly kind: 'cosign'; readonly status: 200; readonly checkpoint: Checkpoint; readonly body: string }
  | { readonly kind: 'conflict'; readonly status: 409; readonly knownSize: number }
  | (Refused<RequestRefusal> & { readonly status: 400 | 403 | 404 | 422 });

/**
 * Judges a request to a witness as tlog-witness demands, in its order. `known` is the newest state of the log with the origin of the
 * checkpoint; the name of a key is the origin of its log. Reading `known`, judging and saving must be one step, or two requests at once
 * could roll the log back. Never throws.
 * Source: C2SP tlog-witness v1, "add-checkpoint".
 */
export const judgeRequest = (known: KnownState | undefined, request: WitnessRequest, keys: readonly VerifierKey[], { crypto, verify }: Algorithms): RequestJudgement => {
  const { oldSize, proof } = request;
  const read = readCheckpoint(request.checkpoint.body);
  if (read.kind === 'rejected') return refusal(400, 'not-a-checkpoint', read.problems[0]!.message);
  const checkpoint = read.value;
  const ofLog = keys.filter((key) => key.use === 'signature' && key.name === checkpoint.origin);
  if (ofLog.length === 0) return refusal(404, 'unknown-log', `the log '${escapeControl(checkpoint.origin)}' is not known here`);
  const opened = openNote(request.checkpoint, ofLog, verify);
  if (opened.kind === 'refused') return refusal(403, 'not-signed', opened.because);
  if (oldSize > checkpoint.size) return refusal(400, 'old-size-too-large', `the old size ${oldSize} is larger than the ${checkpoint.size} leaves of the checkpoint`);
  const knownSize = known?.size ?? 0;
  if (oldSize !== knownSize) return { kind: 'conflict', status: 409, knownSize };
  if (checkpoint.size === 0 && compareBytes(checkpoint.root, emptyRoot(crypto)) !== 0)
    return refusal(422, 'wrong-empty-root', 'the root of a log without leaves is the hash of nothing');
  if (known === undefined || knownSize === 0) {
    if (proof.length > 0) return refusal(422, 'needless-proof', 'a first checkpoint needs no proof, and this one has some');
    return { kind: 'cosign', status: 200, checkpoint, body: opened.body };
  }
  if (checkpoint.size === knownSize && compareBytes(checkpoint.root, known.root) !== 0)
    return refusal(422, 'fork', `the log signed two roots for ${knownSize} leaves: keep both checkpoints, they prove it`);
  const claim = { size1: knownSize, root1: known.root, size2: checkpoint.size, root2: checkpoint.root, proof };
  if (!verifyConsistency(claim, crypto))
    return refusal(422, 'wrong-proof', `the proof does not lead from the ${knownSize} leaves that are known to the ${checkpoint.size} of the checkpoint`);
  return { kind: 'cosign', status: 200, checkpoint, body: opened.body };
};

const refusal = (status: 400 | 403 | 404 | 422, word: RequestRefusal, because: string): RequestJudgement => ({ ...refused(word, because), status });
