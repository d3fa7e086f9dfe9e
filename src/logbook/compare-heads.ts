import { compareBytes, toBase64 } from '#base';
import { verifyConsistency } from '#digest';
import { nodeCrypto } from '#files';
import { type Checkpoint, tileTree } from '#tlog';
import { type LogReader, tileReader } from './log-reader.ts';
import { damaged, setBack } from './log-trouble.ts';

/**
 * Demands that a log goes on from a checkpoint that was seen before. Throws TL1403 if the log is older than it, TL1402 if the log has
 * another history.
 */
export const goesOnFrom = async (reader: LogReader, now: Checkpoint, seen: Checkpoint): Promise<void> => {
  if (seen.size > now.size) {
    throw setBack(reader.place, `the log of this machine has ${now.size} leaves, but ${seen.size} were seen of it before`, 'it was probably restored from a backup');
  }
  if (seen.size === now.size) {
    if (compareBytes(seen.root, now.root) === 0) return;
    throw damaged(reader.place, `the log of this machine has signed two roots for ${now.size} leaves`, `seen before: ${toBase64(seen.root)}`, `on disk: ${toBase64(now.root)}`);
  }
  if (seen.size === 0) return;
  const proof = await tileTree(tileReader(reader), nodeCrypto).consistencyProofOf(seen.size, now.size);
  if (!verifyConsistency({ size1: seen.size, root1: seen.root, size2: now.size, root2: now.root, proof }, nodeCrypto)) {
    throw damaged(reader.place, `the log of this machine does not go on from the ${seen.size} leaves that were seen of it before`);
  }
};
