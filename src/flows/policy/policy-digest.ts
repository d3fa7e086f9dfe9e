import { join } from 'node:path';
import { toHex } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';

/** As for policies that are read. Unit: byte. */
const MAX_POLICY = 1024 * 1024;

/**
 * SHA-256 of the policy file of a project as it lies there now. Undefined where there is none, or none that can be read. Never throws: a
 * run goes on all the same.
 */
export const policyDigest = async (projectRoot: string): Promise<string | undefined> => {
  const bytes = await readBoundedIfThere(join(projectRoot, '.trainlock', 'policy.yaml'), MAX_POLICY).catch(() => undefined);
  return bytes === undefined ? undefined : toHex(nodeCrypto.sha256(bytes));
};
