import { lstatSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { escapeControl, isSecretFile, TrainlockError } from '#base';
import type { OnProgress } from '../hash-run.ts';
import { markTemporary } from '../temporary.ts';
import { threadsFor } from '../waiting.ts';
import { runWorkers } from '../worker-pool.ts';
import { workerFile } from '../worker-file.ts';
import { doTreeTask } from './do-tree-task.ts';
import { emitTree, type TreeEmission } from './emit-tree.ts';
import { PIECE_BYTES } from './hash-pieces.ts';
import { type EmittedTree, emitList, type TreeIdentity } from './list-emitter.ts';
import type { TreeLines } from './listed-file.ts';
import { localDevice } from './local-clock.ts';
import type { TreeRoot } from './make-nodes.ts';
import { openStatCache, type StatCache, type StatCacheWriter, writeStatCache } from './stat-cache.ts';
import { type TreeProgress, watchProgress } from './tree-progress.ts';
import { queueTree, type TreeQueue } from './tree-queue.ts';
import type { LinesPart, TreeAnswer, TreeFinding, TreeRules, TreeTask } from './tree-task.ts';

export type TakeTreeOptions = {
  /** Where the file list is written; a new file. Without one it is only computed. */
  readonly listPath?: string;
  /** Hears of the lines of the list, in their order, as soon as they are known. What it throws ends the work. */
  readonly onLines?: (lines: TreeLines) => void;
  /** File of the stat cache; without one every file is read and nothing is remembered. */
  readonly cachePath?: string;
  /** Read every file, whatever the cache says; it is written anew. */
  readonly full?: boolean;
  /** Write the list even if nothing changed since the cache was written. */
  readonly listAnyway?: boolean;
  /** Globs of paths below the root that are left out. Folders of version control and our own are left out always. */
  readonly ignore?: readonly string[];
  /** Ends the work with a TreeTooLarge when more than so many files or bytes were read: what a tree is compared with tells how much is too much. */
  readonly most?: { readonly files: number; readonly bytes: number };
  /** Threads; 1 means the main thread only. Default: one per core, and more if they wait for the disk. */
  readonly jobs?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

/** A tree had more files or bytes than it was to have. */
export class TreeTooLarge extends Error {
  override readonly name = 'TreeTooLarge';
}

/** A tree of files at one moment. */
export type TakenTree = {
  readonly identity: TreeIdentity;
  /**
   * unchanged: nothing is different from the last time, so no list was written, and the identity is that of the last time.
   * written: the list lies at listPath, if there was one.
   */
  readonly list: { readonly kind: 'unchanged' } | ({ readonly kind: 'written' } & Omit<EmittedTree, 'identity'>);
  readonly findings: readonly TreeFinding[];
  /** Bytes that were read from files. */
  readonly readBytes: number;
};

/** Files that last changed within this time before a snapshot may have changed again unseen, within one tick of their file system's clock. Unit: ns. */
const TRUST_MARGIN_NS = 2_000_000_000n;

/**
 * Reads every file below a folder, or one file, and computes the identity of the tree: the file list and the digests over it. Reads
 * in threads, writes the list as it goes, and keeps no more in memory than what cannot be written yet. What cannot be read is a
 * finding and not in the list. Rejects if the list cannot be written (TL0003) or the signal aborts; the finished part is then
 * remembered in the cache.
 */
export const takeTree = async (root: string, options: TakeTreeOptions): Promise<TakenTree> => {
  const rules: TreeRules = { ignore: options.ignore ?? [], realRoot: realOf(root), device: localDevice(root) };
  const known = options.cachePath === undefined || options.full === true ? undefined : openStatCache(options.cachePath, rulesText(rules));
  try {
    return await take(root, rules, known, options);
  } finally {
    known?.close();
  }
};

const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** A root that is a file is taken as the only entry of its folder. */
const sourceOf = (root: string): TreeRoot => {
  if (statSync(root, { throwIfNoEntry: false })?.isFile() !== true) return { path: { path: root } };
  const link = lstatSync(root).isSymbolicLink() ? readlinkSync(root) : undefined;
  if ([root, link ?? root, realOf(root)].some(isSecretFile))
    throw new TrainlockError('TL0002', `${escapeControl(basename(root))} is a key file: key files are never stored nor hashed`, { where: root, fix: 'name the data without it' });
  return { path: { path: dirname(root) }, single: { name: { path: basename(root) }, kind: 'file', ...(link === undefined ? {} : { link }) } };
};

const rulesText = (rules: TreeRules): string => JSON.stringify({ ignore: rules.ignore, root: rules.realRoot });

/** What is written once it is known that something has. */
type Output = { readonly emission: TreeEmission; readonly finish: () => EmittedTree; readonly abandon: () => void; readonly cache: StatCacheWriter | undefined };

const take = async (root: string, rules: TreeRules, known: StatCache | undefined, options: TakeTreeOptions): Promise<TakenTree> => {
  const queue = queueTree({ ...sourceOf(root), rules, blocks: known?.blocks ?? new Map() });
  const progress = watchProgress({ path: root }, rules, options.onProgress);
  const trustedBeforeNs = BigInt(Date.now()) * 1_000_000n - TRUST_MARGIN_NS;
  const state = { files: 0, readBytes: 0, blocks: 0, output: undefined as Output | undefined };
  const openOutput = (): Output => (state.output ??= startOutput({ queue, rules, options, trustedBeforeNs }));
  if (known?.result === undefined || options.listAnyway === true || options.onLines !== undefined) openOutput();
  const accept = (answer: TreeAnswer, task: TreeTask): { readonly last: boolean } => {
    const { files, bytes } = countAnswer(answer, progress);
    state.files += files;
    state.readBytes += bytes;
    if (options.most !== undefined && (state.files > options.most.files || state.readBytes > options.most.bytes)) throw new TreeTooLarge();
    if (answer.kind === 'progress') return { last: false };
    const node = queue.accept(answer, task);
    if (node.state === 'same') state.blocks += 1;
    const isAsItWas = node.state === 'same' && answer.kind === 'same' && answer.inode === known?.inode;
    if (!isAsItWas) openOutput();
    state.output?.emission.advance();
    return { last: true };
  };
  try {
    await workOn(queue, accept, options);
    const output = state.output ?? (known!.result!.blocks === state.blocks ? undefined : openOutput());
    if (output === undefined) return { identity: known!.result!.identity, list: { kind: 'unchanged' }, findings: queue.findings(), readBytes: 0 };
    // A block that vanished from the cache meanwhile is work again.
    while (!output.emission.advance()) await workOn(queue, accept, options);
    const { identity, ...written } = output.finish();
    output.cache?.result(identity);
    output.cache?.finish();
    return { identity, list: { kind: 'written', ...written }, findings: queue.findings(), readBytes: state.readBytes };
  } catch (error) {
    state.output?.abandon();
    throw error;
  } finally {
    progress.end();
  }
};

/** Files that were met, and bytes that were read of them. */
type Counted = { readonly files: number; readonly bytes: number };

const countAnswer = (answer: TreeAnswer, progress: TreeProgress): Counted => {
  switch (answer.kind) {
    case 'progress':
      progress.add(0, answer.bytes);
      return { files: 0, bytes: answer.bytes };
    case 'same':
      progress.add(answer.count, answer.totalBytes);
      return { files: answer.count, bytes: 0 };
    case 'parts': {
      let [files, bytes] = [0, 0];
      for (const part of answer.parts) {
        if (part.kind !== 'lines') continue;
        progress.add(part.count, part.told === true ? 0 : part.totalBytes);
        files += part.count;
        bytes += part.told === true ? 0 : part.readBytes;
      }
      return { files, bytes };
    }
  }
};

type OutputNeeds = { readonly queue: TreeQueue; readonly rules: TreeRules; readonly options: TakeTreeOptions; readonly trustedBeforeNs: bigint };

const startOutput = ({ queue, rules, options, trustedBeforeNs }: OutputNeeds): Output => {
  const list = emitList(options.listPath);
  const forget = options.listPath === undefined ? undefined : markTemporary(options.listPath);
  const lines = (part: LinesPart): void => {
    list.lines(part);
    options.onLines?.(part);
  };
  const cache = options.cachePath === undefined ? undefined : writeStatCache(options.cachePath, rulesText(rules));
  const emission = emitTree(queue.root, { list: { ...list, lines }, cache, trustedBeforeNs, askAgain: queue.again, released: (_, bytes) => queue.release(bytes) });
  return {
    emission,
    finish: () => {
      const emitted = list.finish();
      forget?.();
      return emitted;
    },
    cache,
    abandon: () => {
      list.abandon();
      if (options.listPath !== undefined) rmSync(options.listPath, { force: true });
      forget?.();
      cache?.leave();
    },
  };
};

type Accept = (answer: TreeAnswer, task: TreeTask) => { readonly last: boolean };

const workOn = async (queue: TreeQueue, accept: Accept, options: TakeTreeOptions): Promise<void> => {
  options.signal?.throwIfAborted();
  const file = options.jobs === 1 ? undefined : workerFile();
  const buffer = new Uint8Array(PIECE_BYTES + 1);
  const work = (task: TreeTask): ReturnType<typeof doTreeTask> => doTreeTask(task, buffer, (bytes) => accept({ kind: 'progress', bytes }, task));
  if (file !== undefined && (await doFew(queue, { accept, work }))) return;
  const own = { work, isLong: ({ kind }: TreeTask): boolean => kind === 'big' };
  if (file !== undefined && (await runWorkers({ file, ...threadsFor(options.jobs), next: queue.next, accept, giveBack: queue.giveBack, signal: options.signal, own }))) return;
  for (let task = queue.next(); task !== undefined; task = queue.next()) {
    accept(await work(task), task);
    await setImmediate();
    options.signal?.throwIfAborted();
  }
};

type Work = { readonly accept: Accept; readonly work: (task: TreeTask) => ReturnType<typeof doTreeTask> };

/** So long the main thread works alone: starting threads takes longer. Unit: ms. */
const ALONE_MS = 15;

/** Does work in the main thread as long as there is little of it; true if that was all. */
const doFew = async (queue: TreeQueue, { accept, work }: Work): Promise<boolean> => {
  const until = performance.now() + ALONE_MS;
  for (let task = queue.next(); task !== undefined; task = queue.next()) {
    if (task.kind === 'big' || performance.now() > until || queue.size() > FEW_TASKS) {
      queue.giveBack(task);
      return false;
    }
    accept(await work(task), task);
  }
  return true;
};

/** More folders than this are work for threads. */
const FEW_TASKS = 8;
