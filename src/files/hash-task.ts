import type { FileFacts, FilePath } from './file-facts.ts';
import { hashFile } from './hash-file.ts';
import { packFacts, type Packed, unpackPaths } from './hash-message.ts';
import { lookAtFile } from './look-at-file.ts';

/**
 * A piece of hashing work. batch: files of unknown size; big ones among them are only looked at and handed back, so that they
 * can be started largest first. file: one file that was looked at before.
 */
export type HashTask =
  | { readonly kind: 'batch'; readonly from: number; readonly paths: Packed<FilePath> }
  | { readonly kind: 'file'; readonly at: number; readonly seen: FileFacts };

export type HashDone = {
  readonly kind: 'done';
  /** In the order of the task. */
  readonly facts: Packed<FileFacts>;
  /** Positions in the task that still need a digest. */
  readonly big: readonly number[];
  /** Read since the last progress. */
  readonly bytes: number;
};

export type HashAnswer = { readonly kind: 'progress'; readonly bytes: number } | HashDone;

/** From this size on a file is a task of its own. Unit: byte. */
const BIG_BYTES = 8 * 1024 * 1024;

/** Progress is told after so much. Unit: byte. */
const PROGRESS_BYTES = 32 * 1024 * 1024;

/** Does a task to its end without pause; `tell` hears of progress in large steps. */
export const doHashTask = (task: HashTask, buffer: Uint8Array, tell: (bytes: number) => void): HashDone => {
  let bytes = 0;
  const hash = (file: FilePath, seen: FileFacts): FileFacts => {
    const steps = hashFile(file, buffer, seen);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) return step.value;
      bytes += step.value;
      if (bytes < PROGRESS_BYTES) continue;
      tell(bytes);
      bytes = 0;
    }
  };
  const big: number[] = [];
  if (task.kind === 'file') return { kind: 'done', facts: packFacts([hash(task.seen, task.seen)]), big, bytes };
  const facts = unpackPaths(task.paths).map((file, position) => {
    const seen = lookAtFile(file);
    if (seen.kind !== 'file' || seen.sizeBytes! < BIG_BYTES) return hash(file, seen);
    big.push(position);
    return seen;
  });
  return { kind: 'done', facts: packFacts(facts), big, bytes };
};
