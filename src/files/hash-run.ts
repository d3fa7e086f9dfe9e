import { performance } from 'node:perf_hooks';
import type { FileFacts, FilePath } from './file-facts.ts';
import { lookAtFile } from './look-at-file.ts';

/** How far a hashing is. */
export type HashProgress = {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  /** Of all files that are there now. Unit: byte. */
  readonly totalBytes: number;
  /** False as long as the totals are not known yet. Default: true. */
  readonly counted?: boolean;
};

/** Hears of long work. */
export type OnProgress = (done: HashProgress) => void;

export type HashOptions = {
  /** Threads that read and hash; 1 means the main thread only. Default: one per core, and more if they wait for the disk. */
  readonly jobs?: number;
  readonly onProgress?: OnProgress;
  /** Default 100; nothing is told in the first ten times as long. Unit: millisecond. */
  readonly progressEveryMs?: number;
  /** Stops the work; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
};

/** The state of one hashing: what was asked, and the facts as they come in. */
export type HashRun = {
  readonly paths: readonly FilePath[];
  /** By position in paths. A fact without a digest was only looked at. */
  readonly facts: (FileFacts | undefined)[];
  readonly signal: AbortSignal | undefined;
  readonly put: (index: number, facts: FileFacts) => void;
  readonly addBytes: (bytes: number) => void;
};

export const startHashRun = (paths: readonly FilePath[], options: HashOptions): HashRun => {
  const facts: (FileFacts | undefined)[] = Array.from({ length: paths.length });
  let files = 0;
  let bytes = 0;
  let totalBytes: number | undefined;
  const everyMs = options.progressEveryMs ?? 100;
  let toldMs = performance.now() + 9 * everyMs;
  const tell = (): void => {
    if (options.onProgress === undefined || performance.now() - toldMs < everyMs) return;
    totalBytes ??= sizeOf(paths);
    toldMs = performance.now();
    options.onProgress({ files, totalFiles: paths.length, bytes, totalBytes });
  };
  return {
    paths,
    facts,
    signal: options.signal,
    put: (index, fact) => {
      facts[index] = fact;
      files += 1;
      tell();
    },
    addBytes: (more) => {
      bytes += more;
      tell();
    },
  };
};

/** Asked only when a work has proven long: looking at a hundred thousand files takes half as long as hashing them. */
const sizeOf = (paths: readonly FilePath[]): number =>
  paths.reduce((sum, path) => {
    const facts = lookAtFile(path);
    return sum + (facts.kind === 'file' ? (facts.sizeBytes ?? 0) : 0);
  }, 0);
