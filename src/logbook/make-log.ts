import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, utf8, type VerifySignature } from '#base';
import { makeFolder, markTemporary, syncFolder, writeAtomic } from '#files';
import { type Checkpoint, EMPTY_EDGE, writeVerifierKey } from '#tlog';
import { commit, type WrittenLeaves, writeLeaves } from './commit-leaves.ts';
import { type CurrentLog, firstOf, logFolder } from './find-log.ts';
import { DESCRIPTION, type LogDescription, writeDescription } from './log-description.ts';
import { LOG_KEY, newNoteKey } from './log-key.ts';
import type { LogPlaces } from './log-places.ts';
import { folderReader, VERIFIER_KEY } from './log-reader.ts';
import type { LogHead } from './read-head.ts';

/** What a log begins with. */
export type NewLog = {
  readonly places: LogPlaces;
  /** 1 for the first log of a machine. */
  readonly number: number;
  readonly verify: VerifySignature;
  readonly now: Date;
  /** The log that it goes on from, with the leaf that says so. */
  readonly continues?: { readonly origin: string; readonly checkpoint: Checkpoint; readonly leaf: Uint8Array };
};

/** Origin of a log of ours, without a number. */
const newOrigin = (): string => `trainlock.dev/log/${toHex(randomBytes(8))}`;

/**
 * Makes a log: key, description and first checkpoint, in a folder that gets its name when all of it is on disk. So a log is there whole
 * or not at all. Only the holder of the lock may call it. Throws what the system says.
 */
export const makeLog = async ({ places, number, verify, now, continues }: NewLog): Promise<{ readonly log: CurrentLog; readonly head: LogHead }> => {
  await removeDrafts(places);
  const draft = join(places.logs, `.${places.machine}-new-${toHex(randomBytes(8))}`);
  const forget = markTemporary(draft);
  try {
    await mkdir(draft, { mode: 0o700 });
    const origin = continues === undefined ? newOrigin() : `${firstOf(continues.origin)}/${number}`;
    const { signer, pem } = newNoteKey(origin, 'signature');
    const description: LogDescription = {
      schemaVersion: '1.0',
      origin,
      machine: places.machine,
      createdAt: now.toISOString(),
      ...(continues === undefined ? {} : { continues: { origin: continues.origin, size: continues.checkpoint.size, root: toHex(continues.checkpoint.root) } }),
    };
    await writeAtomic(join(draft, LOG_KEY), pem, 0o600);
    await writeAtomic(join(draft, VERIFIER_KEY), utf8(`${writeVerifierKey(signer.key)}\n`));
    await writeAtomic(join(draft, DESCRIPTION), writeDescription(description));
    const leaves = continues === undefined ? [] : [continues.leaf];
    const written: WrittenLeaves = await writeLeaves(draft, EMPTY_EDGE, [], leaves);
    const head = await commit(draft, signer, written.edge, verify);
    const folder = logFolder(places, number);
    await rename(draft, folder);
    await syncFolder(places.logs);
    return { log: { kind: 'log', folder, number, description, key: signer.key, reader: folderReader(folder) }, head };
  } finally {
    await rm(draft, { recursive: true, force: true });
    forget();
  }
};

/** What a killed process left behind: it was never a log. */
const removeDrafts = async ({ logs, machine }: LogPlaces): Promise<void> => {
  await makeFolder(logs, 0o700);
  for (const name of await readdir(logs)) if (name.startsWith(`.${machine}-new-`)) await rm(join(logs, name), { recursive: true, force: true });
};
