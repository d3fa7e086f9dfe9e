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
  /** Gets a task back that nobody does now. */
  readonly giveBack: (task: Task) => void;
  readonly signal: AbortSignal | undefined;
  /** If the main thread is one of the threads: it works from the start, while the others are being started. */
  readonly own?: OwnWork<Task, Answer>;
};

export type OwnWork<Task, Answer> = {
  readonly work: (task: Task) => Promise<Answer>;
  /** Tasks that would keep the main thread from everything else for long; and behind which no other task may wait. */
  readonly isLong: (task: Task) => boolean;
};

/** One who works: another thread, or this one. */
type Seat<Task> = {
  readonly worker: Worker | undefined;
  readonly post: (task: Task) => void;
  /** What it has been given, in the order in which it answers. */
  readonly tasks: Task[];
  /** It gets nothing any more. */
  isRetired: boolean;
};

/** Tasks that another thread has at the same time: while this one works, nobody hands out the next. */
const AHEAD = 2;

/**
 * Runs threads until nothing is left to do. False if the last thread died before: what is undone is for the main thread. Rejects
 * with the reason of the signal, or with what accept throws.
 */
export const runWorkers = <Task, Answer>(pool: WorkerPool<Task, Answer>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const seats = new Set<Seat<Task>>();
    const feed = makeFeed(pool, seats);
    let [ended, started] = [false, 0];
    const end = (settle: () => void): void => {
      ended = true;
      growth.end();
      pool.signal?.removeEventListener('abort', onAbort);
      for (const { worker } of seats) if (worker !== undefined) endWorker(worker);
      settle();
    };
    const onAbort = (): void => end(() => reject(pool.signal!.reason as Error));
    const feedAll = (): void => {
      if (ended) return;
      let wanted = 0;
      for (let fed = true; fed;) {
        const given = [...seats].map(feed);
        fed = given.includes('given');
        wanted = given.filter((one) => one === 'too-long').length;
      }
      // As many as were asked for, and none for one that died: what killed it may kill the next.
      if (wanted > 0 && started < pool.jobs) start(1);
      else if ([...seats].every(({ tasks }) => tasks.length === 0)) end(() => resolve(seats.size > 0));
    };
    const hearing: Hearing<Task, Answer> = {
      onAnswer: (seat, answer) => {
        if (ended) return;
        try {
          if (!pool.accept(answer, seat.tasks[0]!).last) return;
        } catch (error) {
          return end(() => reject(error as Error));
        }
        seat.tasks.shift();
        // What one found may be work for those that wait, too.
        feedAll();
      },
      onDeath: (seat) => {
        if (!seats.delete(seat)) return;
        for (const task of seat.tasks) pool.giveBack(task);
        feedAll();
      },
      onFault: (error) => end(() => reject(error)),
    };
    const start = (count: number): void => {
      for (let i = 0; i < count; i += 1) if (!addThread(seats, pool.file, hearing)) growth.end();
      started += count;
      feedAll();
    };
    pool.signal?.addEventListener('abort', onAbort, { once: true });
    const more = (): number =>
      [...seats].some(({ worker, tasks }) => worker !== undefined && tasks.length === 0) ? 0 : Math.min(seats.size, (pool.most ?? pool.jobs) - seats.size);
    const grow = (): void => {
      // Who waits for a disk is no help, and this one would keep people waiting who want to stop the work.
      for (const seat of seats) seat.isRetired = seat.worker === undefined && threadsOf(seats) > 0;
      start(more());
    };
    const growth = whenWaiting(() => ({ threads: seats.size, more: grow }));
    if (pool.own !== undefined) seats.add(thisThread(pool.own, hearing));
    start(Math.max(1, pool.jobs - seats.size));
  });

const threadsOf = <Task>(seats: ReadonlySet<Seat<Task>>): number => [...seats].filter(({ worker }) => worker !== undefined).length;

/** Gives a seat one task more, if it may have one; or says that there is only one that is too long for this thread. */
const makeFeed =
  <Task, Answer>({ own, next, giveBack }: WorkerPool<Task, Answer>, seats: ReadonlySet<Seat<Task>>) =>
  (seat: Seat<Task>): 'given' | 'nothing' | 'too-long' => {
    const { worker, tasks } = seat;
    if (seat.isRetired && threadsOf(seats) > 0) return 'nothing';
    const isBusy = tasks.length > 0;
    const isFull = tasks.length >= (own === undefined || worker === undefined ? 1 : AHEAD) || (isBusy && own!.isLong(tasks[0]!));
    const task = isFull ? undefined : next();
    if (task === undefined) return 'nothing';
    if (own?.isLong(task) === true && (isBusy || (worker === undefined && threadsOf(seats) > 0))) {
      giveBack(task);
      return isBusy ? 'nothing' : 'too-long';
    }
    tasks.push(task);
    seat.post(task);
    return 'given';
  };

type Hearing<Task, Answer> = {
  readonly onAnswer: (seat: Seat<Task>, answer: Answer) => void;
  readonly onDeath: (seat: Seat<Task>) => void;
  readonly onFault: (error: Error) => void;
};

/** Between two tasks the answers of the others are heard. */
const thisThread = <Task, Answer>({ work }: OwnWork<Task, Answer>, { onAnswer, onFault }: Hearing<Task, Answer>): Seat<Task> => {
  const seat: Seat<Task> = {
    worker: undefined,
    tasks: [],
    isRetired: false,
    post: (task) => void setImmediate(() => void work(task).then((answer) => onAnswer(seat, answer), onFault)),
  };
  return seat;
};

/** False if the system gives no thread more: those that are there go on. */
const addThread = <Task, Answer>(seats: Set<Seat<Task>>, file: string, hearing: Hearing<Task, Answer>): boolean => {
  try {
    seats.add(otherThread(file, hearing));
    return true;
  } catch {
    return false;
  }
};

const otherThread = <Task, Answer>(file: string, { onAnswer, onDeath }: Hearing<Task, Answer>): Seat<Task> => {
  const worker = new Worker(file, { execArgv: [] });
  const seat: Seat<Task> = { worker, tasks: [], isRetired: false, post: (task) => worker.postMessage(task) };
  worker.on('message', (answer: Answer) => onAnswer(seat, answer));
  worker.on('error', () => onDeath(seat));
  worker.on('exit', () => onDeath(seat));
  return seat;
};

const endWorker = (worker: Worker): void => {
  worker.removeAllListeners();
  // A late error of a thread that is being ended says nothing.
  worker.on('error', () => undefined);
  void worker.terminate();
};
