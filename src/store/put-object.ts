import { join } from 'node:path';
import { toHex } from '#base';
import { nodeCrypto, temporaryName, throughTemporary } from '#files';
import { adopt, placeForObject } from './object-files.ts';
import { intactObject } from './prove-object.ts';
import { makeStore } from './store-folder.ts';
import { objectsFolder } from './store-layout.ts';

/** Keeps bytes; their SHA-256 in hexadecimal is their name. On disk when the promise is kept. Throws TL0003. */
export const putObject = async (root: string, bytes: Uint8Array): Promise<string> => {
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  if ((await intactObject(root, { sha256, sizeBytes: bytes.length })) !== undefined) return sha256;
  const path = await placeForObject(root, sha256);
  // The folder is synced behind it anyway.
  await throughTemporary({ path, bytes, mode: 0o600 }, (temporary) => adopt(temporary, path, new Set()));
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
