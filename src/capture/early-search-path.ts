import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventsOf, readEvents } from '#assembly';

/** The shim tells its search path within the first lines of the first log. Unit: byte. */
const HEAD_BYTES = 256 * 1024;
/** How often the log is looked at, and when that is given up. Unit: ms. */
const INTERVAL_MS = 250;
const PATIENCE_MS = 20_000;

/** The search path of the first process as soon as it is told; undefined if it is not told in time or the signal ends the wait. */
export const earlySearchPath = async (runFolder: string, signal: AbortSignal): Promise<readonly string[] | undefined> => {
  for (let waited = 0; waited < PATIENCE_MS && !signal.aborted; waited += INTERVAL_MS) {
    const told = eventsOf(readEvents('0.jsonl', await head(join(runFolder, 'events', '0.jsonl'))).events, 'search-path').at(0);
    if (told !== undefined) return told.paths;
    await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return undefined;
};

const head = async (path: string): Promise<Uint8Array> => {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return new Uint8Array();
  }
};
