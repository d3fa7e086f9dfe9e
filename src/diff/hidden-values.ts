import type { JsonValue } from '#base';
import { isObject, type JsonObject } from './json-equal.ts';

/** Things that are files or stand for bytes: without a digest nobody knows whether they are equal. */
const DIGESTED = new Set(['/run/entryPoint', '/code/files/*', '/code/repository/untracked/*', '/code/repository/patch', '/data/*/files/*', '/outputs/*']);

const WITHHELD_SEED = 'the seed is withheld';

/** Why the value of a thing is not really recorded, so that equality of the record proves nothing; undefined if it is recorded. */
export const hiddenReason = (
  path: string,
  item: JsonValue,
  context: { /** Whether all manifests state the same entropy root: owned seeds follow from it. */ readonly sameRoot: boolean },
): string | undefined => {
  if (!isObject(item)) return undefined;
  if (path === '/parameters/*' && item['masked'] === true) return 'masked, because it looked like a secret';
  if (path === '/environment/variables/*' && item['shown'] === 'masked') return 'masked, because it looked like a secret';
  if (path === '/randomness/generators/*' && isObject(item['seed']) && item['seed']['kind'] === 'withheld')
    return context.sameRoot && item['how'] === 'owned' ? undefined : WITHHELD_SEED;
  if (DIGESTED.has(path) && item['sha256'] === undefined) return noDigest(item);
  // Data in memory is known by its splits, which are compared one by one.
  if (path === '/data/*' && isObject(item['origin']) && item['origin']['kind'] === 'memory' && Array.isArray(item['splits'])) return undefined;
  if (path === '/data/*' && item['files'] === undefined && item['list'] === undefined && item['contentSha256'] === undefined) return noDigest(item);
  return undefined;
};

const noDigest = (item: JsonObject): string => {
  if (typeof item['withheld'] === 'string') return `no digest: ${item['withheld']}`;
  return item['deferred'] === true ? 'hashing was put off' : 'no digest is recorded';
};
