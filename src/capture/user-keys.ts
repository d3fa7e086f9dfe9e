import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '#files';

/** Length of a key. Unit: byte. */
const KEY_BYTES = 32;

export type UserKeys = {
  /** Commits environment variables that are not recorded by value. */
  readonly commitment: Uint8Array;
  /** Makes pseudonyms of hosts, devices and persons. */
  readonly pseudonym: Uint8Array;
};

/**
 * The user's own keys, made on first use in the user's state folder (mode 0600) and never part of a record. Where they cannot be
 * kept, fresh ones are used: commitments of that run then compare with no other.
 */
export const userKeys = async (env: Readonly<Record<string, string | undefined>>): Promise<UserKeys> => {
  const folder = join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'trainlock');
  const [commitment, pseudonym] = await Promise.all([keyIn(folder, 'commitment.key'), keyIn(folder, 'pseudonym.key')]);
  return { commitment, pseudonym };
};

const keyIn = async (folder: string, name: string): Promise<Uint8Array> => {
  const path = join(folder, name);
  const kept = await readKey(path);
  if (kept !== undefined) return kept;
  const fresh = randomBytes(KEY_BYTES);
  try {
    await makeFolder(folder, 0o700);
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(fresh).finally(() => file.close());
    return fresh;
  } catch {
    // Another process may have been faster; its key is the one that counts.
    return (await readKey(path)) ?? fresh;
  }
};

const readKey = async (path: string): Promise<Uint8Array | undefined> => {
  const key = await readFile(path).catch(() => undefined);
  return key?.length === KEY_BYTES ? key : undefined;
};
