import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toHex } from '#base';
import { nodeCrypto, notWritable, temporaryName } from '#files';
import { adopt, placeForObject } from './object-files.ts';
import { intactObject } from './prove-object.ts';
import { makeStore } from './store-folder.ts';
import { objectsFolder } from './store-layout.ts';

/** Keeps bytes; their SHA-256 in hexadecimal is their name. On disk when the promise is kept. Throws TL0003. */
export const putObject = async (root: string, bytes: Uint8Array): Promise<string> => {
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  if ((await intactObject(root, { sha256, sizeBytes: bytes.length })) !== undefined) return sha256;
  const path = await placeForObject(root, sha256);
  const temporary = join(dirname(path), temporaryName());
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw notWritable(path, error);
  }
  await adopt(temporary, path);
  return sha256;
};

/** A new file beside the objects, for something that becomes one when it is finished. */
export const draftObject = async (root: string): Promise<string> => {
  await makeStore(root);
  return join(objectsFolder(root), temporaryName());
};

/** Makes a finished draft an object. Its digest was computed by whoever wrote it, as it was written. Throws TL0003; the draft is gone then. */
export const adoptDraft = async (root: string, draft: string, sha256: string): Promise<void> => {
  const path = await placeForObject(root, sha256);
  await adopt(draft, path);
};
