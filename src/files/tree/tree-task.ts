import type { FileName, PortabilityFinding } from '#digest';
import type { FilePath } from '../file-facts.ts';

/** Facts of one file in a stat cache: size, mtime, ctime, inode, device; times in nanoseconds. */
export const FACTS_PER_FILE = 5;

export const DIGEST_BYTES = 32;

/** Where the last known state of a folder lies in a stat cache. */
export type CachedBlock = { readonly file: string; readonly key: string; readonly offset: number; readonly length: number };

/** What holds for every task of one snapshot. */
export type TreeRules = {
  /** Globs of paths below the root that are left out. */
  readonly ignore: readonly string[];
  /** Real path of the root. */
  readonly realRoot: string;
  /** See localDevice. */
  readonly device: bigint | undefined;
};

/**
 * Work for a thread. folder: list it and hash what is in it. chunk: the same for a part of the entries of a folder that has too many
 * for one task. big: hash one large file.
 */
export type TreeTask =
  | {
      readonly kind: 'folder';
      readonly node: number;
      readonly path: FilePath;
      readonly below: FileName | undefined;
      readonly cached?: CachedBlock;
      readonly rules: TreeRules;
      /** Whether a link led here. */ readonly viaLink: boolean;
    }
  | {
      readonly kind: 'chunk';
      readonly node: number;
      readonly path: FilePath;
      readonly below: FileName | undefined;
      readonly entries: readonly FolderEntry[];
      readonly linked: ReadonlyMap<string, string>;
      readonly cached?: CachedBlock;
      readonly rules: TreeRules;
    }
  | { readonly kind: 'big'; readonly node: number; readonly path: FilePath; readonly name: FileName; readonly link?: string; readonly sizeBytes: number };

/** One entry of a folder that becomes a line of the list, or a folder of its own. */
export type FolderEntry = {
  /** Its own name, not its path. */
  readonly name: FileName;
  readonly kind: 'file' | 'folder';
  /** Target text, for a link. */
  readonly link?: string;
};

/** Lines of files that follow one another in the list; everything by position. */
export type LinesPart = {
  readonly kind: 'lines';
  readonly count: number;
  /** Lines with line feeds. */
  readonly lines: Uint8Array;
  /** Length of each line with its line feed. */
  readonly lengths: Uint32Array;
  /** RFC 9162 leaf hashes, 32 bytes each. */
  readonly leaves: Uint8Array;
  /** Lines as Go's dirhash hashes them; empty if a name has a line feed. */
  readonly h1: Uint8Array;
  readonly h1Possible: boolean;
  /** Digests of the contents, 32 bytes each. */
  readonly digests: Uint8Array;
  /** FACTS_PER_FILE numbers each. */
  readonly facts: BigInt64Array;
  readonly totalBytes: number;
  /** Bytes that were read to get them. */
  readonly readBytes: number;
  /** Digests of 8 MiB pieces, if the one file of this part is large enough. */
  readonly chunks?: readonly string[];
  /** Its bytes were told as they were read. */
  readonly told?: boolean;
};

/** What stands at one place of a folder. */
export type FolderPart =
  | LinesPart
  | { readonly kind: 'folder'; readonly name: FileName; /** Real path, if a link led there. */ readonly real?: string }
  | { readonly kind: 'big'; readonly name: FileName; readonly link?: string; readonly sizeBytes: number }
  | { readonly kind: 'chunk'; readonly entries: readonly FolderEntry[]; readonly linked: ReadonlyMap<string, string> };

export type TreeFindingKind =
  | 'unreadable'
  | 'special'
  | 'dangling'
  | 'loop'
  | 'outside'
  | 'limit'
  | 'changed'
  | 'vanished'
  | 'secret-file'
  | 'left-out'
  | 'linked-folder'
  | PortabilityFinding['kind'];

/** Something about a path below the root that is not a line of the list, or not only. */
export type TreeFinding = FileName & { readonly kind: TreeFindingKind; readonly reason?: string; /** The other path, for a collision. */ readonly other?: string };

export type TreeAnswer =
  | { readonly kind: 'progress'; readonly bytes: number }
  /** The folder is as it was: its lines are those of the cache. */
  | {
      readonly kind: 'same';
      readonly count: number;
      readonly totalBytes: number;
      readonly folders: readonly FileName[];
      readonly cached: CachedBlock;
      /** Of the file of the cache that said so. */ readonly inode: string;
      /** About names. */ readonly notes: readonly TreeFinding[];
    }
  | {
      readonly kind: 'parts';
      readonly parts: readonly FolderPart[];
      readonly findings: readonly TreeFinding[];
      /** What was there, for the next comparison; absent for what has no entries of its own. */ readonly names?: string;
    };
