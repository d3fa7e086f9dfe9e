import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTemporaryFolder } from '#files';
import type { Remote } from '#remote';
import { type Erasure, readErasure } from '#snapshot';
import { isOfOne } from './remote-fault.ts';
import { digestOfErasure, DOCUMENTS, erasureDocument } from './remote-names.ts';

/** Larger statements are not read. Unit: byte. */
const MAX_ERASURE = 1024 * 1024;

/** The statements of a remote about the erasure of data with this list: bytes of somebody else until they are read and fit their names. */
export const erasuresAt = async (remote: Remote, listSha256: string): Promise<readonly Erasure[]> => {
  const found: Erasure[] = [];
  const { path: folder, remove } = await makeTemporaryFolder(tmpdir(), 'trainlock-pull-');
  try {
    for await (const { name, sizeBytes } of remote.list(DOCUMENTS)) {
      const sha256 = digestOfErasure(name);
      if (sha256 === undefined || sizeBytes > MAX_ERASURE) continue;
      const path = join(folder, sha256);
      if (!(await remote.getFile(name, path, { sha256, sizeBytes }).then(() => true, isOfOne))) continue;
      const reading = readErasure(await readFile(path));
      if (reading.kind === 'accepted' && isAbout(reading.value, { listSha256, sha256 })) found.push(reading.value);
    }
    return found;
  } finally {
    await remove();
  }
};

/** One that is not in canonical form would get another name here. */
const isAbout = (erasure: Erasure, { listSha256, sha256 }: { readonly listSha256: string; readonly sha256: string }): boolean =>
  erasure.listSha256 === listSha256 && erasureDocument(erasure).sha256 === sha256;
