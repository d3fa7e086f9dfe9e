import { setImmediate } from 'node:timers/promises';
import type { FileFacts } from './file-facts.ts';
import { hashFile, READ_BYTES } from './hash-file.ts';
import type { HashRun } from './hash-run.ts';

/** How long the main thread works before others get their turn. Unit: ms. */
const SLICE_MS = 10;

/** Hashes in the main thread, in slices, so that signals, timers and the output of a child are still served. */
export const hashInline = async (run: HashRun, indexes: readonly number[]): Promise<void> => {
  const buffer = new Uint8Array(bufferBytes(run, indexes));
  let sliceStart = performance.now();
  for (const index of indexes) {
    const steps = hashFile(run.paths[index]!, buffer, run.facts[index]);
    let step: IteratorResult<number, FileFacts> = steps.next();
    while (step.done !== true) {
      run.addBytes(step.value);
      if (performance.now() - sliceStart > SLICE_MS) {
        await setImmediate();
        sliceStart = performance.now();
        // Closes the open file.
        if (run.signal?.aborted === true) steps.return(undefined as never);
        run.signal?.throwIfAborted();
      }
      step = steps.next();
    }
    run.put(index, step.value);
  }
};

/** One file after another is hashed by many callers: a large buffer for a small file would cost more than its digest. */
const bufferBytes = ({ facts }: HashRun, indexes: readonly number[]): number =>
  indexes.reduce((most, index) => Math.max(most, Math.min(facts[index]?.sizeBytes ?? READ_BYTES, READ_BYTES)), 1);
