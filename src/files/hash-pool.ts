import type { HashRun } from './hash-run.ts';
import { packPaths, unpackFacts } from './hash-message.ts';
import type { HashAnswer, HashDone, HashTask } from './hash-task.ts';
import { runWorkers } from './worker-pool.ts';

/** Paths of one batch: large enough that messages cost nothing, small enough that threads end together. */
const BATCH = 256;

/** Work that is still to be handed out. */
type Queue = {
  /** The next task; undefined if nothing is left to hand out now. */
  readonly next: () => HashTask | undefined;
  /** Gives a task back that a thread did not finish. */
  readonly giveBack: (task: HashTask) => void;
  readonly addBig: (index: number) => void;
};

/** Tasks in this order: given back, big files from the largest, batches. */
const queueOf = (run: HashRun, indexes: readonly number[]): Queue => {
  const returned: HashTask[] = [];
  const big: number[] = [];
  let sorted = true;
  let at = 0;
  const size = (index: number): number => run.facts[index]?.sizeBytes ?? 0;
  const nextBig = (): HashTask | undefined => {
    if (!sorted) big.sort((a, b) => size(a) - size(b));
    sorted = true;
    const index = big.pop();
    return index === undefined ? undefined : { kind: 'file', at: index, seen: run.facts[index]! };
  };
  const nextBatch = (): HashTask | undefined => {
    if (at >= indexes.length) return undefined;
    const task: HashTask = { kind: 'batch', from: at, paths: packPaths(indexes.slice(at, at + BATCH).map((index) => run.paths[index]!)) };
    at += BATCH;
    return task;
  };
  return {
    next: () => returned.pop() ?? nextBig() ?? nextBatch(),
    giveBack: (task) => returned.push(task),
    addBig: (index) => {
      big.push(index);
      sorted = false;
    },
  };
};

type Work = {
  /** Positions that nobody looked at. */
  readonly indexes: readonly number[];
  /** Positions that were looked at and need a digest. */
  readonly big: readonly number[];
};

type Pool = { readonly file: string; readonly jobs: number; readonly most: number };

/**
 * Hashes with threads. Positions in `big` were looked at already and are started largest first; those in `indexes` are looked at
 * by the threads. If threads cannot be started or die, the positions they leave undone are returned, for the main thread.
 */
export const hashInPool = async (run: HashRun, work: Work, pool: Pool): Promise<readonly number[]> => {
  const queue = queueOf(run, work.indexes);
  for (const index of work.big) queue.addBig(index);
  const accept = (task: HashTask, answer: HashDone): void => {
    const indexes = task.kind === 'file' ? [task.at] : work.indexes.slice(task.from, task.from + BATCH);
    const facts = unpackFacts(
      answer.facts,
      indexes.map((index) => run.paths[index]!),
    );
    const big = new Set(answer.big);
    for (const [position, index] of indexes.entries()) {
      if (!big.has(position)) run.put(index, facts[position]!);
      else {
        run.facts[index] = facts[position];
        queue.addBig(index);
      }
    }
  };
  const heard = (answer: HashAnswer, task: HashTask): { readonly last: boolean } => {
    run.addBytes(answer.bytes);
    if (answer.kind === 'progress') return { last: false };
    accept(task, answer);
    return { last: true };
  };
  const tasks = Math.ceil(work.indexes.length / BATCH) + work.big.length;
  const jobs = Math.min(pool.jobs, tasks);
  const done = jobs === 0 || (await runWorkers<HashTask, HashAnswer>({ ...queue, file: pool.file, jobs, most: Math.min(pool.most, tasks), accept: heard, signal: run.signal }));
  return done ? [] : undone(run, work);
};

const undone = (run: HashRun, work: Work): readonly number[] =>
  [...work.indexes, ...work.big].filter((index) => {
    const facts = run.facts[index];
    return facts === undefined || (facts.kind === 'file' && facts.sha256 === undefined);
  });
