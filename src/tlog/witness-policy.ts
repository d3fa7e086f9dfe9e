import type { VerifierKey } from './verifier-key.ts';

/** Names of witnesses and groups mean something inside their policy only; the name of a log's key is the origin of the log. */
export type WitnessPolicy = {
  readonly logs: readonly { readonly key: VerifierKey; readonly url?: string }[];
  readonly witnesses: readonly { readonly name: string; readonly key: VerifierKey; readonly url?: string }[];
  /** Members are witnesses, or groups that stand before. */
  readonly groups: readonly WitnessGroup[];
  /** The witness or group that must have signed; `none` asks for no witness, in so many words. */
  readonly quorum: string;
};

export type WitnessGroup = { readonly name: string; /** From 1 to the number of members. */ readonly atLeast: number; readonly members: readonly string[] };

/** The quorum that asks for no witness. Source: C2SP tlog-policy, "Defining the quorum". */
export const NO_WITNESS = 'none';

/**
 * Whether the witnesses with these names, whose cosignatures were verified before, are the quorum of a policy. A name that the policy
 * does not know says nothing.
 * Source: C2SP tlog-policy, "Defining a witness group".
 */
export const policyHolds = (policy: WitnessPolicy, verifiedNames: Iterable<string>): boolean => {
  if (policy.quorum === NO_WITNESS) return true;
  const known = new Set(policy.witnesses.map(({ name }) => name));
  const held = new Set([...verifiedNames].filter((name) => known.has(name)));
  // A group comes after its members, so one pass decides them all.
  for (const { name, atLeast, members } of policy.groups) if (new Set(members.filter((member) => held.has(member))).size >= Math.max(1, atLeast)) held.add(name);
  return held.has(policy.quorum);
};
