import { hash } from 'node:crypto';
import { type FileName, lineOfEntry } from '#digest';
import { DIGEST_BYTES, FACTS_PER_FILE, type LinesPart } from './tree-task.ts';

/** One file that is done. */
export type DoneFile = {
  /** Path below the root of the tree. */
  readonly name: FileName;
  readonly sha256: string;
  readonly size: number;
  readonly executable: boolean;
  readonly link?: string | undefined;
  readonly facts: readonly bigint[] | BigInt64Array;
  /** Bytes that were read for it. */
  readonly readBytes: number;
};

/** Collects files that follow one another in the list into one part, ready to be sent to another thread without a copy. */
export const makeLinesBuilder = (most: number): { readonly add: (file: DoneFile) => void; readonly take: () => LinesPart | undefined } => {
  const room = Math.max(1, most);
  let lines: string[] = [];
  const h1 = makeH1();
  const leaves = Buffer.alloc(room * DIGEST_BYTES);
  const digests = Buffer.alloc(room * DIGEST_BYTES);
  const facts = new BigInt64Array(room * FACTS_PER_FILE);
  let totalBytes = 0;
  let readBytes = 0;
  return {
    add: (file) => {
      const line = lineOf(file);
      const at = lines.length;
      if (at === room) throw new RangeError('more files than there is room for');
      leaves.write(hash('sha256', `\0${line}`, 'latin1' as 'hex'), at * DIGEST_BYTES, 'latin1');
      digests.write(file.sha256, at * DIGEST_BYTES, 'hex');
      for (let i = 0; i < FACTS_PER_FILE; i += 1) facts[at * FACTS_PER_FILE + i] = file.facts[i]!;
      lines.push(line);
      h1.add(file);
      totalBytes += file.size;
      readBytes += file.readBytes;
    },
    take: () => {
      const count = lines.length;
      if (count === 0) return undefined;
      const { bytes, lengths } = encodeLines(lines);
      const part: LinesPart = {
        kind: 'lines',
        count,
        lines: bytes,
        lengths,
        leaves: new Uint8Array(leaves.subarray(0, count * DIGEST_BYTES)),
        digests: new Uint8Array(digests.subarray(0, count * DIGEST_BYTES)),
        facts: facts.slice(0, count * FACTS_PER_FILE),
        ...h1.take(),
        totalBytes,
        readBytes,
      };
      lines = [];
      totalBytes = 0;
      readBytes = 0;
      return part;
    },
  };
};

/** Written without spreading objects where nothing is special: this runs once per file of a data set. */
const lineOf = ({ name, sha256, size, executable, link }: DoneFile): string =>
  name.raw === undefined && !executable && link === undefined
    ? lineOfEntry({ path: name.path, sha256, size })
    : lineOfEntry({ ...name, sha256, size, ...(executable ? { mode: 'x' as const } : {}), ...(link === undefined ? {} : { link }) });

/** Collects the lines that Go's dirhash hashes. */
const makeH1 = (): { readonly add: (file: DoneFile) => void; readonly take: () => Pick<LinesPart, 'h1' | 'h1Possible'> } => {
  let text = '';
  let raw: Buffer[] = [];
  let h1Possible = true;
  return {
    add: ({ name, sha256 }) => {
      if (name.raw === undefined) {
        if (name.path.includes('\n')) h1Possible = false;
        text += `${sha256}  ${name.path}\n`;
        return;
      }
      // A name that is no text: what was written so far becomes bytes, and the bytes of the name follow.
      const bytes = Buffer.from(name.raw, 'base64');
      if (bytes.includes(0x0a)) h1Possible = false;
      raw.push(Buffer.from(`${text}${sha256}  `), bytes, Buffer.from('\n'));
      text = '';
    },
    take: () => {
      const part = { h1: h1Possible ? own(Buffer.concat([...raw, Buffer.from(text)])) : new Uint8Array(0), h1Possible };
      text = '';
      raw = [];
      h1Possible = true;
      return part;
    },
  };
};

/** Bytes in memory of their own: those of small buffers lie in a pool that must not be given to another thread. */
const own = (bytes: Buffer): Uint8Array => (bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));

const encodeLines = (lines: readonly string[]): { readonly bytes: Uint8Array; readonly lengths: Uint32Array } => {
  const text = `${lines.join('\n')}\n`;
  const bytes = own(Buffer.from(text));
  const isAscii = bytes.length === text.length;
  return { bytes, lengths: Uint32Array.from(lines, (line) => (isAscii ? line.length : Buffer.byteLength(line)) + 1) };
};

/** Memory of a part that may be handed over instead of copied. */
export const transferOf = (part: LinesPart): readonly ArrayBuffer[] =>
  [part.lines, part.lengths, part.leaves, part.digests, part.facts, part.h1].map((one) => one.buffer as ArrayBuffer).filter((buffer) => buffer.byteLength > 0);
