import { countOf, toHex } from '#base';
import { leafHash, verifyConsistency } from '#digest';
import { momentOfSecond } from '#seal';
import { type Checkpoint, readLeaf, readTlogProof, type VerifierKey, verifyTlogProof, writeVerifierKey } from '#tlog';
import type { ProvenTime } from '#trust';
import type { Ports } from './find-signer.ts';
import type { Check } from './verdict.ts';

/** What lies beside a record to prove that a log has it, and the logs and witnesses that count here. */
export type LogEvidence = {
  /**
   * Leaves about the record; `proof` is absent while the leaf waits for its log. Hostile until they are read. `isLost`: a proof that was
   * laid aside, because its log has lost the leaf since; for whoever relied on that log it is still one.
   */
  readonly leaves: readonly { readonly name: string; readonly leaf: Uint8Array; readonly proof?: Uint8Array; readonly isLost?: boolean }[];
  readonly logs: readonly VerifierKey[];
  /** What is remembered of logs: a proof must lead to a beginning of the same log. `proof` is hostile. */
  readonly remembered: readonly { readonly origin: string; readonly size: number; readonly root: Uint8Array; readonly from: ReadonlyMap<number, readonly Uint8Array[]> }[];
  /** Origins of logs that should be at hand and are not, or do not go on from what is remembered of them. */
  readonly lost: readonly string[];
  readonly witnesses: readonly VerifierKey[];
  /** Unit: second since 1970. */
  readonly nowSeconds: number;
};

export type Logged = {
  readonly checks: readonly Check[];
  /** When witnesses saw the log with a bundle in it, by the digest of the bundle. */ readonly times: readonly (ProvenTime & { readonly bundleSha256: string })[];
};

/** Is the record in a log that counts here? Every proof is looked at; one that holds is enough, one that is wrong is broken. */
export const logChecks = (manifestSha256: string | undefined, evidence: LogEvidence | undefined, ports: Ports): Logged => {
  const leaves = evidence?.leaves ?? [];
  if (evidence === undefined || manifestSha256 === undefined || leaves.length === 0) return { checks: [answer('unknown', 'no log was given this record')], times: [] };
  const found = leaves
    .map((one) => ({ name: one.name, isLost: one.isLost === true, leafSha256: toHex(leafHash(one.leaf, ports.crypto)), ...proofCheck(manifestSha256, one, evidence, ports) }))
    // One that was laid aside proves, or says nothing: why it was laid aside is known.
    .filter(({ isLost, outcome }) => !isLost || outcome === 'held');
  const held = found.filter(({ outcome }) => outcome === 'held');
  const broken = found.filter(({ outcome }) => outcome === 'broken');
  const told = broken.length > 0 ? broken : held.length > 0 ? held.slice(0, 1) : found.slice(0, 1);
  return {
    checks: told.map(({ name, outcome, because, leafSha256 }) => ({ ...answer(outcome, because, told.length > 1 ? name : undefined), inputs: inputsOf(leafSha256, evidence) })),
    times: held.flatMap(({ witnessed }) => (witnessed === undefined ? [] : [witnessed])),
  };
};

const inputsOf = (leafSha256: string, { logs, witnesses }: LogEvidence): NonNullable<Check['inputs']> => [
  ['leaf hash', leafSha256],
  ...[...logs, ...witnesses].map((key): readonly [string, string] => [key.use === 'signature' ? 'log key' : 'witness key', writeVerifierKey(key)]),
];

const answer = (outcome: Check['outcome'], because: string, about?: string): Check => ({ name: 'log', outcome, because, ...(about === undefined ? {} : { about }) });

/** Why a checkpoint is not a beginning of the same log as it is remembered; undefined if it is, or nothing is remembered of it. */
const inconsistency = ({ origin, size, root }: Checkpoint, { remembered }: LogEvidence, { crypto }: Ports): string | undefined => {
  const known = remembered.find((one) => one.origin === origin);
  if (known === undefined || size === 0) return undefined;
  if (size > known.size) return `the proof is from a newer state of ${origin} (${size} leaves) than the log itself has (${known.size}): it was set back`;
  const claim = { size1: size, root1: root, size2: known.size, root2: known.root, proof: known.from.get(size) ?? [] };
  return verifyConsistency(claim, crypto) ? undefined : `${origin} has another past now than when it gave this proof: it was rewritten`;
};

type Found = { readonly outcome: Check['outcome']; readonly because: string; readonly witnessed?: Logged['times'][number] };

const proofCheck = (manifestSha256: string, { leaf, proof }: LogEvidence['leaves'][number], evidence: LogEvidence, ports: Ports): Found => {
  const { logs, witnesses, nowSeconds } = evidence;
  const read = readLeaf(leaf);
  if (read.kind === 'rejected') return { outcome: 'broken', because: `a leaf beside the record cannot be read: ${read.problems[0]?.message ?? ''}` };
  if (read.value.payloadSha256 !== manifestSha256) return { outcome: 'broken', because: 'a leaf beside the record is about another record' };
  if (proof === undefined) return { outcome: 'unknown', because: 'its leaf still waits for the log: trainlock log enter' };
  const reading = readTlogProof(proof);
  if (reading.kind === 'rejected') return { outcome: 'broken', because: `the proof cannot be read: ${reading.problems[0]?.message ?? ''}` };
  const claim = { proof: reading.value, leafHash: leafHash(leaf, ports.crypto), keys: logs, witnesses, nowSeconds, skewSeconds: 300 };
  const check = verifyTlogProof(claim, { crypto: ports.crypto, verify: ports.verifySignature });
  if (check.kind === 'refused') return { outcome: check.refusal === 'no-known-signature' || check.refusal === 'other-log' ? 'unknown' : 'broken', because: check.because };
  const torn = inconsistency(check.checkpoint, evidence, ports);
  if (torn !== undefined) return { outcome: 'broken', because: torn };
  if (evidence.lost.includes(check.checkpoint.origin))
    return { outcome: 'unknown', because: `the log ${check.checkpoint.origin} is not here as it was: whether it still has this leaf cannot be seen (trainlock log verify)` };
  const [first] = check.witnesses;
  const { bundleSha256 } = read.value;
  const seen = check.witnesses.length === 0 ? '' : `, seen by ${countOf(check.witnesses.length, 'witness', 'witnesses')}`;
  return {
    outcome: 'held',
    because: `leaf ${check.index} of ${check.checkpoint.size} in ${check.checkpoint.origin}${seen}`,
    ...(first === undefined || bundleSha256 === undefined ? {} : { witnessed: { kind: 'witness', at: momentOfSecond(first.time).text, bundleSha256 } }),
  };
};
