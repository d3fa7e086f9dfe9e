/** One document of ours as lines for people and for git; what is none of ours stays as it is. */
import { utf8 } from '#base';
import { readBounded } from '#files';
import { documentLines } from '#report';

export type ShownDocument = { readonly isOurs: boolean; readonly lines: readonly string[]; readonly bytes: Uint8Array };

/** Larger files are none of ours, and git compares them as it always does. Unit: byte. */
const MAX_FILE = 1024 * 1024 * 1024;
const MAX_DOCUMENT = 64 * 1024 * 1024;

/** Throws TL0002 for a file that cannot be read. */
export const showDocument = async (path: string): Promise<ShownDocument> => {
  const bytes = await readBounded(path, MAX_FILE);
  const lines = bytes.length > MAX_DOCUMENT ? undefined : documentLines(bytes);
  return lines === undefined ? { isOurs: false, lines: [], bytes } : { isOurs: true, lines, bytes: utf8(`${lines.join('\n')}\n`) };
};
