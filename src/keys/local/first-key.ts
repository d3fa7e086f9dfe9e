import { lstat } from 'node:fs/promises';
import { TrainlockError } from '#base';
import type { Signer } from '../signer.ts';
import { findNewestKey } from './find-key.ts';
import { DEFAULT_KEY } from './key-name.ts';
import { keyPaths } from './key-paths.ts';
import { type Environment, makeKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';
import { signerOf } from './load-key.ts';
import { describe, generateKey } from './new-key.ts';
import { openKey } from './open-key.ts';
import type { AskPassphrase } from './read-private-key.ts';
import { describeKey, storeKey } from './store-key.ts';

export type FirstKey = {
  readonly signer: Signer;
  readonly key: LocalKey;
  /** Whether it was made just now: worth one line to the user. */
  readonly made: boolean;
};

/**
 * The default key for statements, made on first use without any question: ECDSA P-256, not encrypted, 0600. However many processes ask
 * at once, and wherever one of them is killed, all end with one key. If it was rotated, the newest one signs.
 * Throws TL1102 if there is no place for it, TL0003 if it cannot be written, TL1106 if it is revoked and was not replaced.
 */
export const firstKey = async (env: Environment, passphrase: AskPassphrase = async () => undefined): Promise<FirstKey> => {
  const folder = await makeKeysFolder(env);
  let entries = await entriesIn(folder);
  const made = isNeeded(entries);
  if (made) {
    await makeOrComplete(folder);
    entries = await entriesIn(folder);
  }
  const key = findNewestKey(entries, DEFAULT_KEY);
  return { signer: await signerOf(key, { env, passphrase, purpose: 'statements' }), key, made };
};

type Entries = Awaited<ReturnType<typeof entriesIn>>;

const isNeeded = (entries: Entries): boolean => entries.every((entry) => (entry.kind === 'key' ? entry.key.name : entry.name) !== DEFAULT_KEY || entry.kind === 'unfinished');

const makeOrComplete = async (folder: string): Promise<void> => {
  const { key, publicKey } = generateKey('ecdsa-p256');
  try {
    await storeKey(folder, { key, publicKey, passphrase: undefined, description: describe({ name: DEFAULT_KEY }, publicKey) });
  } catch (error) {
    if (!(error instanceof TrainlockError && error.code === 'TL1105')) throw error;
    // Another process was faster, or was killed before it was done: its private file counts, and what is missing beside it is added.
    const paths = keyPaths(folder, DEFAULT_KEY);
    const isThere = await lstat(paths.privateKey).then(
      () => true,
      () => false,
    );
    if (!isThere) throw error;
    if (!isNeeded(await entriesIn(folder))) return;
    const other = await openKey(paths.privateKey, async () => undefined, 'the key default');
    await describeKey(paths, other.publicKey, describe({ name: DEFAULT_KEY }, other.publicKey));
  }
};
