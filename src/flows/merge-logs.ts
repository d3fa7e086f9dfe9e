/** The logs of a team as one list; each is checked before it is believed. */
import { nodeVerifySignature } from '#keys';
import { type LogCheck, verifyLogbook } from '#logbook';
import { type LoggedLeaf, mergeLogs, readLeaf, type TeamEvent, writeVerifierKey } from '#tlog';
import { logFolder } from './log/log-folder.ts';

export type MergeOptions = {
  readonly workingDirectory: string;
  readonly folders: readonly string[];
  readonly onProgress?: (done: { readonly leaves: number; readonly size: number }) => void;
};

export type MergedLog = {
  readonly folder: string;
  readonly kind: LogCheck['kind'] | 'twice';
  readonly origin?: string;
  readonly vkey?: string;
  readonly size?: number;
  /** Leaves that a newer version wrote; they are counted and not shown. */
  readonly unread: number;
  readonly because?: string;
};

export type MergedLogs = { readonly logs: readonly MergedLog[]; /** Of the logs that are intact. */ readonly events: readonly TeamEvent[] };

/** Throws TL0002 for folders that cannot be read. */
export const mergeTeamLogs = async ({ workingDirectory, folders, onProgress }: MergeOptions): Promise<MergedLogs> => {
  const logs: MergedLog[] = [];
  const read: { readonly origin: string; readonly leaves: readonly LoggedLeaf[] }[] = [];
  for (const name of folders) {
    const folder = await logFolder(workingDirectory, name);
    const leaves: LoggedLeaf[] = [];
    let unread = 0;
    const onLeaf = ({ index, bytes }: { readonly index: number; readonly bytes: Uint8Array }): void => {
      const leaf = readLeaf(bytes);
      if (leaf.kind === 'accepted') leaves.push({ index, leaf: leaf.value });
      else unread += 1;
    };
    const check = await verifyLogbook(folder, { verify: nodeVerifySignature, onLeaf, ...(onProgress === undefined ? {} : { onProgress }) });
    const about = check.head === undefined ? {} : { origin: check.head.checkpoint.origin, vkey: writeVerifierKey(check.head.key), size: check.head.checkpoint.size };
    if (check.kind !== 'intact') logs.push({ folder, kind: check.kind, ...about, unread: 0, because: check.because });
    else if (read.some(({ origin }) => origin === check.head.checkpoint.origin))
      logs.push({ folder, kind: 'twice', ...about, unread, because: 'another folder holds this log already' });
    else {
      logs.push({ folder, kind: 'intact', ...about, unread });
      read.push({ origin: check.head.checkpoint.origin, leaves });
    }
  }
  return { logs, events: mergeLogs(read) };
};
