import type { FileFacts, FilePath } from './file-facts.ts';

export type HashOptions = {
  /** Threads that read and hash; 1 means the main thread only. Default: the number of CPUs, at least 2 and at most 8. */
  readonly jobs?: number;
  /** Hears how many files and bytes are done. */
  readonly onProgress?: (done: { readonly files: number; readonly bytes: number }) => void;
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
  return {
    paths,
    facts,
    signal: options.signal,
    put: (index, fact) => {
      facts[index] = fact;
      files += 1;
      options.onProgress?.({ files, bytes });
    },
    addBytes: (more) => {
      bytes += more;
    },
  };
};
