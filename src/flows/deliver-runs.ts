/** Lays records into a depot: a folder from which machines that serve fetch the record of a model by its digest. */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { TrainlockError } from '#base';
import { makeTemporaryFolder } from '#files';
import { openRemote } from '#remote';
import { openStore, type RunRecord } from '#store';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { fillDepot, type FilledRecord } from './depot/fill-depot.ts';
import { followedBy } from './depot/followed-records.ts';
import type { KeepOptions } from './keep-run.ts';
import { type ExactRecord, exactRecord, recordWithDigest } from './policy/exact-record.ts';

export type DeliverOptions = KeepOptions & {
  /** A folder; made if only its last part is missing. */
  readonly to: string;
};

export type DeliveredRun = FilledRecord & { readonly run: RunRecord; /** It was brought along, because a run that was named follows it. */ readonly isFollowed: boolean };

export type Delivered = {
  readonly folder: string;
  readonly runs: readonly DeliveredRun[];
  /** Digests of records that are followed and are not here. */
  readonly notHere: readonly string[];
};

/**
 * Every reference is looked up and read before anything is written; the records that they follow by their approvals come along. Throws TL0301
 * to TL0304, TL0801 to TL0804, TL0003.
 */
export const deliverRuns = async (options: DeliverOptions): Promise<Delivered> => {
  const store = await openStore(options);
  const named: ExactRecord[] = [];
  for (const reference of options.references) named.push(await exactRecord(await store.find(reference, options.workingDirectory)));
  const records = new Map(named.map((record) => [record.sha256, record]));
  const notHere = new Set<string>();
  // Whose approvals count is asked by the gate: here they only say what belongs together.
  const filed = await filedApprovals(options.projectRoot, { kind: 'none', because: '' }, new Date().toISOString());
  const open = [...records.keys()];
  for (let sha256 = open.pop(); sha256 !== undefined; sha256 = open.pop()) {
    for (const before of followedBy(filed, sha256)) {
      if (records.has(before) || notHere.has(before)) continue;
      const found = await recordWithDigest(store, before).catch(unknownHere);
      if (found === undefined) notHere.add(before);
      else {
        records.set(before, found);
        open.push(before);
      }
    }
  }
  const folder = resolve(options.workingDirectory, options.to);
  // A new folder beside others is made; a whole path that is not there is rather a disk that is not mounted.
  await mkdir(folder).catch(() => undefined);
  const remote = await openRemote(folder);
  const scratch = await makeTemporaryFolder(tmpdir(), 'trainlock-deliver-');
  try {
    const runs: DeliveredRun[] = [];
    // What others follow comes first: a record that is there can be judged.
    for (const record of [...records.values()].toReversed())
      runs.push({ ...(await fillDepot({ folder, remote, store, scratch: scratch.path }, record)), run: record.run, isFollowed: !named.includes(record) });
    return { folder, runs: runs.toReversed(), notHere: [...notHere] };
  } finally {
    await scratch.remove().catch(() => undefined);
  }
};

const unknownHere = (error: unknown): undefined => {
  if (error instanceof TrainlockError && error.code === 'TL0301') return undefined;
  throw error;
};
