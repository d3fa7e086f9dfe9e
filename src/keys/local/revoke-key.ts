import { unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TrainlockError } from '#base';
import { syncFolder, writeOnce } from '#files';
import { findKey } from './find-key.ts';
import { documentBytes, isMoment, type KeyRevocation, LONGEST_TEXT } from './key-description.ts';
import { type Environment, keysNotWritable, openKeysFolder } from './keys-folder.ts';
import { entriesIn, type LocalKey } from './list-keys.ts';

export type RevokeKey = {
  readonly env: Environment;
  /** Exactly this key, not one that replaced it. */
  readonly name: string;
  readonly reason: string;
  /** Since when somebody else may have had it. RFC 3339 in UTC. */
  readonly compromisedSince?: string;
  /** Also removes the private file. Copies, backups and the medium itself may still hold it. */
  readonly removePrivateKey?: boolean;
  readonly now?: Date;
};

/** `already-revoked`: an earlier revocation stands and was not changed. */
export type Revocation = { readonly kind: 'revoked' | 'already-revoked'; readonly key: LocalKey };

/**
 * Marks a key as revoked, durably and for ever; from then on it is refused for signing, also under another path. Others learn of it
 * only through the trust file. Throws TL0001 for a reason or moment that cannot be, TL1101 if there is no such key, TL0003 if the mark
 * cannot be written.
 */
export const revokeKey = async (options: RevokeKey): Promise<Revocation> => {
  const { name, reason, compromisedSince } = options;
  const now = options.now ?? new Date();
  check(options, now);
  const folder = await openKeysFolder(options.env);
  const key = findKey(await entriesIn(folder), name);
  const mark: KeyRevocation = { schemaVersion: '1.0', keyId: key.keyId, at: now.toISOString(), reason, ...(compromisedSince === undefined ? {} : { compromisedSince }) };
  try {
    const isNew = await writeOnce(key.paths.revocation, documentBytes(mark), 0o600);
    if (options.removePrivateKey === true) await remove(key.paths.privateKey);
    return { kind: isNew ? 'revoked' : 'already-revoked', key: findKey(await entriesIn(folder), name) };
  } catch (error) {
    throw keysNotWritable(key.paths.revocation, error);
  }
};

const check = ({ name, reason, compromisedSince }: RevokeKey, now: Date): void => {
  const usage = (message: string, example: string): TrainlockError => new TrainlockError('TL0001', message, { fix: `trainlock keys revoke ${name} ${example}` });
  if (reason.trim() === '' || reason.length > LONGEST_TEXT || !reason.isWellFormed()) throw usage(`a reason has 1 to ${LONGEST_TEXT} letters`, "--why 'laptop lost'");
  if (compromisedSince === undefined) return;
  if (!isMoment(compromisedSince)) throw usage(`${JSON.stringify(compromisedSince.slice(0, 60))} is not a moment in UTC`, `--compromised-since ${now.toISOString()}`);
  if (Date.parse(compromisedSince) > now.getTime()) throw usage(`${compromisedSince} lies in the future`, `--compromised-since ${now.toISOString()}`);
};

const remove = async (path: string): Promise<void> => {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await syncFolder(dirname(path));
};
