import { Worker } from 'node:worker_threads';
import { whenWaiting } from './waiting.ts';

export type WorkerPool<Task, Answer> = {
  /** Program of the threads. */
  readonly file: string;
  /** Threads to begin with. */
  readonly jobs: number;
  /** So many there may be if they turn out to wait more than they compute. Default: `jobs`. */
  readonly most?: number;
  /** The next task; undefined if nothing is left to hand out now: what is still being worked on may bring more. */
  readonly next: () => Task | undefined;
  /** Hears of each answer; `last` tells that it ends its task. */
  readonly accept: (answer: Answer, task: Task) => { readonly last: boolean };
  /** Gets a task back whose thread died. */
  readonly giveBack: (task: Task) => void;
  readonly signal: AbortSignal | undefined;
};

/**
 * Runs threads until nothing is left to do. False if the last thread died before: what is undone is for the main thread. Rejects
 * with the reason of the signal, or with what accept throws.
 */
export const runWorkers = <Task, Answer>(pool: WorkerPool<Task, Answer>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const working = new Map<Worker, Task>();
    const idle = new Set<Worker>();
    const alive = new Set<Worker>();
    let ended = false;
    const end = (settle: () => void): void => {
      ended = true;
      growth.end();
      pool.signal?.removeEventListener('abort', onAbort);
      for (const worker of alive) endWorker(worker);
      settle();
    };
    const onAbort = (): void => end(() => reject(pool.signal!.reason as Error));
    const feed = (worker: Worker): void => {
      if (ended) return;
      const task = pool.next();
      if (task === undefined) {
        idle.add(worker);
        return working.size === 0 ? end(() => resolve(true)) : undefined;
      }
      idle.delete(worker);
      working.set(worker, task);
      worker.postMessage(task);
    };
    const feedIdle = (): void => {
      for (const waiting of Array.from(idle)) feed(waiting);
    };
    const onAnswer = (worker: Worker, answer: Answer): void => {
      try {
        if (!pool.accept(answer, working.get(worker)!).last) return;
      } catch (error) {
        return end(() => reject(error as Error));
      }
      working.delete(worker);
      // What one thread found may be work for those that wait, too.
      idle.add(worker);
      feedIdle();
    };
    const onDeath = (worker: Worker): void => {
      if (!alive.delete(worker)) return;
      const task = working.get(worker);
      if (task !== undefined) pool.giveBack(task);
      working.delete(worker);
      idle.delete(worker);
      if (alive.size === 0) end(() => resolve(false));
      else feedIdle();
    };
    pool.signal?.addEventListener('abort', onAbort, { once: true });
    const start = (count: number): void => {
      for (let i = 0; i < count && !ended; i += 1) {
        const worker = startWorker<Answer>(pool.file, { onAnswer, onDeath });
        alive.add(worker);
        feed(worker);
      }
    };
    const more = (): number => (idle.size > 0 ? 0 : Math.min(alive.size, (pool.most ?? pool.jobs) - alive.size));
    const growth = whenWaiting(() => ({ threads: alive.size, more: () => start(more()) }));
    start(pool.jobs);
  });

type Hearing<Answer> = { readonly onAnswer: (worker: Worker, answer: Answer) => void; readonly onDeath: (worker: Worker) => void };

const startWorker = <Answer>(file: string, { onAnswer, onDeath }: Hearing<Answer>): Worker => {
  const worker = new Worker(file, { execArgv: [] });
  worker.on('message', (answer: Answer) => onAnswer(worker, answer));
  worker.on('error', () => onDeath(worker));
  worker.on('exit', () => onDeath(worker));
  return worker;
};

const endWorker = (worker: Worker): void => {
  worker.removeAllListeners();
  // A late error of a thread that is being ended says nothing.
  worker.on('error', () => undefined);
  void worker.terminate();
};
