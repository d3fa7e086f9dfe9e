/** Copies a log into a plain folder that any web server can hand out, and checks the copy. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { makeFolder, notWritable } from '#files';
import { nodeVerifySignature } from '#keys';
import { CHECKPOINT, type CopyProgress, copyLogbook, folderReader, type LogCheck, noLog, openLogbook, verifyLogbook } from '#logbook';
import { readCheckpoint, writeVerifierKey } from '#tlog';
import { checkpointIn } from './log/seen-checkpoints.ts';
import { type SeeingProject, seenOfLogs } from './log/seen-of-logs.ts';

export type ExportOptions = SeeingProject & {
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly onProgress?: (done: CopyProgress) => void;
};

export type ExportedLog = {
  readonly folder: string;
  readonly origin: string;
  readonly vkey: string;
  readonly size: number;
  readonly files: number;
  /** Files that were not there yet. */
  readonly written: number;
  readonly check: LogCheck;
};

/** The same command goes on after a break, and brings an older copy up to date. Throws TL0001, TL0003, TL1401 to TL1403. */
export const exportLog = async (options: ExportOptions): Promise<ExportedLog> => {
  const { workingDirectory, env, folder, onProgress } = options;
  const logbook = openLogbook({ env, verify: nodeVerifySignature });
  const head = await logbook.head();
  if (head === undefined) throw noLog(logbook.places.logs);
  const target = resolve(workingDirectory, folder);
  const before = await earlierCopy(target, head.checkpoint.origin);
  try {
    await makeFolder(target);
  } catch (error) {
    throw notWritable(target, error);
  }
  const { written, files } = await copyLogbook(folderReader(head.folder), head, target, onProgress);
  const remembered = [head.note, ...(before === undefined ? [] : [before]), ...(await seenOfLogs(await logbook.remembered().catch(() => []), options))];
  const check = await verifyLogbook(target, { verify: nodeVerifySignature, key: head.key, remembered });
  return { folder: target, origin: head.checkpoint.origin, vkey: writeVerifierKey(head.key), size: head.checkpoint.size, files, written, check };
};

/** What an earlier export of this log left. Throws TL0001 for a folder that holds something else: nothing of it is written over. */
const earlierCopy = async (target: string, origin: string): ReturnType<typeof checkpointIn> => {
  const note = await checkpointIn(join(target, CHECKPOINT));
  const read = note === undefined ? undefined : readCheckpoint(note.body);
  const names = await readdir(target).catch(() => []);
  const isFree = names.every((name) => name === 'tile' || name === 'vkey' || name === 'times' || name === CHECKPOINT || name.startsWith('.trainlock-'));
  if (read?.kind === 'accepted' ? read.value.origin === origin : isFree && note === undefined) return note;
  throw new TrainlockError('TL0001', read?.kind === 'accepted' ? `the folder holds another log: ${escapeControl(read.value.origin)}` : 'the folder holds other files', {
    where: target,
    fix: 'name a new folder',
  });
};
