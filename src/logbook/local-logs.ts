import { nodeCrypto } from '#files';
import { type Checkpoint, tileTree, type VerifierKey } from '#tlog';
import { logFolder, newestNumber } from './find-log.ts';
import { type Environment, logPlaces } from './log-places.ts';
import { folderReader, readLogKey, tileReader } from './log-reader.ts';
import { machineName } from './machine.ts';
import { readHead } from './read-head.ts';
import { readHeads } from './remembered-heads.ts';
import type { VerifySignature } from '#base';

/** A log of this machine as it is now. */
export type LocalLog = {
  readonly key: VerifierKey;
  readonly checkpoint: Checkpoint;
  /** Hashes that prove an older checkpoint to be a beginning of it; they are hostile until they are checked. */
  readonly consistencyFrom: (size: number) => Promise<readonly Uint8Array[]>;
};

export type LocalLogs = {
  /** Keys of every log that this machine has ever written to. */
  readonly keys: readonly VerifierKey[];
  readonly logs: readonly LocalLog[];
};

/** The logs of this machine, for questions. Makes nothing and never throws: what is not there, or is damaged, says nothing here. */
export const localLogs = async (env: Environment, verify: VerifySignature): Promise<LocalLogs> => {
  try {
    const places = logPlaces(env, machineName());
    const heads = await readHeads(places.heads).catch(() => []);
    const count = await newestNumber(places);
    const found = await Promise.all(Array.from({ length: count }, (_, at) => localLog(logFolder(places, at + 1), verify).catch(() => undefined)));
    const logs = found.filter((log) => log !== undefined);
    return { keys: [...heads, ...logs].map(({ key }) => key), logs };
  } catch {
    return { keys: [], logs: [] };
  }
};

const localLog = async (folder: string, verify: VerifySignature): Promise<LocalLog> => {
  const reader = folderReader(folder);
  const key = await readLogKey(reader);
  const { checkpoint } = await readHead(reader, key, verify);
  const tree = tileTree(tileReader(reader), nodeCrypto);
  return { key, checkpoint, consistencyFrom: async (size) => (size <= checkpoint.size ? tree.consistencyProofOf(size, checkpoint.size) : []) };
};
