import { isBelow } from '#assembly';
import type { FileFacts } from '#files';

type Look = Pick<FileFacts, 'sizeBytes' | 'mtimeNs' | 'inode'>;

/** Whether a file is the one that was looked at when the run ended. */
export const isSameAsThen = (then: Look, now: Look): boolean => then.sizeBytes === now.sizeBytes && then.mtimeNs === now.mtimeNs && then.inode === now.inode;

/** Whether what was a file when the run ended is gone, something else, or another file now. */
export const isChangedFile = (then: FileFacts, now: FileFacts): boolean => now.kind !== 'file' || !isSameAsThen(then, now);

/** The files at or below a path that were there when the run ended. */
export const rememberedBelow = (path: string, remembered: ReadonlyMap<string, FileFacts> | undefined): readonly FileFacts[] =>
  [...(remembered?.values() ?? [])].filter((then) => then.kind === 'file' && isBelow(then.path, path));
