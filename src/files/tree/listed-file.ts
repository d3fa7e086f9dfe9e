import type { FileEntry } from '#digest';
import { FACTS_PER_FILE, type LinesPart } from './tree-task.ts';

/** Lines that follow one another in the list of a tree that is being taken. */
export type TreeLines = Pick<LinesPart, 'count' | 'lines' | 'lengths' | 'facts'>;

/** A file of the list with the facts that it had when it was read. Unit of times: nanoseconds since 1970. */
export type ListedFile = FileEntry & { readonly mtimeNs: string; readonly ctimeNs: string; readonly inode: string; readonly device: string };

/** The files of such lines, in their order. */
export function* filesOfLines({ lines, lengths, facts }: TreeLines): Generator<ListedFile> {
  let start = 0;
  for (const [index, length] of lengths.entries()) {
    const line = Buffer.from(lines.buffer, lines.byteOffset + start, length - 1).toString();
    const at = index * FACTS_PER_FILE;
    const [mtimeNs, ctimeNs, inode, device] = [facts[at + 1]!, facts[at + 2]!, unsigned(facts[at + 3]!), unsigned(facts[at + 4]!)].map(String) as [string, string, string, string];
    yield { ...(JSON.parse(line) as FileEntry), mtimeNs, ctimeNs, inode, device };
    start += length;
  }
}

/** Numbers of files and devices have 64 bits without a sign; facts are kept with one. */
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
