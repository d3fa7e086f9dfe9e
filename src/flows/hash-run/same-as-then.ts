import type { FileFacts } from '#files';

type Look = Pick<FileFacts, 'sizeBytes' | 'mtimeNs' | 'inode'>;

/** Whether a file is the one that was looked at when the run ended. */
export const isSameAsThen = (then: Look, now: Look): boolean => then.sizeBytes === now.sizeBytes && then.mtimeNs === now.mtimeNs && then.inode === now.inode;
