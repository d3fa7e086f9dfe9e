import { createHash, hash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { compareFolders, type FileName, type FolderDigest, folderIndexOf, folderLine } from '#digest';
import { notWritable } from '../write-atomic.ts';
import { DIGEST_BYTES, type LinesPart } from './tree-task.ts';

/** The identity of a tree of files. */
export type TreeIdentity = {
  /** SHA-256 of the file list. */
  readonly listSha256: string;
  /** RFC 9162 root over the lines of the list. */
  readonly treeRoot: string;
  readonly fileCount: number;
  readonly totalBytes: number;
  /** Go's h1; "none" if a name has a line feed, which h1 forbids. */
  readonly dirHash: string;
  readonly indexSha256: string;
  readonly chunksSha256?: string;
};

export type EmittedTree = {
  readonly identity: TreeIdentity;
  /** Bytes of the folder index, and of the digests of pieces of large files. */
  readonly index: Uint8Array;
  readonly chunks?: Uint8Array;
};

/** Takes the lines of a list in order and computes everything that identifies it on the way; nothing is kept but one hash per level. */
export type ListEmitter = {
  readonly lines: (part: LinesPart) => void;
  readonly enter: (folder: FileName) => void;
  readonly leave: () => void;
  readonly finish: () => EmittedTree;
  readonly abandon: () => void;
};

type OpenFolder = { readonly name: FileName | undefined; readonly hash: Hash; readonly start: number; readonly files: number; readonly size: number };

/** Bytes collected before they are written. */
const WRITE_BYTES = 1024 * 1024;

/** The list is written to a file of its own, which must not exist; without one it is only computed. Throws TL0003. */
export const emitList = (path: string | undefined): ListEmitter => {
  const out = path === undefined ? NOWHERE : openOutput(path);
  const list = createHash('sha256');
  const h1 = createHash('sha256');
  const tree = makeMerkle();
  const folders: FolderDigest[] = [];
  const open: OpenFolder[] = [{ name: undefined, hash: createHash('sha256'), start: 0, files: 0, size: 0 }];
  const chunks: string[] = [];
  let [position, files, size] = [0, 0, 0];
  let h1Possible = true;
  const leave = (): void => {
    const folder = open.pop()!;
    const sha256 = folder.hash.digest('hex');
    const digest: FolderDigest = { ...(folder.name ?? { path: '' }), sha256, start: folder.start, end: position, files: files - folder.files, size: size - folder.size };
    // A folder without files is nothing in a list of files.
    if (folder.name !== undefined && digest.files === 0) return;
    folders.push(digest);
    if (folder.name !== undefined) open.at(-1)!.hash.update(folderLine(digest));
  };
  return {
    lines: (part) => {
      out.write(part.lines);
      list.update(part.lines);
      open.at(-1)!.hash.update(part.lines);
      tree.add(part.leaves, part.count);
      if (part.h1Possible) h1.update(part.h1);
      else h1Possible = false;
      if (part.chunks !== undefined) chunks.push(chunkLine(part, part.chunks));
      position += part.lines.length;
      files += part.count;
      size += part.totalBytes;
    },
    enter: (name) => open.push({ name, hash: createHash('sha256'), start: position, files, size }),
    leave,
    finish: () => {
      leave();
      out.close();
      const index = folderIndexOf(folders.sort(compareFolders));
      const chunkBytes = chunks.length === 0 ? undefined : Buffer.from(chunks.join(''));
      return {
        identity: {
          listSha256: list.digest('hex'),
          treeRoot: tree.root(),
          fileCount: files,
          totalBytes: size,
          dirHash: h1Possible ? `h1:${h1.digest('base64')}` : 'none',
          indexSha256: hash('sha256', index, 'hex'),
          ...(chunkBytes === undefined ? {} : { chunksSha256: hash('sha256', chunkBytes, 'hex') }),
        },
        index,
        ...(chunkBytes === undefined ? {} : { chunks: chunkBytes }),
      };
    },
    abandon: () => out.abandon(),
  };
};

/** One line per large file: its path as in the list, and the digests of its pieces. */
const chunkLine = (part: LinesPart, digests: readonly string[]): string => {
  const { path, raw } = JSON.parse(Buffer.from(part.lines).toString()) as FileName;
  return `${JSON.stringify({ chunkBytes: 8 * 1024 * 1024, chunks: digests, path, ...(raw === undefined ? {} : { raw }) })}\n`;
};

/** Most levels of a tree: more leaves than any disk has files. */
const MOST_LEVELS = 64;

/** RFC 9162 root over leaf hashes that come in order; complete subtrees of equal height are joined as they come. */
const makeMerkle = (): { readonly add: (leaves: Uint8Array, count: number) => void; readonly root: () => string } => {
  // The hashes of the complete subtrees lie one behind the other; nothing is allocated per leaf.
  const peaks = Buffer.alloc((MOST_LEVELS + 1) * DIGEST_BYTES);
  const levels: number[] = [];
  const node = Buffer.alloc(1 + 2 * DIGEST_BYTES);
  node[0] = 1;
  /** Joins the last two peaks. */
  const join = (): void => {
    const at = (levels.length - 2) * DIGEST_BYTES;
    peaks.copy(node, 1, at, at + 2 * DIGEST_BYTES);
    peaks.write(hash('sha256', node, 'latin1' as 'hex'), at, 'latin1');
    levels.pop();
    levels[levels.length - 1]! += 1;
  };
  return {
    add: (leaves, count) => {
      for (let i = 0; i < count; i += 1) {
        peaks.set(leaves.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES), levels.length * DIGEST_BYTES);
        levels.push(0);
        while (levels.length > 1 && levels.at(-1) === levels.at(-2)) join();
      }
    },
    root: () => {
      if (levels.length === 0) return hash('sha256', '', 'hex');
      while (levels.length > 1) join();
      return peaks.toString('hex', 0, DIGEST_BYTES);
    },
  };
};

type ListOutput = { readonly write: (bytes: Uint8Array) => void; readonly close: () => void; readonly abandon: () => void };

const NOWHERE: ListOutput = { write: () => undefined, close: () => undefined, abandon: () => undefined };

const openOutput = (path: string): ListOutput => {
  let pending: Uint8Array[] = [];
  let waiting = 0;
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw notWritable(path, error);
    }
  };
  const descriptor = guarded(() => openSync(path, 'wx', 0o600));
  const flush = (): void =>
    guarded(() => {
      const bytes = Buffer.concat(pending);
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
      pending = [];
      waiting = 0;
    });
  return {
    write: (bytes) => {
      pending.push(bytes);
      waiting += bytes.length;
      if (waiting >= WRITE_BYTES) flush();
    },
    close: () => {
      flush();
      guarded(() => fsyncSync(descriptor));
      closeSync(descriptor);
    },
    abandon: () => closeSync(descriptor),
  };
};
