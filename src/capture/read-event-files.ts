import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventDigest, type ProcessEvents, readEvents } from '#assembly';

/** A log larger than this is not read into memory; the process is then told as not seen completely. Unit: byte. */
const MOST_BYTES = 1024 * 1024 * 1024;

export type EventFiles = { readonly logs: readonly ProcessEvents[]; readonly digests: readonly EventDigest[] };

/** Reads the event logs of a run, in the order of their names. A folder that is missing is a run without hooks. */
export const readEventFiles = async (runFolder: string): Promise<EventFiles> => {
  const folder = join(runFolder, 'events');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl')).sort();
  const logs: ProcessEvents[] = [];
  const digests: EventDigest[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).size > MOST_BYTES) {
      logs.push({ file: name, events: [], lines: 0, complete: false });
      continue;
    }
    const bytes = await readFile(path);
    digests.push({ file: name, sha256: createHash('sha256').update(bytes).digest('hex') });
    logs.push(readEvents(name, bytes));
  }
  return { logs, digests };
};
