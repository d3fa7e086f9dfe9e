import { statfs } from 'node:fs/promises';

/** Bytes that may still be written below a folder; undefined if the system does not tell. */
export const freeBytes = async (folder: string): Promise<number | undefined> => {
  try {
    const facts = await statfs(folder, { bigint: true });
    // Some network file systems say zero blocks when they mean that they do not know.
    return facts.blocks === 0n ? undefined : Number(facts.bavail * facts.bsize);
  } catch {
    return undefined;
  }
};
