import type { VerifySignature } from '#base';
import type { Note, NoteSignature, VerifierKey } from '#tlog';
import { addCosignatures, type Cosigned } from './add-cosignatures.ts';
import { type Appended, appendLeaves } from './append-leaves.ts';
import { type Continued, continueLog } from './continue-log.ts';
import { type FoundLog, findLog, logFolder, newestNumber } from './find-log.ts';
import type { LogDescription } from './log-description.ts';
import { type Environment, logPlaces, type LogPlaces } from './log-places.ts';
import { leavesOf, type StoredLeaf } from './leaves-of.ts';
import { notAvailable } from './log-trouble.ts';
import { machineName } from './machine.ts';
import { proveLeaf } from './prove-leaf.ts';
import { type LogHead, readHead } from './read-head.ts';
import { readHeads, type RememberedHead } from './remembered-heads.ts';
import { noLog } from './no-log.ts';

export type LogbookOptions = {
  readonly env: Environment;
  readonly verify: VerifySignature;
  /** How long to wait for another process that writes. Unit: millisecond; default 5000. */
  readonly waitMs?: number;
  readonly now?: () => Date;
  /** Name of the machine, 16 hexadecimal digits; that of this machine if nothing is said. */
  readonly machine?: string;
};

/** The log of a machine as it is now. */
export type LogState = LogHead & { /** Absolute. */ readonly folder: string; readonly description: LogDescription };

/**
 * The log of this machine. Opening it touches nothing; the first `append` makes it. Readers need no lock and see a whole state at any
 * moment. All throw TL1401 if the log cannot be read or written, TL1402 if it is damaged, TL1403 if it was set back.
 */
export type Logbook = {
  readonly places: LogPlaces;
  /** Folder of the newest log, whatever state it is in; undefined if there is none. */
  readonly folder: () => Promise<string | undefined>;
  /** The present state; undefined if nothing was ever entered. */
  readonly head: () => Promise<LogState | undefined>;
  /** Enters leaves. `seen` are checkpoints that others keep. */
  readonly append: (leaves: readonly Uint8Array[], seen?: readonly Note[], lookBack?: 'recent' | 'whole') => Promise<Appended>;
  /** Bytes of a tlog-proof. Throws TL0001 if there is no such leaf. */
  readonly proofOf: (index: number) => Promise<Uint8Array>;
  readonly leavesOf: (range: { readonly from: number; readonly to: number }) => AsyncIterable<StoredLeaf>;
  readonly continueLog: (reason?: string) => Promise<Continued>;
  readonly addCosignatures: (signed: { readonly body: string; readonly signatures: readonly NoteSignature[]; readonly witness: VerifierKey }) => Promise<Cosigned>;
  /** What was seen last of this log and of those before it. */
  readonly remembered: () => Promise<readonly RememberedHead[]>;
};

const WAIT_MS = 5000;

export const openLogbook = ({ env, verify, waitMs = WAIT_MS, now = () => new Date(), machine = machineName() }: LogbookOptions): Logbook => {
  const places = logPlaces(env, machine);
  const current = async (): Promise<Extract<FoundLog, { kind: 'log' }>> => {
    const found = await findLog(places);
    if (found.kind === 'none') throw noLog(places.logs);
    return found;
  };
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw notAvailable(places.logs, error);
    }
  };
  return {
    places,
    folder: () =>
      reading(async () => {
        const number = await newestNumber(places);
        return number === 0 ? undefined : logFolder(places, number);
      }),
    head: () =>
      reading(async () => {
        const log = await findLog(places);
        return log.kind === 'none' ? undefined : { ...(await readHead(log.reader, log.key, verify)), folder: log.folder, description: log.description };
      }),
    append: (leaves, seen = [], lookBack = 'recent') => appendLeaves(leaves, { places, verify, now: now(), waitMs, seen, lookBack }),
    proofOf: (index) =>
      reading(async () => {
        const { reader, key } = await current();
        return proveLeaf(reader, await readHead(reader, key, verify), index);
      }),
    leavesOf: async function* (range) {
      yield* leavesOf((await current()).reader, range);
    },
    continueLog: (reason) => continueLog({ places, verify, now: now(), waitMs, ...(reason === undefined ? {} : { reason }) }),
    addCosignatures: (signed) => addCosignatures({ places, verify, waitMs, ...signed }),
    remembered: () => reading(() => readHeads(places.heads)),
  };
};
