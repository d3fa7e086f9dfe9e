import { dirname } from 'node:path';
import { formatBytes, TrainlockError } from '#base';
import { freeBytes } from '#files';
import { DEFAULT_IDLE_MS, type DownloadOptions, MOST_BYTES } from './download-options.ts';
import { advance, type Progress, restart } from './download-progress.ts';
import type { DownloadSource, OpenedSource } from './download-source.ts';
import type { PartialFile } from './partial-file.ts';
import { differs, sizeReason } from './remote-errors.ts';
import { Interrupted, transientReason } from './retry.ts';

export type Receiving = { readonly partial: PartialFile; readonly source: DownloadSource; readonly progress: Progress; readonly path: string; readonly options: DownloadOptions };

/** Opens the source where the part ends and writes what comes. Throws Interrupted if it breaks off before the end. */
export const receiveBody = async (receiving: Receiving): Promise<void> => {
  const { partial, source, progress, options } = receiving;
  // Without a digest or a version nothing tells whether the rest will be of the same content.
  if (progress.writtenBytes > 0 && progress.validator === undefined && options.expect?.sha256 === undefined) await restart(partial, progress, options);
  const giveUp = new AbortController();
  const signal = options.signal === undefined ? giveUp.signal : AbortSignal.any([options.signal, giveUp.signal]);
  const watch = watchSilence(options.idleTimeoutMs ?? DEFAULT_IDLE_MS, () => giveUp.abort());
  let opened: OpenedSource | undefined;
  try {
    opened = await source.open({ offset: progress.writtenBytes, validator: progress.validator }, signal);
    if (progress.writtenBytes > 0 && !continues(opened, progress)) await restart(partial, progress, options);
    if (opened.offset !== progress.writtenBytes) throw new Interrupted('the rest that was sent is another one than was asked for');
    await checkSize(opened, receiving);
    progress.validator = opened.validator;
    await partial.remember(opened.validator);
    giveUp.signal.addEventListener('abort', opened.close, { once: true });
    options.signal?.addEventListener('abort', opened.close, { once: true });
    await writeAll(opened, receiving, watch.heard);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (giveUp.signal.aborted) throw new Interrupted('it was silent for too long');
    const reason = transientReason(error);
    throw reason === undefined ? error : new Interrupted(reason);
  } finally {
    watch.end();
    if (opened !== undefined) options.signal?.removeEventListener('abort', opened.close);
    opened?.close();
  }
};

/** Whether the body is the rest of what is there: it begins at its end, and the content is the same version, as far as versions are told. */
const continues = (opened: OpenedSource, progress: Progress): boolean =>
  opened.offset === progress.writtenBytes && (progress.validator === undefined || opened.validator === progress.validator);

/** What is too large is refused before its first byte is written, if the source tells its size. */
const checkSize = async (opened: OpenedSource, { source, options, path, progress }: Receiving): Promise<void> => {
  if (opened.sizeBytes === undefined) return;
  const expected = options.expect?.sizeBytes;
  if (expected !== undefined && opened.sizeBytes !== expected) throw differs(source.place, sizeReason(opened.sizeBytes, expected), 'restore it there from a copy that is right');
  refuseAbove(opened.sizeBytes, source, options);
  const free = await freeBytes(dirname(path));
  const needed = opened.sizeBytes - progress.writtenBytes;
  if (free !== undefined && needed > free)
    throw new TrainlockError('TL0003', `${formatBytes(needed)} are needed, and ${formatBytes(free)} are free`, {
      where: path,
      fix: 'free some space, then run the same command again',
    });
};

/** The source is hostile: it may send more than it said, for ever. */
const refuseAbove = (sizeBytes: number, source: DownloadSource, options: DownloadOptions): void => {
  const limit = options.expect?.sizeBytes ?? options.maxBytes ?? MOST_BYTES;
  if (sizeBytes > limit) throw differs(source.place, `it has more than ${formatBytes(limit)}`, 'raise the limit if the content is the right one');
};

const writeAll = async (opened: OpenedSource, { partial, source, progress, options }: Receiving, heard: () => void): Promise<void> => {
  for await (const chunk of opened.body) {
    heard();
    refuseAbove(progress.writtenBytes + chunk.length, source, options);
    await writeFully(partial, chunk, progress.writtenBytes);
    advance(progress, chunk);
    options.onProgress?.(chunk.length);
  }
  const whole = opened.sizeBytes ?? options.expect?.sizeBytes;
  if (whole !== undefined && progress.writtenBytes < whole) throw new Interrupted('the connection was cut before the end');
};

const writeFully = async (partial: PartialFile, bytes: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) done += (await partial.file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
};

/** Calls `onSilence` when nothing was heard for a while. */
const watchSilence = (limitMs: number, onSilence: () => void): { readonly heard: () => void; readonly end: () => void } => {
  let last = performance.now();
  const timer = setInterval(
    () => {
      if (performance.now() - last >= limitMs) onSilence();
    },
    Math.max(10, limitMs / 4),
  );
  return { heard: () => (last = performance.now()), end: () => clearInterval(timer) };
};
