import { type BigIntStats, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { type FileName, nameOfBytes } from '#digest';
import type { FileFacts, FilePath } from './file-facts.ts';

/** A path for the system: its bytes where they are not text. */
export const systemPath = (file: FilePath): string | Buffer => (file.raw === undefined ? file.path : Buffer.from(file.raw, 'base64'));

/** Where a path really leads, as a name. Throws what the system says. For bytes only the system itself can be asked: Node.js takes them for UTF-8. */
export const realName = (file: FilePath): FileName =>
  file.raw === undefined ? { path: realpathSync(file.path) } : nameOfBytes(realpathSync.native(systemPath(file), { encoding: 'buffer' }));

/** Folders in which the kernel makes up files: reading them may have effects and what they say is not data. */
const KERNEL_FOLDERS = /^\/(proc|sys)\//;

const BIGINT = { bigint: true, throwIfNoEntry: false } as const;

/**
 * What the disk says about a path, without opening it: a device must never be opened to find out that it is one. Links are
 * followed and stated. Never throws.
 */
export const lookAtFile = (file: FilePath): FileFacts => {
  const path = systemPath(file);
  try {
    const own = lstatSync(path, BIGINT);
    if (own === undefined) return { ...file, kind: 'absent' };
    if (!own.isSymbolicLink()) return factsOf(file, own);
    const linked = { ...file, link: readlinkSync(path) };
    const target = statSync(path, BIGINT);
    return target === undefined ? { ...linked, kind: 'absent', reason: 'the link leads to nothing' } : factsOf(linked, target);
  } catch (error) {
    return { ...file, ...failureFacts(error) };
  }
};

const PERMISSIONS = 0o7777n;

/** One object literal: this runs once per file of a data set. */
const factsOf = (file: FilePath & Pick<FileFacts, 'link'>, stats: BigIntStats): FileFacts => {
  const special = stats.isFile() ? madeUp(file.path) : specialReason(stats);
  const facts: FileFacts = {
    path: file.path,
    kind: special !== undefined ? 'special' : stats.isFile() ? 'file' : 'folder',
    sizeBytes: Number(stats.size),
    mtimeNs: stats.mtimeNs.toString(),
    ctimeNs: stats.ctimeNs.toString(),
    inode: stats.ino.toString(),
    device: stats.dev.toString(),
    mode: (stats.mode & PERMISSIONS).toString(8).padStart(4, '0'),
  };
  if (file.raw === undefined && file.link === undefined && special === undefined) return facts;
  return { ...facts, ...file, ...(special === undefined ? {} : { reason: special }) };
};

const madeUp = (path: string): string | undefined => (KERNEL_FOLDERS.test(path) ? 'made up by the kernel' : undefined);

const specialReason = (stats: BigIntStats): string | undefined => {
  if (stats.isDirectory()) return undefined;
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
};

/** A failed look or read as facts: nothing there, or there and not readable. */
export const failureFacts = (error: unknown): Pick<FileFacts, 'kind' | 'reason'> => {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'absent' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unreadable', reason: 'no permission' };
    case 'ELOOP':
      return { kind: 'unreadable', reason: 'too many links' };
    case 'ENAMETOOLONG':
      return { kind: 'unreadable', reason: 'the path is too long' };
    default:
      return { kind: 'unreadable', reason: code };
  }
};
