import type { VerifySignature } from '#base';
import { type PublicKey, signatureProblem } from '#seal';
import type { PinnedRoots } from './pinned-roots.ts';
import type { Trust } from './trust.ts';
import { type TrustEnvelope, trustBytesToSign } from './trust-envelope.ts';

/** Keys of which a number must have signed. */
export type RootSet = { readonly threshold: number; readonly keys: ReadonlyMap<string, PublicKey> };

export const rootsOf = ({ threshold, roots }: Trust): RootSet => ({ threshold, keys: new Map(roots.map(({ key }) => [key.keyId, key])) });

/** The pinned keys; those that are pinned by their id alone are taken from the offered trust, where they are roots. */
export const pinnedKeys = ({ threshold, roots }: PinnedRoots, offered: Trust): RootSet => {
  const { keys } = rootsOf(offered);
  return {
    threshold,
    keys: new Map(roots.flatMap(({ keyId, key = keys.get(keyId) }) => (key === undefined || key.keyId !== keyId ? [] : [[keyId, key]]))),
  };
};

/**
 * The ids of the roots whose signature over the envelope holds. Keys are counted, not signatures: a second one of the same key, one of
 * a key that is no root, and one that does not hold count nothing.
 */
export const rootsThatSigned = (envelope: TrustEnvelope, { keys }: RootSet, verify: VerifySignature): ReadonlySet<string> => {
  const message = trustBytesToSign(envelope);
  const holding = envelope.signatures.filter(({ keyId, signature }) => {
    const key = keys.get(keyId);
    return key !== undefined && signatureProblem(key.algorithm, signature) === undefined && verify(key.spki, message, signature);
  });
  return new Set(holding.map(({ keyId }) => keyId));
};
