import { randomBytes, timingSafeEqual } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { toHex, utf8 } from '#base';
import { makeFolder, nodeCrypto, readSmallNow, writeOnce } from '#files';

/** Length of the key. Unit: byte. */
const KEY_BYTES = 32;
const FORM = 'trainlock start v1';

type Env = Readonly<Record<string, string | undefined>>;
type Start = Readonly<Record<string, unknown>>;

/**
 * Says that this user's own recorder wrote the start of a run, and into this folder: an HMAC over both, with a key that never leaves the
 * state folder of the user. A store comes with a repository, and everything else in it may have been written by others.
 * Undefined where no key can be kept: the run is then as one of somebody else.
 */
export const proveStart = async (start: object, folder: string, env: Env): Promise<string | undefined> => {
  try {
    const key = (await keptKey(env)) ?? (await makeKey(env));
    return key === undefined ? undefined : toHex(proofOf(key, start, folder));
  } catch {
    return undefined;
  }
};

/** Whether a start carries the proof of this user for this folder. The value is hostile; nothing is written and nothing thrown. */
export const isOwnStart = async (start: Start, folder: string, env: Env): Promise<boolean> => {
  try {
    const { proof, ...rest } = start;
    if (typeof proof !== 'string' || !/^[0-9a-f]{64}$/.test(proof)) return false;
    const key = await keptKey(env);
    return key !== undefined && timingSafeEqual(proofOf(key, rest, folder), Buffer.from(proof, 'hex'));
  } catch {
    return false;
  }
};

/** Of everything that the start says, as it comes back from JSON. */
const proofOf = (key: Uint8Array, start: object, folder: string): Uint8Array =>
  nodeCrypto.hmacSha256(key, utf8(JSON.stringify([FORM, resolve(folder), JSON.parse(JSON.stringify(start)) as unknown])));

const stateFolder = (env: Env): string => join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'trainlock');

const keyPath = (env: Env): string => join(stateFolder(env), 'starts.key');

/** A key that others can read proves nothing. */
const keptKey = async (env: Env): Promise<Uint8Array | undefined> => {
  const path = keyPath(env);
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isFile() !== true || (stats.mode & 0o077) !== 0) return undefined;
  const key = readSmallNow(path, KEY_BYTES, true);
  return key?.length === KEY_BYTES ? key : undefined;
};

/** Another process may be faster; its key is the one that counts. */
const makeKey = async (env: Env): Promise<Uint8Array | undefined> => {
  await makeFolder(stateFolder(env), 0o700);
  await writeOnce(keyPath(env), randomBytes(KEY_BYTES), 0o600);
  return keptKey(env);
};
