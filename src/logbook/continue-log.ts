import { join } from 'node:path';
import { toHex, TrainlockError, type VerifySignature } from '#base';
import { nodeCrypto } from '#files';
import { type Note, type VerifierKey, verifyCheckpoint, writeLeaf, writeNote } from '#tlog';
import { withLock } from './append-leaves.ts';
import { logFolder, newestNumber, numberOf } from './find-log.ts';
import type { LogPlaces } from './log-places.ts';
import { folderReader, readLogKey } from './log-reader.ts';
import { makeLog } from './make-log.ts';
import { type LogHead, readHead } from './read-head.ts';
import { readHeads, rememberHead } from './remembered-heads.ts';

export type Continued =
  | { readonly kind: 'continued'; /** The log before, as it was seen last. */ readonly before: LogHead; readonly head: LogHead; readonly folder: string }
  | { readonly kind: 'busy'; readonly because: string };

export type ContinueOptions = {
  readonly places: LogPlaces;
  readonly verify: VerifySignature;
  readonly now: Date;
  readonly waitMs: number;
  /** Words of a person. */ readonly reason?: string;
};

/**
 * Opens a new log, with a new origin and a new key, whose first leaf holds the newest checkpoint that is known of the log before. The
 * old folder is left as it is. Only a person asks for it: after a backup was restored, a key was lost, or files were damaged. Throws
 * TL1401 if there is no log to go on from.
 */
export const continueLog = (options: ContinueOptions): Promise<Continued> => withLock(options.places, options.waitMs, () => continueUnderLock(options));

const continueUnderLock = async ({ places, verify, now, reason }: ContinueOptions): Promise<Continued> => {
  const before = await newestKnown(places, verify);
  const number = Math.max(await newestNumber(places), numberOf(before.key.name)) + 1;
  const { origin } = before.checkpoint;
  const leaf = writeLeaf({
    version: 1,
    kind: 'log-continued',
    time: now.toISOString(),
    object: { type: 'log', id: origin },
    payloadSha256: toHex(nodeCrypto.sha256(writeNote(before.note))),
    origin,
    // The text of the checkpoint itself: what it says can be read without its file.
    reason: `${before.note.body}${reason === undefined ? '' : `\n${reason}`}`,
  });
  const made = await makeLog({ places, number, verify, now, continues: { origin, checkpoint: before.checkpoint, leaf } });
  await rememberHead(places.heads, { key: made.head.key, checkpoint: made.head.note });
  return { kind: 'continued', before, head: made.head, folder: made.log.folder };
};

/** The newest checkpoint that is known of the log: on disk, or remembered. */
const newestKnown = async (places: LogPlaces, verify: VerifySignature): Promise<LogHead> => {
  const heads = await readHeads(places.heads).catch(() => []);
  const remembered = heads.flatMap(({ key, checkpoint }): readonly LogHead[] => headOf(key, checkpoint, verify));
  const number = await newestNumber(places);
  const onDisk = number === 0 ? [] : await headIn(logFolder(places, number), verify);
  const [newest] = [...onDisk, ...remembered].toSorted((a, b) => numberOf(b.key.name) - numberOf(a.key.name) || b.checkpoint.size - a.checkpoint.size);
  if (newest !== undefined) return newest;
  throw new TrainlockError('TL1401', number === 0 ? 'this machine has no log to go on from' : 'no checkpoint of the log is left to go on from', {
    where: number === 0 ? places.logs : join(logFolder(places, number), 'checkpoint'),
    fix: number === 0 ? 'trainlock log enter' : `bring the checkpoint back from a copy, or begin without it: mv ${logFolder(places, number)} ELSEWHERE`,
  });
};

const headOf = (key: VerifierKey, note: Note, verify: VerifySignature): readonly LogHead[] => {
  const check = verifyCheckpoint(note, { keys: [key] }, verify);
  return check.kind === 'held' ? [{ key, checkpoint: check.checkpoint, note }] : [];
};

const headIn = async (folder: string, verify: VerifySignature): Promise<readonly LogHead[]> => {
  try {
    const reader = folderReader(folder);
    return [await readHead(reader, await readLogKey(reader), verify)];
  } catch {
    return [];
  }
};
