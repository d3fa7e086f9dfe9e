/** Is a log whole, and does it go on from everything that was seen of it before. */
import { nodeVerifySignature } from '#keys';
import { folderReader, type LogCheck, noLog, openLogbook, readLogKey, verifyLogbook } from '#logbook';
import { type Note, writeVerifierKey } from '#tlog';
import { logFolder } from './log/log-folder.ts';
import { seenOfLogs } from './log/seen-of-logs.ts';
import { namedCheckpoint, pinnedKey, rememberedKey } from './log/verify-options.ts';

export type VerifyLogOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of a log; that of this machine if none is said. */
  readonly folder?: string;
  /** Files with checkpoints, or proofs that hold one. */
  readonly from: readonly string[];
  /** The key of the log as somebody pinned it. */
  readonly logKey?: string;
  readonly onProgress?: (done: { readonly leaves: number; readonly size: number }) => void;
};

export type LogVerdict = {
  readonly check: LogCheck;
  readonly folder: string;
  readonly origin?: string;
  readonly vkey?: string;
  readonly size?: number;
};

/** Throws TL0001, TL0002, and TL1401 if this machine has no log. */
export const verifyLog = async (options: VerifyLogOptions): Promise<LogVerdict> => {
  const logbook = openLogbook({ env: options.env, verify: nodeVerifySignature });
  const own = options.folder === undefined ? await ownFolder(logbook) : undefined;
  const folder = own ?? (await logFolder(options.workingDirectory, options.folder!));
  const named: Note[] = [];
  const remembered = await logbook.remembered().catch(() => []);
  const key = options.logKey === undefined ? await rememberedKey(folder, remembered) : pinnedKey(options.logKey);
  for (const file of options.from) named.push((await namedCheckpoint(file, key ?? (await readLogKey(folderReader(folder))), options.workingDirectory)).note);
  const check = await verifyLogbook(folder, {
    verify: nodeVerifySignature,
    remembered: [...named, ...(await seenOfLogs(remembered, options))],
    ...(key === undefined ? {} : { key }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  // The folder may be whole and yet not the newest: a log that continued it may have gone.
  if (own !== undefined && check.kind === 'intact') await logbook.head();
  const { head } = check;
  return { check, folder, ...(head === undefined ? {} : { origin: head.checkpoint.origin, vkey: writeVerifierKey(head.key), size: head.checkpoint.size }) };
};

const ownFolder = async (logbook: ReturnType<typeof openLogbook>): Promise<string> => {
  const newest = await logbook.folder();
  if (newest !== undefined) return newest;
  // Tells if there was one.
  await logbook.head();
  throw noLog(logbook.places.logs, 'trainlock log verify FOLDER --log KEY');
};
