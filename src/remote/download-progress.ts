import { createHash, type Hash } from 'node:crypto';
import { type DownloadOptions, MOST_BYTES } from './download-options.ts';
import type { PartialFile } from './partial-file.ts';

/** What was received so far. */
export type Progress = { writtenBytes: number; validator: string | undefined; sha256: Hash; md5: Hash | undefined };

export const startOf = (options: DownloadOptions): Progress => ({
  writtenBytes: 0,
  validator: undefined,
  sha256: createHash('sha256'),
  md5: options.expect?.md5 === undefined ? undefined : createHash('md5'),
});

export const advance = (progress: Progress, bytes: Uint8Array): void => {
  progress.sha256.update(bytes);
  progress.md5?.update(bytes);
  progress.writtenBytes += bytes.length;
};

/** Forgets everything: the content is another one than it was, or cannot be continued. */
export const restart = async (partial: PartialFile, progress: Progress, options: DownloadOptions): Promise<void> => {
  if (progress.writtenBytes > 0) options.onProgress?.(-progress.writtenBytes);
  await partial.file.truncate(0);
  Object.assign(progress, startOf(options));
};

/** Reads again what an earlier try left. Without a digest or a version nothing tells whether the rest belongs to it: then it is not used. */
export const takeUp = async (partial: PartialFile, progress: Progress, options: DownloadOptions): Promise<void> => {
  const isKnown = options.expect?.sha256 !== undefined || partial.validator !== undefined;
  if (!isKnown || partial.foundBytes > (options.expect?.sizeBytes ?? options.maxBytes ?? MOST_BYTES)) return partial.file.truncate(0);
  progress.validator = partial.validator;
  const buffer = Buffer.alloc(Math.min(1024 * 1024, partial.foundBytes + 1));
  for (;;) {
    options.signal?.throwIfAborted();
    const { bytesRead } = await partial.file.read(buffer, 0, buffer.length, progress.writtenBytes);
    if (bytesRead === 0) break;
    advance(progress, buffer.subarray(0, bytesRead));
  }
  if (progress.writtenBytes > 0) options.onProgress?.(progress.writtenBytes);
};
