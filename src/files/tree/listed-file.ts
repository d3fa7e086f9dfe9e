import type { FileEntry } from '#digest';
import type { FileFacts } from '../file-facts.ts';
import { FACTS_PER_FILE, type LinesPart } from './tree-task.ts';

/** Lines that follow one another in the list of a tree that is being taken. */
export type TreeLines = Pick<LinesPart, 'count' | 'lines' | 'lengths' | 'facts'>;

/** A file of the list. */
export type ListedFile = {
  readonly entry: FileEntry;
  /** The facts that it had when it was read. */
  readonly facts: () => Required<Pick<FileFacts, 'mtimeNs' | 'ctimeNs' | 'inode' | 'device'>>;
};

/** The files of such lines, in their order. */
export function* filesOfLines({ lines, lengths, facts }: TreeLines): Generator<ListedFile> {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString().split('\n');
  for (let index = 0; index < lengths.length; index += 1) {
    const at = index * FACTS_PER_FILE;
    const fact = (position: number): bigint => facts[at + position]!;
    yield {
      entry: JSON.parse(text[index]!) as FileEntry,
      facts: () => ({ mtimeNs: String(fact(1)), ctimeNs: String(fact(2)), inode: String(unsigned(fact(3))), device: String(unsigned(fact(4))) }),
    };
  }
}

/** Numbers of files and devices have 64 bits without a sign; facts are kept with one. */
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
