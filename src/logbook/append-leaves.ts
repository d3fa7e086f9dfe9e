import { compareBytes, toHex, TrainlockError, type VerifySignature } from '#base';
import { makeFolder, nodeCrypto } from '#files';
import { leafHash } from '#digest';
import { type Checkpoint, MOST_LEAF_BYTES, type Note, readTreeEdge, rootOfEdge, TILE_WIDTH, type TreeEdge, verifyCheckpoint, type VerifierKey } from '#tlog';
import { checkPartial, commit, removeLeft, tidyPartials, writeLeaves } from './commit-leaves.ts';
import { goesOnFrom } from './compare-heads.ts';
import { type CurrentLog, findLog } from './find-log.ts';
import { loadLogKey } from './log-key.ts';
import type { LogPlaces } from './log-places.ts';
import { type LogReader, readLeaves, tileReader } from './log-reader.ts';
import { damaged, notAvailable } from './log-trouble.ts';
import { makeLog } from './make-log.ts';
import { type HeldLock, takeLock } from './process-lock.ts';
import { type LogHead, readHead } from './read-head.ts';
import { rememberHead } from './remembered-heads.ts';

export type AppendOptions = {
  readonly places: LogPlaces;
  readonly verify: VerifySignature;
  readonly now: Date;
  /** How long to wait for another process. Unit: millisecond. */
  readonly waitMs: number;
  /** Checkpoints that others keep, for example a project; those of other logs say nothing. They are hostile. */
  readonly seen: readonly Note[];
  /** Where a leaf is looked for that may be there already: among the last ones, or in the whole log, for leaves that may have been entered long ago. */
  readonly lookBack: 'recent' | 'whole';
};

/** Where a leaf lies; `isNew` is false for one that was there already. */
export type Place = { readonly index: number; readonly isNew: boolean };

export type Appended =
  | { readonly kind: 'appended'; readonly head: LogHead; /** In the order of the leaves. */ readonly places: readonly Place[] }
  /** Another process writes. Nothing was changed; try again later. */
  | { readonly kind: 'busy'; readonly because: string };

/** How far back a leaf is looked for that a killed process may have entered already. */
const LOOK_BACK = 1024;
/** Most leaves between two signatures: memory is for one batch. */
const BATCH = 4096;

/**
 * Enters leaves in the log of this machine; the first call makes the log. When it answers, they are on disk and signed for. A leaf that
 * is among the last 1024, or anywhere in the log if that is asked, is not entered again. Throws TL1401 if the log cannot be written, TL1402 if it is damaged, TL1403 if it was set
 * back; then nothing was changed.
 */
export const appendLeaves = async (leaves: readonly Uint8Array[], options: AppendOptions): Promise<Appended> => {
  const tooLong = leaves.find((leaf) => leaf.length === 0 || leaf.length > MOST_LEAF_BYTES);
  if (tooLong !== undefined) throw new TrainlockError('TL0901', `a leaf has 1 to ${MOST_LEAF_BYTES} bytes, not ${tooLong.length}`);
  return withLock(options.places, options.waitMs, (lock) => appendUnderLock(leaves, options, lock));
};

/** Does something as the only writer. */
export const withLock = async <T>(places: LogPlaces, waitMs: number, work: (lock: HeldLock) => Promise<T>): Promise<T | { readonly kind: 'busy'; readonly because: string }> => {
  try {
    await makeFolder(places.logs, 0o700);
    const taken = await takeLock(places.lock, waitMs);
    if (taken.kind === 'busy') return taken;
    try {
      return await work(taken.lock);
    } finally {
      await taken.lock.release();
    }
  } catch (error) {
    throw notAvailable(places.logs, error);
  }
};

const appendUnderLock = async (leaves: readonly Uint8Array[], options: AppendOptions, lock: HeldLock): Promise<Appended> => {
  const { places, verify } = options;
  const found = await findLog(places);
  const made = found.kind === 'none' ? await makeLog({ places, number: 1, verify, now: options.now }) : undefined;
  if (made !== undefined) await rememberHead(places.heads, { key: made.head.key, checkpoint: made.head.note });
  const log = found.kind === 'log' ? found : made!.log;
  await removeLeft(log.folder);
  const wanted = new Set(leaves.map((leaf) => toHex(leafHash(leaf, nodeCrypto))));
  let state = await openForWriting(log, wanted, options);
  const answer: Place[] = [];
  for (let at = 0; at < leaves.length; at += BATCH) {
    const sorted = newAmong(leaves.slice(at, at + BATCH), state);
    answer.push(...sorted.places);
    if (sorted.fresh.length > 0) state = await writeBatch(log, state, sorted.fresh, { ...options, lock });
  }
  return { kind: 'appended', head: state.head, places: answer };
};

/** All that a writer knows of a log while it holds the lock. */
type Writing = {
  readonly head: LogHead;
  readonly edge: TreeEdge;
  /** Leaves of the last bundle, if it is not full. */
  readonly partial: readonly Uint8Array[];
  /** Index of those leaves that are there already, by their hashes in hexadecimal. */
  readonly there: ReadonlyMap<string, number>;
};

/** Nothing is ever added to a log whose files, checkpoint and memory do not agree. */
const openForWriting = async (log: CurrentLog, wanted: ReadonlySet<string>, { verify, seen, lookBack }: AppendOptions): Promise<Writing> => {
  const { reader, key } = log;
  const head = await readHead(reader, key, verify);
  for (const checkpoint of seenOf(key, [...(log.remembered === undefined ? [] : [log.remembered.checkpoint]), ...seen], verify))
    await goesOnFrom(reader, head.checkpoint, checkpoint);
  const { size, root } = head.checkpoint;
  const edge = await readTreeEdge(tileReader(reader), size);
  if (compareBytes(rootOfEdge(edge, nodeCrypto), root) !== 0) throw damaged(reader.place, 'the tiles at the end of the log are not those that its checkpoint names');
  const width = size % TILE_WIDTH;
  const partial = width === 0 ? [] : await readLeaves(reader, Math.floor(size / TILE_WIDTH), width);
  checkPartial(reader.place, edge, partial);
  return { head, edge, partial, there: await leavesThere(reader, wanted, { from: lookBack === 'whole' ? 0 : Math.max(0, size - LOOK_BACK), size }) };
};

/** Checkpoints of this log that its key has signed. */
export const seenOf = (key: VerifierKey, notes: readonly Note[], verify: VerifySignature): readonly Checkpoint[] =>
  notes.flatMap((note) => {
    const check = verifyCheckpoint(note, { keys: [key] }, verify);
    return check.kind === 'held' ? [check.checkpoint] : [];
  });

const leavesThere = async (
  reader: LogReader,
  wanted: ReadonlySet<string>,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<ReadonlyMap<string, number>> => {
  const there = new Map<string, number>();
  for (let bundle = Math.floor(from / TILE_WIDTH); bundle * TILE_WIDTH < size; bundle += 1) {
    const first = bundle * TILE_WIDTH;
    const leaves = await readLeaves(reader, bundle, Math.min(TILE_WIDTH, size - first));
    for (const [at, leaf] of leaves.entries()) {
      const hash = toHex(leafHash(leaf, nodeCrypto));
      if (first + at >= from && wanted.has(hash) && !there.has(hash)) there.set(hash, first + at);
    }
  }
  return there;
};

/** Gives every leaf its index: that of the one that is there already, or the next. */
const newAmong = (leaves: readonly Uint8Array[], { head, there: before }: Writing): { readonly places: readonly Place[]; readonly fresh: readonly Uint8Array[] } => {
  const known = new Map(before);
  const fresh: Uint8Array[] = [];
  const places = leaves.map((leaf): Place => {
    const hash = toHex(leafHash(leaf, nodeCrypto));
    const there = known.get(hash);
    if (there !== undefined) return { index: there, isNew: false };
    const index = head.checkpoint.size + fresh.length;
    known.set(hash, index);
    fresh.push(leaf);
    return { index, isNew: true };
  });
  return { places, fresh };
};

const writeBatch = async (log: CurrentLog, state: Writing, fresh: readonly Uint8Array[], options: AppendOptions & { readonly lock: HeldLock }): Promise<Writing> => {
  const { places, verify, lock } = options;
  const signer = await loadLogKey(log.folder, log.key);
  const written = await writeLeaves(log.folder, state.edge, state.partial, fresh);
  // A process that was stopped for long may have lost the lock meanwhile: then another one has gone on.
  if (!(await lock.isHeld())) throw new TrainlockError('TL1401', 'another process took over the log while this one wrote', { where: log.folder, fix: 'trainlock log enter' });
  const head = await commit(log.folder, signer, written.edge, verify);
  await rememberHead(places.heads, { key: head.key, checkpoint: head.note });
  await tidyPartials(log.folder, state.head.checkpoint.size, written.places);
  const all = [...state.partial, ...fresh];
  const first = state.head.checkpoint.size;
  const there = new Map([...state.there, ...fresh.map((leaf, at) => [toHex(leafHash(leaf, nodeCrypto)), first + at] as const)]);
  return { head, edge: written.edge, partial: all.slice(all.length - (written.edge.size % TILE_WIDTH)), there };
};
