import { TrainlockError } from '#base';
import { notWritable } from '#files';
import type { Downloaded, DownloadOptions } from './download-options.ts';
import { type Progress, restart, startOf, takeUp } from './download-progress.ts';
import type { DownloadSource } from './download-source.ts';
import { PartialFile } from './partial-file.ts';
import { receiveBody, type Receiving } from './receive-body.ts';
import { differs, shown, sizeReason, unavailable } from './remote-errors.ts';
import { DEFAULT_RETRY, Interrupted, withRetries } from './retry.ts';

/**
 * Brings bytes from a source to a path: into a part beside it, continued where an earlier try or process stopped, verified,
 * synced, renamed. The path holds the whole content or what it held before. Throws TL0801 to TL0804, TL0003.
 */
export const downloadTo = async (path: string, source: DownloadSource, options: DownloadOptions = {}): Promise<Downloaded> => {
  const partial = await PartialFile.claim(path, options.expect?.sha256 ?? `${source.place} ${path}`, options.expect?.sizeBytes).catch((error: unknown) => {
    throw notWritable(path, error);
  });
  const progress = startOf(options);
  const receiving = { partial, source, progress, path, options };
  try {
    await takeUp(partial, progress, options);
    await receiveAll(receiving);
    // What an earlier process left may be damaged: the whole is fetched once more before the remote is blamed.
    if (partial.foundBytes > 0 && faultOf(progress, options) !== undefined) {
      await restart(partial, progress, options);
      await receiveAll(receiving);
    }
    const fault = faultOf(progress, options);
    if (fault !== undefined) throw differs(source.place, fault, 'restore it there from a copy that is right');
    const placed = await partial.place(options.once === true, options.mode ?? 0o644);
    return { sha256: progress.sha256.digest('hex'), sizeBytes: progress.writtenBytes, validator: progress.validator, placed };
  } catch (error) {
    const isWrong = error instanceof TrainlockError && error.code === 'TL0804';
    await (isWrong ? partial.discard() : partial.release(progress.writtenBytes)).catch(() => undefined);
    throw inWords(error, receiving);
  }
};

/** Receives, again where it broke off, until everything is there. */
const receiveAll = async (receiving: Receiving): Promise<void> => {
  const { progress, options } = receiving;
  const expected = options.expect?.sizeBytes;
  if (expected !== undefined && expected > 0 && progress.writtenBytes === expected) return;
  // The most that was ever reached counts as progress: a server that begins anew each time and is always cut would never end.
  let furthest = progress.writtenBytes;
  await withRetries(() => receiveBody(receiving), {
    retry: options.retry ?? DEFAULT_RETRY,
    signal: options.signal,
    progress: () => (furthest = Math.max(furthest, progress.writtenBytes)),
  });
};

/** What is wrong with the content; undefined if it is what it should be. */
const faultOf = (progress: Progress, { expect = {} }: DownloadOptions): string | undefined => {
  if (expect.sizeBytes !== undefined && progress.writtenBytes !== expect.sizeBytes) return sizeReason(progress.writtenBytes, expect.sizeBytes);
  const sha256 = progress.sha256.copy().digest('hex');
  if (expect.sha256 !== undefined && sha256 !== expect.sha256) return `SHA-256 ${sha256} instead of ${expect.sha256}`;
  const md5 = progress.md5?.copy().digest('hex');
  return md5 === expect.md5 ? undefined : `MD5 ${md5} instead of ${expect.md5}`;
};

const inWords = (error: unknown, { path, source, options }: Receiving): unknown => {
  if (error instanceof TrainlockError || options.signal?.aborted === true) return error;
  if (error instanceof Interrupted) return unavailable(source.place, `${error.message}, in ${(options.retry ?? DEFAULT_RETRY).attempts} tries`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return notWritable(path, error);
  return new TrainlockError('TL0801', `${shown(source.place)} could not be fetched`, { where: path, notes: [(error as Error).name] });
};
