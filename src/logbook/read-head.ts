import { join } from 'node:path';
import type { VerifySignature } from '#base';
import { type Checkpoint, type Note, readNote, type VerifierKey, verifyCheckpoint } from '#tlog';
import type { LogReader } from './log-reader.ts';
import { damaged } from './log-trouble.ts';

/** What a log has signed last. */
export type LogHead = {
  readonly key: VerifierKey;
  readonly checkpoint: Checkpoint;
  /** The signed checkpoint with the cosignatures of witnesses. */
  readonly note: Note;
};

export const CHECKPOINT = 'checkpoint';
const MOST_BYTES = 1024 * 1024;

/** The checkpoint of a log, if its own key has signed it. The file is hostile. Throws TL1402 if it is missing, empty, or not signed by the key. */
export const readHead = async (reader: LogReader, key: VerifierKey, verify: VerifySignature): Promise<LogHead> => {
  const where = join(reader.place, CHECKPOINT);
  const bytes = await reader.read(CHECKPOINT, MOST_BYTES);
  if (bytes === undefined) throw damaged(where, 'the checkpoint of the log is missing');
  if (bytes.length === 0) throw damaged(where, 'the checkpoint of the log is empty');
  const note = readNote(bytes);
  if (note.kind === 'rejected') throw damaged(where, `the checkpoint of the log is damaged: ${note.problems[0]!.message}`);
  const check = verifyCheckpoint(note.value, { keys: [key] }, verify);
  if (check.kind === 'refused') throw damaged(where, `the checkpoint of the log is not one: ${check.because}`);
  return { key, checkpoint: check.checkpoint, note: note.value };
};
