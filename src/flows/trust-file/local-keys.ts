import { fromUtf8 } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { listKeys } from '#keys';
import { type PublicKey, readPublicKeyPem } from '#seal';
import { PREDICATE_TYPES } from '#statements';
import type { LocalKey } from '#trust';
import type { Environment } from './trust-places.ts';

const MAX_KEY = 65_536;

/** Public halves of the keys of this user that sign records. A folder of keys that cannot be used has none to offer: then nothing is trusted for it. */
export const localKeys = async (env: Environment): Promise<readonly (LocalKey & { readonly key: PublicKey })[]> => {
  const entries = await listKeys(env).catch(() => []);
  const keys = await Promise.all(
    entries.map(async (entry) => {
      if (entry.kind !== 'key' || entry.key.purpose !== 'statements') return [];
      const bytes = await readBoundedIfThere(entry.key.paths.publicKey, MAX_KEY).catch(() => undefined);
      const reading = readPublicKeyPem(bytes === undefined ? '' : (fromUtf8(bytes) ?? ''), nodeCrypto);
      if (reading.kind === 'rejected' || reading.value.keyId !== entry.key.keyId) return [];
      const { keyId, name, revoked } = entry.key;
      return [{ keyId, name, statementTypes: [PREDICATE_TYPES['training-run']], key: reading.value, ...(revoked === undefined ? {} : { revoked }) }];
    }),
  );
  return keys.flat();
};
