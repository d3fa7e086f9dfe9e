import type { Manifest } from '#manifest';

export type Entropy = { readonly hashSeed?: string; readonly notes: readonly string[] };

/** What of the randomness of a run can be repeated, and what cannot, in words. */
export const entropyOfRun = ({ randomness }: Pick<Manifest, 'randomness'>, root: Uint8Array | undefined): Entropy => {
  const notes: string[] = [];
  const owned = randomness.generators.some((one) => one.how === 'owned');
  const unseeded = randomness.generators.filter((one) => one.how === 'unseeded').length;
  if (randomness.root !== undefined && root === undefined && owned)
    notes.push('the entropy root of the run is not in the store: unseeded generators draw other numbers, so equal results cannot be expected');
  if (unseeded > 0) notes.push(`${unseeded} unseeded ${unseeded === 1 ? 'source' : 'sources'} drew from the system and cannot be repeated`);
  if (randomness.differentialPrivacy !== undefined) notes.push(`${randomness.differentialPrivacy}: noise for differential privacy is never repeated`);
  const { hashSeed } = randomness;
  if (hashSeed.source === 'random') notes.push('the hash seed was left to the interpreter: the order of sets can differ');
  return { ...(hashSeed.source === 'drawn' && hashSeed.value !== undefined ? { hashSeed: hashSeed.value } : {}), notes };
};
