import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Length of an entropy root. Unit: byte. */
const ROOT_BYTES = 32;

export const drawRoot = (): Uint8Array => randomBytes(ROOT_BYTES);

/** Commitment to a root, in hexadecimal: tells nothing about it, and only this root fits it. */
export const rootCommitment = (root: Uint8Array): string => createHash('sha256').update('trainlock-root-v1').update(Uint8Array.of(0)).update(root).digest('hex');

/** The hash seed that belongs to a root: 1 … 4294967295. Zero is left out, because it turns hash randomisation off. */
export const hashSeedOf = (root: Uint8Array): string => String((createHmac('sha256', root).update('trainlock-hash-seed-v1').digest().readUInt32BE(0) % 4_294_967_295) + 1);

/** Writes a root apart from the record, for its owner alone. */
export const writeRoot = async (path: string, root: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(root);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** A root that was kept, or undefined if it is gone or damaged. */
export const readRoot = async (path: string): Promise<Uint8Array | undefined> => {
  const root = await readFile(path).catch(() => undefined);
  return root?.length === ROOT_BYTES ? root : undefined;
};
