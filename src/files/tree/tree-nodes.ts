import type { FileName } from '#digest';
import type { FilePath } from '../file-facts.ts';
import type { CachedBlock, FolderEntry, FolderPart } from './tree-task.ts';

/** One piece of work and what came of it: a folder, a piece of a large folder, or a large file. */
export type TreeNode = {
  readonly id: number;
  readonly kind: 'folder' | 'chunk' | 'big';
  readonly path: FilePath;
  /** Path below the root; undefined for the root itself. For a piece, that of its folder. */
  readonly below: FileName | undefined;
  readonly depth: number;
  /** See blockKey. */
  readonly key: string;
  readonly entries?: readonly FolderEntry[];
  readonly linked?: ReadonlyMap<string, string>;
  readonly link?: string;
  /** Whether a link led to this folder. */
  readonly viaLink: boolean;
  readonly sizeBytes?: number;
  /** Waiting for an answer; same as in the cache; or known in parts. */
  state: 'waiting' | 'same' | 'parts';
  parts: readonly FolderPart[];
  /** What was there, if it may be remembered. */
  names: string | undefined;
  cached: CachedBlock | undefined;
  /** Nodes of the parts that are not lines, in their order. */
  children: readonly TreeNode[];
};

/** Memory that the lines of a node hold until they are written. Unit: byte. */
export const heldBytes = (node: TreeNode): number =>
  node.parts.reduce(
    (sum, part) => sum + (part.kind === 'lines' ? part.lines.byteLength + part.h1.byteLength + part.facts.byteLength + 2 * part.leaves.byteLength + part.lengths.byteLength : 0),
    0,
  );
