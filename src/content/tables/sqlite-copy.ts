import { constants, copyFileSync, existsSync, mkdtempSync, openSync, closeSync, readSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { TrainlockError } from '#base';

/** Path under which a database can be opened, without anything being written beside the real one. */
export type OpenableDatabase = {
  readonly path: string;
  /** Whether it is a copy, which may be written to. */
  readonly isCopy: boolean;
  readonly remove: () => void;
};

/** First bytes of every database. Source: SQLite, Database File Format, section 1.3. */
const MAGIC = 'SQLite format 3\0';

/**
 * Makes a database openable: locks are laid down beside the path that is opened, so it is opened through a link in a folder below
 * `scratch`. One with a write-ahead log needs memory shared between processes, which the library lacks: it is copied with its log.
 * Throws TL0002 if it is no database, or if a transaction was cut off that only its own program may roll back.
 */
export const openableDatabase = (path: string, scratch: string): OpenableDatabase => {
  const head = headOf(path);
  if (head.toString('latin1', 0, 16) !== MAGIC) throw new TrainlockError('TL0002', 'it is not an SQLite database');
  if (hasBytes(`${path}-journal`)) throw new TrainlockError('TL0002', 'a transaction on it is not finished: open it once with its own program');
  const folder = mkdtempSync(join(scratch, 'sqlite-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const own = join(folder, 'data.db');
  try {
    const usesLog = head[18] === 2;
    if (!usesLog) symlinkSync(path, own);
    else {
      copyFileSync(path, own, constants.COPYFILE_FICLONE);
      if (hasBytes(`${path}-wal`)) copyFileSync(`${path}-wal`, `${own}-wal`, constants.COPYFILE_FICLONE);
    }
    return { path: own, isCopy: usesLog, remove };
  } catch (error) {
    remove();
    throw new TrainlockError('TL0002', `it cannot be copied for reading: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { cause: error });
  }
};

const headOf = (path: string): Buffer => {
  const bytes = Buffer.alloc(100);
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, 100, 0));
  } finally {
    closeSync(file);
  }
};

const hasBytes = (path: string): boolean => existsSync(path) && statSync(path).size > 0;
