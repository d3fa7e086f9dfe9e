import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { TrainlockError } from '#base';
import { NEXT, type ReadAnswer, type ReadRequest } from './reader-message.ts';

/** Where the program of the thread may lie, seen from this file: compiled beside it, bundled beside it, or compiled from source. */
const PLACES = ['row-worker.js', 'row-worker.mjs', '../../../dist/content/tables/row-worker.js'];

/** Memory of JavaScript values that hostile bytes may make the thread take. Unit: MiB. */
const MOST_MEMORY_MIB = 2048;

/** A thread for readers of tables. It starts with the first request, and again after it was stopped. */
export type ReaderThread = {
  /**
   * Asks and hands every answer before the last to `onAnswer`, in order; the thread waits until a block is used up. Throws TL0002
   * with the problem in words if the file cannot be read, and the reason of the signal if it stops the reading.
   */
  readonly ask: (request: ReadRequest, onAnswer: (answer: ReadAnswer) => Promise<void> | void, signal?: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `scratch` is a folder for what a reader must lay down; whoever made it removes it, also after a reader was stopped. */
export const makeReaderThread = (scratch: string): ReaderThread => {
  let worker: Worker | undefined;
  let turn: Promise<void> = Promise.resolve();
  const close = async (): Promise<void> => {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  };
  const ask: ReaderThread['ask'] = (request, onAnswer, signal) => {
    const mine = turn.then(async () => {
      signal?.throwIfAborted();
      worker ??= startWorker(scratch);
      try {
        await exchange(worker, { request, onAnswer, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        // Whatever state the thread is in, the next file gets a new one.
        await close();
        throw error;
      }
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  return { ask, close };
};

const startWorker = (scratch: string): Worker => {
  const here = dirname(fileURLToPath(import.meta.url));
  const file = PLACES.map((place) => join(here, place)).find((path) => existsSync(path));
  if (file === undefined) throw new TrainlockError('TL0002', 'the reader of this format is not installed');
  const worker = new Worker(file, { execArgv: [], workerData: scratch, resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MIB }, stdout: true, stderr: true });
  // Libraries print what they think of a file; that is not for the terminal.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();
  return worker;
};

type Exchange = { readonly request: ReadRequest; readonly onAnswer: (answer: ReadAnswer) => Promise<void> | void; readonly signal?: AbortSignal };

const exchange = (worker: Worker, { request, onAnswer, signal }: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    let handling = Promise.resolve();
    const end = (settle: () => void): void => {
      signal?.removeEventListener('abort', onAbort);
      worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
      // A late error of a thread that is being ended says nothing.
      worker.on('error', () => undefined);
      worker.unref();
      settle();
    };
    const fail = (error: unknown): void => end(() => reject(error as Error));
    const onAbort = (): void => fail(signal!.reason);
    const take = async (answer: ReadAnswer): Promise<void> => {
      if (answer.kind === 'end') return end(resolve);
      if (answer.kind === 'problem') return fail(new TrainlockError('TL0002', answer.text));
      await onAnswer(answer);
      if (answer.kind === 'block') worker.postMessage(NEXT);
    };
    worker.ref();
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.removeAllListeners('error');
    worker.on('message', (answer: ReadAnswer) => (handling = handling.then(() => take(answer)).catch(fail)));
    worker.on('error', () => fail(new TrainlockError('TL0002', 'the reader of this format broke down over the file')));
    worker.on('exit', () => fail(new TrainlockError('TL0002', 'the reader of this format ended while it read the file')));
    worker.postMessage(request);
  });
