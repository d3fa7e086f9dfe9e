import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, toHex } from '#base';
import { makeFolder, nodeCrypto, notWritable, readBounded, writeOnce } from '#files';
import { type Erasure, readErasure } from '#snapshot';
import { makeStore } from './store-folder.ts';
import { compactTime, snapshotsFolder } from './store-layout.ts';

const NAME = /^\d{8}T\d{6}Z-[0-9a-f]{8}\.erasure\.json$/;

/** Unit: byte. */
const MAX_DOCUMENT = 1024 * 1024;

/** Writes the statement that data was erased; on disk when the promise is kept. Throws TL0003. */
export const putErasure = async (root: string, erasure: Erasure): Promise<{ readonly sha256: string; readonly path: string }> => {
  await makeStore(root);
  const folder = snapshotsFolder(root);
  await makeFolder(folder).catch((error: unknown) => {
    throw notWritable(folder, error);
  });
  const bytes = canonicalJson(erasure);
  const sha256 = toHex(nodeCrypto.sha256(bytes));
  const path = join(folder, `${compactTime(erasure.erasedAt)}-${sha256.slice(0, 8)}.erasure.json`);
  await writeOnce(path, bytes);
  return { sha256, path };
};

/** The statements about data with this file list, the oldest first. One that cannot be read says nothing. */
export const erasuresOf = async (root: string, listSha256: string): Promise<readonly Erasure[]> => {
  const names = await readdir(snapshotsFolder(root)).catch(() => []);
  const found: Erasure[] = [];
  for (const name of names.filter((one) => NAME.test(one)).sort()) {
    const bytes = await readBounded(join(snapshotsFolder(root), name), MAX_DOCUMENT).catch(() => undefined);
    if (bytes === undefined || !name.endsWith(`-${toHex(nodeCrypto.sha256(bytes)).slice(0, 8)}.erasure.json`)) continue;
    const reading = readErasure(bytes);
    if (reading.kind === 'accepted' && reading.value.listSha256 === listSha256) found.push(reading.value);
  }
  return found;
};
