import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Media, Range } from '#snapshot';
import { withBytes } from '../open-bytes.ts';
import { countLines } from './count-lines.ts';
import { lookAtAudio } from './look-at-audio.ts';
import { lookAtImage } from './look-at-image.ts';
import { type MediaGroup, mediaGroups } from './media-groups.ts';
import type { MediaKind } from './media-kind.ts';

export type MediaOptions = {
  /** Files that are looked at at once. */
  readonly jobs?: number;
  /** Stops the work: its reason is thrown. */
  readonly signal?: AbortSignal;
};

/** What was seen of one file; undefined figures are not known. */
type Seen = {
  readonly sizeBytes: number;
  readonly readable: boolean;
  readonly format?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly sampleRateHz?: number;
  readonly lines?: number;
};

const JOBS = 16;

/**
 * What folders of images, recordings and texts hold: counts, sizes, formats, dimensions, durations, lines, and classes by folder.
 * Only heads of images and recordings are read, nothing is decoded; a file that is not what its name says is counted as unreadable.
 * `names` are relative to `root`, with forward slashes. Throws only if the work was stopped.
 */
export const profileMedia = async (root: string, names: readonly string[], options: MediaOptions = {}): Promise<readonly Media[]> => {
  const media: Media[] = [];
  for (const group of mediaGroups(names)) media.push(mediaOf(group, await lookAtAll(root, group, options)));
  return media;
};

const lookAtAll = async (root: string, group: MediaGroup, { jobs = JOBS, signal }: MediaOptions): Promise<readonly Seen[]> => {
  const seen: Seen[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < group.names.length; at = next++) {
      signal?.throwIfAborted();
      seen[at] = await lookAt(join(root, group.names[at]!), group.kind);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, work));
  return seen;
};

const lookAt = async (path: string, kind: MediaKind): Promise<Seen> => {
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  try {
    return { sizeBytes, readable: true, ...(await factsOf(path, kind)) };
  } catch {
    return { sizeBytes, readable: false };
  }
};

const factsOf = async (path: string, kind: MediaKind): Promise<Partial<Seen>> => {
  switch (kind) {
    case 'image':
      return withBytes(path, lookAtImage);
    case 'audio':
      // Opened first: a pipe or device must not be read by the library.
      return withBytes(path, () => lookAtAudio(path));
    case 'text': {
      const lines = await withBytes(path, countLines);
      return lines === undefined ? {} : { lines };
    }
  }
};

const mediaOf = (group: MediaGroup, seen: readonly Seen[]): Media => {
  const formats = new Map<string, number>();
  for (const { format } of seen) if (format !== undefined) formats.set(format, (formats.get(format) ?? 0) + 1);
  const unreadable = seen.filter(({ readable }) => !readable).length;
  const ranges = FIGURES.flatMap((name) => {
    const range = rangeOf(seen.flatMap((one) => (one[name] === undefined ? [] : [one[name]])));
    return range === undefined ? [] : [[name, range] as const];
  });
  return {
    path: group.path,
    kind: group.kind,
    fileCount: group.names.length,
    totalBytes: seen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ...(formats.size === 0 ? {} : { formats: [...formats].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)) }),
    ...(group.classes === undefined ? {} : { classes: group.classes }),
    ...Object.fromEntries(ranges),
    ...(unreadable === 0 ? {} : { unreadableCount: unreadable }),
  };
};

const FIGURES = ['width', 'height', 'durationMs', 'sampleRateHz', 'lines'] as const;

/** Digits of a mean. */
const DIGITS = 12;

const rangeOf = (values: readonly number[]): Range | undefined => {
  if (values.length === 0) return undefined;
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, max, mean: String(Number((sum / values.length).toPrecision(DIGITS))) };
};
