import type { KeyObject } from 'node:crypto';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeControl, shellWord, TrainlockError, utf8 } from '#base';
import { readBounded, TEMPORARY_NAME, writeOnce } from '#files';
import { pemOfPublicKey, type PublicKey } from '#seal';
import { documentBytes, type KeyDescription, LONGEST_TEXT, readKeyDescription } from './key-description.ts';
import { checkKeyName, DEFAULT_KEY } from './key-name.ts';
import { type KeyPaths, keyPaths } from './key-paths.ts';
import { keysNotWritable } from './keys-folder.ts';
import { privatePem } from './private-pem.ts';

export type NewKeyFiles = {
  readonly key: KeyObject;
  readonly publicKey: PublicKey;
  readonly passphrase: string | undefined;
  readonly description: KeyDescription;
};

/**
 * Writes a new key into the folder: the private file, which takes the name, then the public one, then the description, each at once,
 * durable and never in place of another. A process that is killed in between leaves a key that nobody was told of: the default key is
 * completed by the next process, any other is shown as unfinished. Throws TL1105 if the name is taken, TL0003 if it cannot be written.
 */
export const storeKey = async (folder: string, { key, publicKey, passphrase, description }: NewKeyFiles): Promise<void> => {
  const paths = keyPaths(folder, description.name);
  checkKeyName(description.name);
  checkComment(description.comment);
  await checkFree(paths, description.name);
  await removeRemains(folder);
  if (!(await written(paths.privateKey, utf8(await privatePem(key, passphrase)), 0o600))) throw taken(description.name, paths.privateKey);
  try {
    await describeKey(paths, publicKey, description);
  } catch (error) {
    // Another process may have completed the default key meanwhile, and use it.
    if (description.name !== DEFAULT_KEY) await Promise.allSettled([unlink(paths.privateKey), unlink(paths.publicKey)]);
    throw error;
  }
};

/** Writes what stands beside a private file. If another process was faster, its files count; they must be those of this key. */
export const describeKey = async (paths: KeyPaths, publicKey: PublicKey, description: KeyDescription): Promise<void> => {
  await written(paths.publicKey, utf8(pemOfPublicKey(publicKey)), 0o644);
  if (await written(paths.description, documentBytes(description), 0o600)) return;
  const other = readKeyDescription(await readBounded(paths.description, 16_384));
  if (other.kind === 'rejected' || other.value.keyId !== publicKey.keyId) throw taken(description.name, paths.description);
};

const written = async (path: string, bytes: Uint8Array, mode: number): Promise<boolean> => {
  try {
    return await writeOnce(path, bytes, mode);
  } catch (error) {
    throw keysNotWritable(path, error);
  }
};

/** No write takes that long. Unit: millisecond. */
const REMAINS_AFTER_MS = 3_600_000;

/** A process that was killed while it wrote leaves a temporary file with a private key in it, which nobody will ever use. */
const removeRemains = async (folder: string): Promise<void> => {
  const remains = (await readdir(folder)).filter((name) => TEMPORARY_NAME.test(name)).map((name) => join(folder, name));
  await Promise.allSettled(
    remains.map(async (path) => {
      if (Date.now() - (await lstat(path)).mtimeMs > REMAINS_AFTER_MS) await unlink(path);
    }),
  );
};

/** Also files that a half-removed key has left keep its name: one key is never described by the files of another. */
const checkFree = async (paths: KeyPaths, name: string): Promise<void> => {
  for (const path of [paths.description, paths.revocation, paths.privateKey, paths.publicKey]) {
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere) throw taken(name, path);
  }
};

const taken = (name: string, path: string): TrainlockError =>
  new TrainlockError('TL1105', `there is a key with the name ${name} already`, {
    where: path,
    notes: ['keys are never replaced: a new one gets a new name, and trainlock keys rotate makes it follow the old one'],
    fix: `trainlock keys list; ls -l ${shellWord(path)}`,
  });

const checkComment = (comment: string | undefined): void => {
  if (comment === undefined || (comment.length <= LONGEST_TEXT && comment.isWellFormed())) return;
  throw new TrainlockError('TL0001', `a comment has at most ${LONGEST_TEXT} letters`, {
    notes: [escapeControl(comment.slice(0, 40))],
    fix: 'trainlock keys new NAME --comment TEXT',
  });
};
