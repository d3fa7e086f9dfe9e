import { lstat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { countOf, escapeControl, shellWord, TrainlockError } from '#base';
import { hashFiles, makeTemporaryFolder, type OnProgress } from '#files';
import type { DeliveredRecord, Manifest } from '#manifest';
import { findWriter, guestStore, openStore, type Store } from '#store';
import type { FiledApproval } from '../approvals/judged-approvals.ts';
import { exactRecord, recordWithDigest } from '../policy/exact-record.ts';
import { bringCanary, bringDelivered, type Bringing, bringRecord } from './bring-record.ts';
import { modelNote, wholeDigest } from './depot-layout.ts';
import { followedBy } from './followed-records.ts';
import { openDepot } from './open-depot.ts';

export type RecordsFrom = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  /** A folder or http(s) address. */
  readonly from: string;
  /** The file of a model. */
  readonly reference: string;
  /** The digest of its record, or a run that is here; what the depot has for the bytes of the model if it is not said. */
  readonly record?: string;
  /** What the record is to follow, beside what its approvals name. */
  readonly against?: string;
  readonly filed: () => Promise<readonly FiledApproval[]>;
  readonly onProgress?: OnProgress;
};

/** Where the record lies for this question, and by which digest it is found there. */
export type FoundRecords = { readonly store: Store; readonly record: string };

/** Most records that one model follows and that are brought. */
const MOST_FOLLOWED = 200;

/**
 * Brings what a question about a model needs from a depot: its record, by the digest of the model or its own, the records that it follows, and
 * the bytes of the canary. It lies in a temporary folder, which goes with the question; the store of the project counts first and is not
 * written. Throws TL0001, TL0002, TL0302, TL0801 to TL0805, TL0003.
 */
export const withRecordsFrom = async <T>(asking: RecordsFrom, use: (found: FoundRecords) => Promise<T>): Promise<T> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-depot-').catch((error: unknown) => {
    throw new TrainlockError('TL0003', 'what a depot has cannot be laid down: the folder for temporary files cannot be written', {
      where: tmpdir(),
      fix: 'set TMPDIR to a folder that can be written',
      cause: error,
    });
  });
  try {
    const depot = await openDepot(asking.from, { workingDirectory: asking.workingDirectory, scratch: folder.path });
    const guests = guestStore(folder.path, await openStore(asking));
    const bringing = { depot, guests, scratch: folder.path };
    const { sha256, manifest } = await bringCandidate(bringing, asking);
    await bringFollowed(bringing, asking, sha256);
    await bringCanary(bringing, manifest);
    return await use({ store: guests.store, record: sha256 });
  } finally {
    await folder.remove().catch(() => undefined);
  }
};

type Brought = { readonly sha256: string; readonly manifest: Manifest };

const bringCandidate = async (bringing: Bringing, asking: RecordsFrom): Promise<Brought> => {
  const { depot, guests } = bringing;
  const stated = wholeDigest(asking.record);
  if (stated === undefined && depot.isOpen)
    throw new TrainlockError('TL0001', 'over http nobody knows who answers, so the digest of the record must be stated', {
      where: escapeControl(depot.address),
      fix: 'use https, or name the record: --record sha256:DIGEST',
    });
  if (stated === undefined && asking.record !== undefined) return ofRun(await exactRecord(await guests.store.find(asking.record, asking.workingDirectory)));
  const model = stated === undefined ? await digestOfModel(asking) : undefined;
  const here = stated === undefined ? await writerHere(guests.store, asking, model) : await recordWithDigest(guests.store, stated).then(ofRun, notHere);
  if (here !== undefined) return here;
  if (stated !== undefined) {
    const manifest = await bringRecord(bringing, stated);
    if (manifest !== undefined) return { sha256: stated, manifest };
    throw notThere(depot.address, `the record ${stated.slice(0, 12)}…`);
  }
  const delivered = await onlyRecord(bringing, asking, model);
  return { sha256: delivered.manifestSha256, manifest: await bringDelivered(bringing, delivered) };
};

const ofRun = ({ sha256, manifest }: Brought): Brought => ({ sha256, manifest });

const notHere = (error: unknown): undefined => {
  if (error instanceof TrainlockError && error.code === 'TL0301') return undefined;
  throw error;
};

const writerHere = async (store: Store, { workingDirectory, reference }: RecordsFrom, model: string | undefined): Promise<Brought | undefined> => {
  const writer = model === undefined ? undefined : await findWriter(await store.runs(), resolve(workingDirectory, reference), model);
  return writer === undefined ? undefined : ofRun(await exactRecord(writer));
};

/** Of the file as it lies here now. Throws TL0002 where it is none. */
const digestOfModel = async ({ workingDirectory, reference, onProgress }: RecordsFrom): Promise<string> => {
  const file = resolve(workingDirectory, reference);
  const facts = await lstat(file).catch(() => undefined);
  const [hashed] = facts?.isFile() === true ? await hashFiles([{ path: file }], onProgress === undefined ? {} : { onProgress }) : [];
  if (hashed?.sha256 !== undefined && hashed.changed !== true) return hashed.sha256;
  const because = facts === undefined ? 'it does not exist' : facts.isFile() ? 'it cannot be read, or is being written' : 'it is a link, a folder or a device';
  throw new TrainlockError('TL0002', `${escapeControl(reference)} is no file of a model: ${because}`, { where: file, fix: 'name the file that is to be served' });
};

/** Which of several is meant nobody guesses. */
const onlyRecord = async ({ depot }: Bringing, { reference }: RecordsFrom, model: string | undefined): Promise<DeliveredRecord> => {
  const records = (model === undefined ? undefined : await depot.note(modelNote(model))) ?? [];
  const [first] = records;
  if (first === undefined) throw notThere(depot.address, `a record of ${escapeControl(reference)}`);
  if (records.length === 1) return first;
  throw new TrainlockError('TL0302', `${escapeControl(depot.address)} has ${countOf(records.length, 'record')} of ${escapeControl(reference)}`, {
    notes: records.slice(0, 10).map(({ manifestSha256 }) => manifestSha256),
    fix: `name the one that is meant: --record sha256:${first.manifestSha256}`,
  });
};

const notThere = (address: string, what: string): TrainlockError =>
  new TrainlockError('TL0803', `${escapeControl(address)} does not have ${what}`, {
    where: escapeControl(address),
    fix: `trainlock keep RUN --to ${/^https?:/i.test(address) ? 'FOLDER   # where the run was recorded; then serve that folder' : shellWord(address)}`,
  });

/** Records that it follows, back to the first, as far as they are not here. One that nobody has leaves the answer undecided later. */
const bringFollowed = async (bringing: Bringing, asking: RecordsFrom, candidate: string): Promise<void> => {
  const filed = await asking.filed();
  const seen = new Set([candidate]);
  const against = wholeDigest(asking.against);
  const open = [...followedBy(filed, candidate), ...(against === undefined ? [] : [against])];
  for (let sha256 = open.pop(); sha256 !== undefined && seen.size <= MOST_FOLLOWED; sha256 = open.pop()) {
    if (seen.has(sha256)) continue;
    seen.add(sha256);
    if ((await recordWithDigest(bringing.guests.store, sha256).catch(notHere)) === undefined) await bringRecord(bringing, sha256);
    open.push(...followedBy(filed, sha256));
  }
};
