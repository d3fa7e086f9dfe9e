import { stat } from 'node:fs/promises';
import { TrainlockError } from '#base';
import { shown } from './remote-errors.ts';
import type { ObjectFacts, Remote } from './remote.ts';

/** An object, and the file that holds it here or will hold it. */
export type TransferObject = ObjectFacts & {
  readonly name: string;
  readonly path: string;
  /** For a pull: it is here already, as this file or in another form. */
  readonly isHere?: boolean;
  /** Called when nothing more is done with the file, whatever became of the object. */
  readonly release?: () => Promise<void>;
};

export type TransferProgress = {
  /** Objects that are finished: moved, already there or failed. */
  readonly objects: number;
  /** Bytes that were moved or were there already. */
  readonly bytes: number;
};

export type TransferRequest = {
  /** push: from here to the remote; pull: from the remote to here. */
  readonly direction: 'push' | 'pull';
  readonly remote: Remote;
  readonly objects: Iterable<TransferObject> | AsyncIterable<TransferObject>;
  /** Objects that are moved at once. Default: 8. */
  readonly jobs?: number;
  readonly onProgress?: (progress: TransferProgress) => void;
  readonly signal?: AbortSignal;
};

/** What became of many objects. */
export type TransferResult = {
  readonly moved: number;
  readonly movedBytes: number;
  /** There already. */
  readonly present: number;
  readonly failures: readonly { readonly name: string; readonly error: TrainlockError }[];
  /** done: every object was tried. given-up: too many failed one after the other. stopped: the signal said so. */
  readonly end: 'done' | 'given-up' | 'stopped';
};

const DEFAULT_JOBS = 8;

/** So many failures in a row, without a success between them, mean that the remote itself is the fault: each further one would only cost its tries. */
const HOPELESS = 20;

/**
 * Moves many objects, several at a time. What is there already is not moved, so a second call continues a first one; a failure of
 * one object does not end the others and is told in the result. Never throws for what a remote or a file does.
 */
export const transferObjects = async (request: TransferRequest): Promise<TransferResult> => {
  const state = { moved: 0, movedBytes: 0, present: 0, bytes: 0, inARow: 0, end: 'done' as TransferResult['end'] };
  const failures: { name: string; error: TrainlockError }[] = [];
  const tell = (): void => request.onProgress?.({ objects: state.moved + state.present + failures.length, bytes: state.bytes });
  const one = async (object: TransferObject): Promise<void> => {
    let seen = 0;
    const onProgress = (bytes: number): void => {
      seen += bytes;
      state.bytes += bytes;
      tell();
    };
    try {
      const outcome = await moveOne(request, object, onProgress);
      state.inARow = 0;
      if (outcome === 'present') state.present += 1;
      else {
        state.moved += 1;
        state.movedBytes += object.sizeBytes;
      }
      state.bytes += object.sizeBytes - seen;
    } catch (error) {
      if (request.signal?.aborted === true) return;
      state.inARow += 1;
      state.bytes -= seen;
      failures.push({ name: object.name, error: asTrainlockError(error, object) });
    } finally {
      await object.release?.();
    }
    tell();
  };
  const next = await iterate(request.objects);
  const worker = async (): Promise<void> => {
    for (let step = await next(); step !== undefined; step = await next()) {
      if (request.signal?.aborted === true) state.end = 'stopped';
      else if (state.inARow >= HOPELESS) state.end = 'given-up';
      if (state.end !== 'done') return;
      await one(step);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, request.jobs ?? DEFAULT_JOBS) }, worker));
  if (request.signal?.aborted === true) state.end = 'stopped';
  const { moved, movedBytes, present, end } = state;
  return { moved, movedBytes, present, failures, end };
};

/** Steps through objects for several callers at once: an async iterator need not permit that. */
const iterate = async (objects: TransferRequest['objects']): Promise<() => Promise<TransferObject | undefined>> => {
  const iterator = Symbol.asyncIterator in objects ? objects[Symbol.asyncIterator]() : objects[Symbol.iterator]();
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const step = last.then(async () => {
      const { done, value } = await iterator.next();
      return done === true ? undefined : (value as TransferObject);
    });
    last = step.catch(() => undefined);
    return step;
  };
};

const moveOne = async ({ direction, remote, signal }: TransferRequest, object: TransferObject, onProgress: (bytes: number) => void): Promise<'moved' | 'present'> => {
  const { name, path, sha256, sizeBytes } = object;
  const options = { sha256, sizeBytes, onProgress, ...(signal === undefined ? {} : { signal }) };
  if (direction === 'push') return (await remote.putFile(name, path, options)) === 'sent' ? 'moved' : 'present';
  if (object.isHere === true) return 'present';
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true && found.size === sizeBytes) return 'present';
  await remote.getFile(name, path, options);
  return 'moved';
};

const asTrainlockError = (error: unknown, { name }: TransferObject): TrainlockError =>
  error instanceof TrainlockError ? error : new TrainlockError('TL0801', `${shown(name)} could not be moved`, { notes: [(error as Error).name], cause: error });
