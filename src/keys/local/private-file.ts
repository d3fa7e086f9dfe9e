import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { escapeControl, formatBytes, shellWord, TrainlockError } from '#base';
import { LARGEST } from './read-private-key.ts';

/**
 * The bytes of the file of a secret, of at most 64 KiB. Symbolic links are followed, as for secrets that are mounted. Throws TL1101 if
 * it is not there, TL1102 if it is not a regular file, is too large, or can be read by the group or others: somebody may have read it.
 */
export const readPrivateFile = async (path: string, what: 'private key' | 'passphrase'): Promise<Uint8Array> => {
  const file = await openFile(path, what);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw notUsable(path, facts.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    if (facts.size > LARGEST) throw notUsable(path, `it has ${formatBytes(facts.size)}; a ${what} has at most 64 KiB`);
    // One byte more than allowed: the file may have grown.
    const buffer = Buffer.alloc(LARGEST + 1);
    const bytes = buffer.subarray(0, await fill(file, buffer));
    if (bytes.length > LARGEST) throw notUsable(path, 'it is larger than 64 KiB');
    if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0 && !isPublic(bytes)) {
      throw new TrainlockError('TL1102', `other users can read ${escapeControl(path)} (mode ${(facts.mode & 0o777).toString(8).padStart(4, '0')})`, {
        where: path,
        notes: [`a ${what} is for one user alone; if somebody may have read it already, take a new one`],
        fix: `chmod 600 ${shellWord(path)}`,
      });
    }
    return bytes;
  } catch (error) {
    throw error instanceof TrainlockError ? error : notUsable(path, `the system said ${(error as NodeJS.ErrnoException).code}`, error);
  } finally {
    await file.close();
  }
};

/** A public key that was named by mistake: that is what the person should hear, not that others can read it. */
const isPublic = (bytes: Buffer): boolean => /-----BEGIN (PUBLIC KEY|CERTIFICATE)-----/.test(bytes.toString('latin1')) && !bytes.includes('PRIVATE KEY');

type File = Awaited<ReturnType<typeof open>>;

const openFile = async (path: string, what: 'private key' | 'passphrase'): Promise<File> => {
  try {
    // Without waiting: a pipe of that name cannot hold us up.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new TrainlockError('TL1101', `there is no ${what} at ${escapeControl(path)}`, {
        where: path,
        notes: ['the file does not exist'],
        fix: 'trainlock keys list',
        cause: error,
      });
    }
    throw notUsable(path, code === 'EACCES' ? 'no permission' : `the system said ${code ?? 'nothing'}`, error);
  }
};

const fill = async (file: File, buffer: Buffer): Promise<number> => {
  for (let filled = 0; ;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === buffer.length) return filled;
  }
};

const notUsable = (path: string, reason: string, cause?: unknown): TrainlockError =>
  new TrainlockError('TL1102', `cannot read ${escapeControl(path)}: ${reason}`, { where: path, cause, fix: `ls -la ${shellWord(path)}` });
