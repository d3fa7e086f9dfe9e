import { readJson, toHex, valueAt } from '#base';
import { nodeCrypto, readBoundedIfThere } from '#files';
import { MAX_STATEMENT, sealsOf } from '#store';
import type { RunLeaf } from './waiting-leaves.ts';

/**
 * Whether a leaf says of the record beside it what is seen there: that this statement of this run was recorded, or signed in this bundle. A log keeps
 * what it takes in for ever, and a repository may bring leaves that say anything. Never throws.
 */
export const isAboutItsRecord = async ({ statementPath, leaf }: Pick<RunLeaf, 'statementPath' | 'leaf'>): Promise<boolean> => {
  try {
    if (leaf.kind !== 'run-signed' && leaf.kind !== 'run-recorded') return false;
    const statement = await readBoundedIfThere(statementPath, MAX_STATEMENT);
    if (statement === undefined || leaf.payloadSha256 !== toHex(nodeCrypto.sha256(statement))) return false;
    const json = readJson(statement);
    if (json.kind !== 'accepted' || leaf.object.type !== 'run' || leaf.object.id !== valueAt(json.value, '/predicate/run/id')) return false;
    if (leaf.bundleSha256 === undefined) return true;
    return (await sealsOf(statementPath)).some(({ bytes }) => toHex(nodeCrypto.sha256(bytes)) === leaf.bundleSha256);
  } catch {
    return false;
  }
};
