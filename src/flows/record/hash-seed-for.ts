import type { StartFacts } from '#assembly';
import { hashSeedOf } from '#capture';
import type { RecordOptions } from '../record.ts';

/** A hash seed that the user set is never touched. */
export const hashSeedFor = ({ env, replay }: Pick<RecordOptions, 'env' | 'replay'>, root: Uint8Array | undefined): StartFacts['hashSeed'] => {
  const given = env['PYTHONHASHSEED'];
  if (given !== undefined && given !== '' && given !== 'random') return { source: 'user', value: given };
  if (replay?.hashSeed !== undefined) return { source: 'drawn', value: replay.hashSeed };
  return root === undefined ? { source: 'random' } : { source: 'drawn', value: hashSeedOf(root) };
};
