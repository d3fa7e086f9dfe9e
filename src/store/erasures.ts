import { join } from 'node:path';
import { readBounded } from '#files';
import { type Erasure, readErasure } from '#snapshot';
import { namesOfDocuments } from './document-names.ts';
import { snapshotsFolder } from './store-layout.ts';
import { endOfName, writeDocument } from './write-document.ts';

const ENDING = '.erasure.json';

const NAME = /^\d{8}T\d{6}Z-[0-9a-f]{8}\.erasure\.json$/;

/** Unit: byte. */
const MAX_DOCUMENT = 1024 * 1024;

/** Writes the statement that data was erased; on disk when the promise is kept. Throws TL0003. */
export const putErasure = (root: string, erasure: Erasure): Promise<{ readonly sha256: string; readonly path: string }> =>
  writeDocument(root, erasure, { time: erasure.erasedAt, ending: ENDING });

/** Every statement, the oldest first. One that cannot be read says nothing. */
export const listErasures = async (root: string): Promise<readonly Erasure[]> => {
  const names = await namesOfDocuments(root);
  const found: Erasure[] = [];
  for (const name of names.filter((one) => NAME.test(one)).sort()) {
    const bytes = await readBounded(join(snapshotsFolder(root), name), MAX_DOCUMENT).catch(() => undefined);
    if (bytes === undefined || !name.endsWith(endOfName(bytes, ENDING))) continue;
    const reading = readErasure(bytes);
    if (reading.kind === 'accepted') found.push(reading.value);
  }
  return found;
};

/** The statements about data with this file list, the oldest first. */
export const erasuresOf = async (root: string, listSha256: string): Promise<readonly Erasure[]> => (await listErasures(root)).filter((one) => one.listSha256 === listSha256);
