import { resolve } from 'node:path';
import { escapeControl, TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { nodeVerifySignature } from '#keys';
import { folderReader, readLogKey, type RememberedHead } from '#logbook';
import { type Checkpoint, type Note, readVerifierKey, verifyCheckpoint, type VerifierKey } from '#tlog';
import { checkpointIn } from './seen-checkpoints.ts';

/** The key of a log as a person gives it. Throws TL0001. */
export const pinnedKey = (text: string, use: VerifierKey['use'] = 'signature'): VerifierKey => {
  const key = readVerifierKey(text.trim(), nodeCrypto);
  const what = use === 'signature' ? 'a log' : 'a witness';
  if (key.kind === 'rejected')
    throw new TrainlockError('TL0001', `this is not the verifier key of ${what}: ${key.problems[0]!.message}`, {
      where: escapeControl(text.slice(0, 200)),
      fix: 'trainlock log show   # prints the key to pin',
    });
  if (key.value.use !== use)
    throw new TrainlockError('TL0001', `this is not the verifier key of ${what}, but of ${use === 'signature' ? 'a witness' : 'a log'}`, {
      where: escapeControl(text.slice(0, 200)),
    });
  return key.value;
};

/**
 * The key of a log of this machine as it is remembered outside the folder of the log; undefined for other logs. So nobody can put
 * another key in its place. Never throws.
 */
export const rememberedKey = async (folder: string, remembered: readonly RememberedHead[]): Promise<VerifierKey | undefined> => {
  const beside = await readLogKey(folderReader(folder)).catch(() => undefined);
  return remembered.find(({ key }) => key.name === beside?.name)?.key;
};

export type NamedCheckpoint = { readonly note: Note; readonly checkpoint: Checkpoint };

/** A checkpoint, or a proof with one, that a person names; it must be of this log. Throws TL0001, TL0002. */
export const namedCheckpoint = async (file: string, key: VerifierKey, workingDirectory: string): Promise<NamedCheckpoint> => {
  const path = resolve(workingDirectory, file);
  const note = await checkpointIn(path);
  if (note === undefined) throw new TrainlockError('TL0002', `${escapeControl(file)} holds no checkpoint`, { where: path });
  const check = verifyCheckpoint(note, { keys: [key] }, nodeVerifySignature);
  if (check.kind === 'held') return { note, checkpoint: check.checkpoint };
  throw new TrainlockError('TL0001', `${escapeControl(file)} is no checkpoint of the log ${escapeControl(key.name)}`, { where: path, notes: [check.because] });
};
