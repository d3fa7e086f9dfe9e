import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hashFiles, makeTemporaryFolder } from '#files';
import type { CanaryFact } from '#gate';

/**
 * Gives the bytes that were proven, in a file of our own: what lies at the path may be another file, or written to, a moment later. The copy
 * shares the bytes where the file system can, and is hashed itself.
 */
export const withProvenCopy = async ({ path, sha256 }: { readonly path: string; readonly sha256: string }, use: (copy: string) => Promise<CanaryFact>): Promise<CanaryFact> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-model-');
  try {
    const copy = join(folder.path, basename(path));
    const problem = await copyProven({ path, sha256 }, copy);
    return problem === undefined ? await use(copy) : { kind: 'unknown', because: problem };
  } finally {
    await folder.remove().catch(() => undefined);
  }
};

const copyProven = async ({ path, sha256 }: { readonly path: string; readonly sha256: string }, copy: string): Promise<string | undefined> => {
  try {
    await copyFile(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    return `the model cannot be copied to be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
  const [facts] = await hashFiles([{ path: copy }]);
  return facts?.sha256 === sha256 ? undefined : 'the model changed while it was being checked, so it was not started';
};
