import { toHex } from '#base';
import type { VerifiedSignature } from './open-note.ts';
import { type Refused, refused } from './refused.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A witness that vouches for a checkpoint, and when it saw it. */
export type WitnessTime = {
  readonly witness: VerifierKey;
  /** Unit: second since 1970-01-01 UTC. */
  readonly time: number;
};

export type VerifierClock = {
  /** The clock of the verifier; without it no time is in the future. Unit: second since 1970-01-01 UTC. */
  readonly nowSeconds?: number;
  /** How far the clock of a witness may be ahead. Unit: second; 0 if absent. */
  readonly skewSeconds?: number;
};

export type Quorum =
  | { readonly kind: 'met'; readonly witnesses: readonly WitnessTime[]; readonly notCounted: readonly string[] }
  | (Refused<'too-few-witnesses'> & { readonly witnesses: readonly WitnessTime[] });

/**
 * Whether at least so many distinct witnesses are among verified signatures. One that signs twice, has two keys, or has a key that is
 * known under a second name counts once. A cosignature without a time, or with one in the future of the clock, is not counted: were
 * the whole note refused for it, taking its line away would turn a no into a yes.
 * Source: C2SP tlog-cosignature v1, "Format"; tlog-policy, "Defining a witness".
 */
export const quorumOf = (verified: readonly VerifiedSignature[], atLeast: number, clock: VerifierClock = {}): Quorum => {
  const { counted, notCounted } = cosignersOf(verified, clock);
  const witnesses = distinct(counted);
  if (witnesses.length >= atLeast) return { kind: 'met', witnesses, notCounted };
  const also = notCounted.length === 0 ? '' : `; not counted: ${notCounted.join(', ')}`;
  return { ...refused('too-few-witnesses', `${witnesses.length} of the ${atLeast} witnesses that are needed signed the checkpoint${also}`), witnesses };
};

/** The cosignatures that count, earliest first, and why others do not. */
export const cosignersOf = (
  verified: readonly VerifiedSignature[],
  { nowSeconds = Number.POSITIVE_INFINITY, skewSeconds = 0 }: VerifierClock,
): { readonly counted: readonly WitnessTime[]; readonly notCounted: readonly string[] } => {
  const counted: WitnessTime[] = [];
  const notCounted: string[] = [];
  for (const { key, time } of verified) {
    if (key.use !== 'cosignature' || time === undefined) continue;
    if (time === 0) notCounted.push(`${key.name} (gives no time)`);
    else if (time > nowSeconds + skewSeconds) notCounted.push(`${key.name} (its time is ${time - nowSeconds} seconds in the future)`);
    else counted.push({ witness: key, time });
  }
  return { counted: counted.sort((a, b) => a.time - b.time), notCounted };
};

/** Each witness once, with its earliest time. */
const distinct = (counted: readonly WitnessTime[]): readonly WitnessTime[] => {
  const seen = new Set<string>();
  return counted.filter(({ witness }) => {
    const identities = [`name ${witness.name}`, `key ${toHex(witness.publicKey)}`];
    const isNew = !identities.some((identity) => seen.has(identity));
    for (const identity of identities) seen.add(identity);
    return isNew;
  });
};
