import { setImmediate } from 'node:timers/promises';
import type { FileFacts, FilePath } from './file-facts.ts';
import { hashInline } from './hash-inline.ts';
import { hashInPool } from './hash-pool.ts';
import { type HashOptions, type HashRun, startHashRun } from './hash-run.ts';
import { lookAtFile } from './look-at-file.ts';
import { threadsFor } from './waiting.ts';
import { workerFile } from './worker-file.ts';

/** Threads are started only above one of these: starting them costs tens of milliseconds. */
const POOL_FILES = 2_000;
const POOL_BYTES = 64 * 1024 * 1024;

/** Files looked at before others get their turn. */
const SLICE_FILES = 500;

/**
 * Facts and SHA-256 of files, in the order given. Reads every regular file once, in bounded memory; follows links and says so;
 * never opens devices, pipes and sockets. What cannot be read is a fact with its reason, not an error: rejects only when the
 * signal aborts.
 */
export const hashFiles = async (paths: readonly FilePath[], options: HashOptions = {}): Promise<readonly FileFacts[]> => {
  const run = startHashRun(paths, options);
  options.signal?.throwIfAborted();
  const all = Array.from(paths, (_, index) => index);
  const file = (options.jobs ?? 2) > 1 ? workerFile() : undefined;
  const pool = file === undefined ? undefined : { file, ...threadsFor(options.jobs) };
  if (pool !== undefined && paths.length > POOL_FILES) {
    await hashInline(run, await hashInPool(run, { indexes: all, big: [] }, pool));
    return complete(run);
  }
  const bytes = await lookAtAll(run);
  const files = all.filter((index) => run.facts[index]!.kind === 'file');
  for (const index of all) if (run.facts[index]!.kind !== 'file') run.put(index, run.facts[index]!);
  if (pool !== undefined && bytes > POOL_BYTES && files.length > 1) await hashInline(run, await hashInPool(run, { indexes: [], big: files }, pool));
  else await hashInline(run, files);
  return complete(run);
};

const complete = (run: HashRun): readonly FileFacts[] => run.facts as readonly FileFacts[];

/** Looks at every file; the sum of their sizes. */
const lookAtAll = async (run: HashRun): Promise<number> => {
  let bytes = 0;
  for (const [index, path] of run.paths.entries()) {
    const facts = lookAtFile(path);
    run.facts[index] = facts;
    if (facts.kind === 'file') bytes += facts.sizeBytes ?? 0;
    if (index % SLICE_FILES === SLICE_FILES - 1) await setImmediate();
    run.signal?.throwIfAborted();
  }
  return bytes;
};
