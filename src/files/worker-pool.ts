import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { areWaiting, usageOf } from './waiting.ts';

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
      clearInterval(growth);
      pool.signal?.removeEventListener('abort', onAbort);
      for (const worker of alive) endWorker(worker);
      settle();
    };
    const onAbort = (): void => end(() => reject(pool.signal!.reason as Error));
    const feed = (worker: Worker): void => {
      if (ended) return;
      const task = pool.next();
      if (task !== undefined) {
        idle.delete(worker);
        working.set(worker, task);
        worker.postMessage(task);
        return;
      }
      idle.add(worker);
      if (working.size === 0) end(() => resolve(true));
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
      feed(worker);
      // What one thread found may be work for those that wait.
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
        const worker = new Worker(pool.file, { execArgv: [] });
        alive.add(worker);
        worker.on('message', (answer: Answer) => onAnswer(worker, answer));
        worker.on('error', () => onDeath(worker));
        worker.on('exit', () => onDeath(worker));
        feed(worker);
      }
    };
    let usage = usageOf();
    const grow = (): void => {
      const [before, threads] = [usage, alive.size];
      usage = usageOf();
      if (idle.size === 0 && areWaiting(before, usage, { threads, cores: availableParallelism() })) start(Math.min(threads, (pool.most ?? pool.jobs) - threads));
    };
    const growth = setInterval(grow, GROWTH_MS).unref();
    start(pool.jobs);
  });

/** How often it is asked whether more threads are of use. Unit: ms. */
const GROWTH_MS = 250;

const endWorker = (worker: Worker): void => {
  worker.removeAllListeners();
  // A late error of a thread that is being ended says nothing.
  worker.on('error', () => undefined);
  void worker.terminate();
};
