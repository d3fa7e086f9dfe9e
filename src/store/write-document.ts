import { join } from 'node:path';
import { canonicalJson, toHex } from '#base';
import { makeFolder, nodeCrypto, notWritable, writeOnce } from '#files';
import { makeStore } from './store-folder.ts';
import { compactTime, snapshotsFolder } from './store-layout.ts';

/** The end of the name of a document with these bytes: its first letters of the digest, so that a changed document does not fit its name. */
export const endOfName = (bytes: Uint8Array, ending: string): string => `-${toHex(nodeCrypto.sha256(bytes)).slice(0, 8)}${ending}`;

/** Writes a document about data; on disk when the promise is kept. Throws TL0003. */
export const writeDocument = async (
  root: string,
  document: object,
  { time, ending }: { readonly time: string; readonly ending: string },
): Promise<{ readonly sha256: string; readonly path: string }> => {
  await makeStore(root);
  const folder = snapshotsFolder(root);
  await makeFolder(folder).catch((error: unknown) => {
    throw notWritable(folder, error);
  });
  const bytes = canonicalJson(document);
  const path = join(folder, `${compactTime(time)}${endOfName(bytes, ending)}`);
  await writeOnce(path, bytes);
  return { sha256: toHex(nodeCrypto.sha256(bytes)), path };
};
