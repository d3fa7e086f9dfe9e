import type { StartFacts } from '#assembly';
import { hashSeedOf } from '#capture';

/** The seed of string hashing. One that the user set is never touched; a replay gets the recorded one; else it is drawn from the root. */
export const hashSeedFor = (given: string | undefined, recorded: string | undefined, root: Uint8Array | undefined): StartFacts['hashSeed'] => {
  if (given !== undefined && given !== '' && given !== 'random') return { source: 'user', value: given };
  if (recorded !== undefined) return { source: 'drawn', value: recorded };
  return root === undefined ? { source: 'random' } : { source: 'drawn', value: hashSeedOf(root) };
};
