import { relative, resolve } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { fromUtf8, utf8 } from '#base';
import { readBoundedIfThere, writeAtomic } from '#files';

/** A lock that is to be written: over nothing, over the same, or over something else. */
export type LockWrite = {
  readonly path: string;
  readonly text: string;
  readonly over: 'nothing' | 'same' | 'other';
  /** Unified diff, for something else. */ readonly patch?: string;
};

const MAX_LOCK = 16 * 1024 * 1024;

/** Looks at what lies where a lock is to be written. Throws TL0002 if that cannot be read. */
export const planLockWrite = async (file: string, lock: string, workingDirectory: string): Promise<LockWrite> => {
  const [path, text] = [resolve(workingDirectory, file), `${lock}\n`];
  const bytes = await readBoundedIfThere(path, MAX_LOCK);
  if (bytes === undefined) return { path, text, over: 'nothing' };
  const before = fromUtf8(bytes) ?? Buffer.from(bytes).toString('latin1');
  if (before === text) return { path, text, over: 'same' };
  const name = relative(workingDirectory, path);
  return { path, text, over: 'other', patch: createTwoFilesPatch(`a/${name}`, `b/${name}`, before, text, '', '', { context: 1 }).trimEnd() };
};

/** Throws TL0003. */
export const writeLock = async ({ path, text, over }: LockWrite): Promise<void> => {
  if (over !== 'same') await writeAtomic(path, utf8(text));
};
