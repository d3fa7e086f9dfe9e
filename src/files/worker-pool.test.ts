import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runWorkers, type WorkerPool } from './worker-pool.ts';

type Task = { readonly id: number; readonly isLong?: boolean; readonly dies?: boolean };
type Answer = { readonly by: 'this' | 'other'; readonly id: number };

/** A thread that answers each task, and ends without an answer where a task says so. */
const PROGRAM = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ id, dies, isLong }) => {
  if (dies) process.exit(1);
  if (isLong) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
  parentPort.postMessage({ by: 'other', id });
});
`;

const program = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-pool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'worker.mjs'), PROGRAM);
  return join(folder, 'worker.mjs');
};

const OWN = {
  work: async ({ id }: Task): Promise<Answer> => {
    await setTimeout(1);
    return { by: 'this', id };
  },
  isLong: ({ isLong }: Task): boolean => isLong === true,
};

/** Runs tasks and tells who did which; a task that killed its thread does not kill the next. */
const run = async (tasks: readonly Task[], pool: Partial<WorkerPool<Task, Answer>> = {}) => {
  const waiting = [...tasks];
  const done: Answer[] = [];
  const ended = await runWorkers<Task, Answer>({
    file: program(),
    jobs: 2,
    next: () => waiting.shift(),
    giveBack: ({ id, isLong }) => waiting.unshift({ id, ...(isLong === true ? { isLong } : {}) }),
    accept: (answer) => {
      done.push(answer);
      return { last: true };
    },
    signal: undefined,
    ...pool,
  });
  return { ended, done, left: waiting };
};

const many = (count: number, more: (id: number) => Partial<Task> = () => ({})): readonly Task[] => Array.from({ length: count }, (_, id) => ({ id, ...more(id) }));

const ids = (answers: readonly Answer[]): readonly number[] => answers.map(({ id }) => id).sort((a, b) => a - b);

describe('runWorkers', () => {
  it.each([
    ['other threads', {}],
    ['this thread too', { own: OWN }],
  ])('does every task once: %s', async (_, pool) => {
    const { ended, done } = await run(many(300), pool);
    expect([ended, ids(done)]).toEqual([true, many(300).map(({ id }) => id)]);
  });

  it('works in this thread from the start, and in others when they are there', async () => {
    const { done } = await run(many(300), { own: OWN });
    expect(done[0]!.by).toBe('this');
    expect(new Set(done.map(({ by }) => by))).toEqual(new Set(['this', 'other']));
  });

  it('leaves long tasks to other threads, several at once', async () => {
    const { done } = await run(
      many(40, (id) => ({ isLong: id % 2 === 0 })),
      { own: OWN },
    );
    expect(ids(done)).toHaveLength(40);
    expect(done.filter(({ by, id }) => by === 'this' && id % 2 === 0)).toEqual([]);
    const onlyLong = await run(
      many(6, () => ({ isLong: true })),
      { own: OWN },
    );
    expect(ids(onlyLong.done)).toHaveLength(6);
  });

  it('gives back what a thread had that died, and ends without threads only if there is nobody left', async () => {
    const dying = many(20, (id) => ({ dies: id === 3 || id === 4 }));
    const without = await run(dying);
    expect(ids(without.done).length + without.left.length).toBe(20);
    expect(without.ended).toBe(without.left.length === 0);
    const own = await run(
      many(20, () => ({ dies: true, isLong: true })),
      { own: OWN, jobs: 2 },
    );
    expect([own.ended, ids(own.done).length]).toEqual([true, 20]);
  });

  it('rejects with what the hearer of answers throws, and with the reason of the signal', async () => {
    const accept = (): never => {
      throw new Error('full');
    };
    await expect(run(many(5), { accept, own: OWN })).rejects.toThrow('full');
    const stop = new AbortController();
    const running = run(
      many(1000, () => ({ isLong: true })),
      { own: OWN, signal: stop.signal },
    );
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
