import { stat } from 'node:fs/promises';
import { verifyConsistency } from '#digest';
import { nodeCrypto } from '#files';
import { type Checkpoint, tileTree, type VerifierKey, verifyCheckpoint } from '#tlog';
import { logFolder, newestNumber, numberOf } from './find-log.ts';
import { type Environment, type LogPlaces, logPlaces } from './log-places.ts';
import { folderReader, readLogKey, tileReader } from './log-reader.ts';
import { machineName } from './machine.ts';
import { readHead } from './read-head.ts';
import { readHeads, type RememberedHead } from './remembered-heads.ts';
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
  /** Origins of logs that are gone, cannot be read, or do not go on from what this machine remembers of them. */
  readonly lost: readonly string[];
  /** Those of them whose folder is not there. */
  readonly gone: readonly string[];
};

/** The logs of this machine, for questions. Makes nothing and never throws: what is not there, or is damaged, says nothing here. */
export const localLogs = async (env: Environment, verify: VerifySignature): Promise<LocalLogs> => {
  try {
    const places = logPlaces(env, machineName());
    const heads = await readHeads(places.heads).catch(() => []);
    const count = await newestNumber(places);
    const found = await Promise.all(Array.from({ length: count }, (_, at) => localLog(logFolder(places, at + 1), verify).catch(() => undefined)));
    const logs = found.filter((log) => log !== undefined);
    return { keys: [...heads, ...logs].map(({ key }) => key), logs, lost: await lostOf(heads, logs, verify), gone: await goneOf(heads, places) };
  } catch {
    return { keys: [], logs: [], lost: [], gone: [] };
  }
};

const lostOf = async (heads: readonly RememberedHead[], logs: readonly LocalLog[], verify: VerifySignature): Promise<readonly string[]> => {
  const answers = await Promise.all(heads.map(async (head) => ((await goesOn(head, logs, verify)) ? [] : [head.key.name])));
  return answers.flat();
};

/** Only what is certain: a folder that cannot be looked at may come back. */
const goneOf = async (heads: readonly RememberedHead[], places: LogPlaces): Promise<readonly string[]> => {
  const answers = await Promise.all(
    heads.map(async ({ key }) =>
      stat(logFolder(places, numberOf(key.name))).then(
        () => [],
        (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [key.name] : []),
      ),
    ),
  );
  return answers.flat();
};

const goesOn = async ({ key, checkpoint }: RememberedHead, logs: readonly LocalLog[], verify: VerifySignature): Promise<boolean> => {
  const seen = verifyCheckpoint(checkpoint, { keys: [key] }, verify);
  const log = logs.find((one) => one.key.name === key.name);
  if (seen.kind !== 'held' || log === undefined || log.checkpoint.size < seen.checkpoint.size) return false;
  const { size, root } = seen.checkpoint;
  if (size === 0) return true;
  const proof = await log.consistencyFrom(size).catch(() => []);
  return verifyConsistency({ size1: size, root1: root, size2: log.checkpoint.size, root2: log.checkpoint.root, proof }, nodeCrypto);
};

const localLog = async (folder: string, verify: VerifySignature): Promise<LocalLog> => {
  const reader = folderReader(folder);
  const key = await readLogKey(reader);
  const { checkpoint } = await readHead(reader, key, verify);
  const tree = tileTree(tileReader(reader), nodeCrypto);
  return { key, checkpoint, consistencyFrom: async (size) => (size <= checkpoint.size ? tree.consistencyProofOf(size, checkpoint.size) : []) };
};
