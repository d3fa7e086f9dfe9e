import { cachedBlock } from './cache-block.ts';
import type { ListEmitter } from './list-emitter.ts';
import { restoreParts } from './restore-parts.ts';
import type { StatCacheWriter } from './stat-cache.ts';
import { heldBytes, type TreeNode } from './tree-nodes.ts';
import type { LinesPart } from './tree-task.ts';

type Frame = {
  readonly node: TreeNode;
  at: number;
  child: number;
  /** Lines of the files of this node itself, for the cache. */
  readonly own: LinesPart[];
  /** The bytes of the block that it was restored from: exactly these belong to what was written. */
  readonly carried: Uint8Array | undefined;
};

export type TreeEmission = {
  /** Writes everything that is known up to the first node that is still being worked on. True when the whole tree is written. */
  readonly advance: () => boolean;
};

export type EmissionTarget = {
  readonly list: ListEmitter;
  readonly cache: StatCacheWriter | undefined;
  readonly trustedBeforeNs: bigint;
  /** Asks for a node anew whose block is not in the cache any more. */
  readonly askAgain: (node: TreeNode) => void;
  /** Hears that the lines of a node are written and forgotten. */
  readonly released: (node: TreeNode, bytes: number) => void;
};

/** Writes a tree in the order of its list while it is still being read. */
export const emitTree = (root: TreeNode, target: EmissionTarget): TreeEmission => {
  const frames: Frame[] = [];
  /** False if the node is not ready. */
  const open = (node: TreeNode): boolean => {
    const isSame = node.state === 'same';
    if (node.state === 'waiting') return false;
    const carried = isSame ? restore(node, target) : undefined;
    // The block is gone: the node has been asked for anew.
    if (isSame && carried === undefined) return false;
    if (node.kind === 'folder' && node.below !== undefined) target.list.enter(node.below);
    frames.push({ node, at: 0, child: 0, own: [], carried });
    return true;
  };
  const close = (frame: Frame): void => {
    const { node } = frame;
    frames.pop();
    if (node.kind === 'folder' && node.below !== undefined) target.list.leave();
    if (node.kind === 'big') frames.at(-1)!.own.push(...frame.own);
    else remember(frame, target);
    target.released(node, heldBytes(node));
    node.parts = [];
    node.children = [];
  };
  /** False if it must wait. */
  const step = (frame: Frame): boolean => {
    const part = frame.node.parts[frame.at];
    if (part === undefined) {
      close(frame);
      return true;
    }
    if (part.kind === 'lines') {
      target.list.lines(part);
      frame.own.push(part);
    } else {
      if (!open(frame.node.children[frame.child]!)) return false;
      frame.child += 1;
    }
    frame.at += 1;
    return true;
  };
  let started = false;
  return {
    advance: () => {
      if (!started && !open(root)) return false;
      started = true;
      while (frames.length > 0) if (!step(frames.at(-1)!)) return false;
      return true;
    },
  };
};

const restore = (node: TreeNode, target: EmissionTarget): Uint8Array | undefined => {
  const block = node.cached === undefined ? undefined : cachedBlock(node.cached);
  if (block === undefined) {
    node.state = 'waiting';
    node.cached = undefined;
    target.askAgain(node);
    return undefined;
  }
  node.parts = restoreParts(block);
  return block.bytes;
};

const remember = ({ node, own, carried }: Frame, target: EmissionTarget): void => {
  if (target.cache === undefined) return;
  if (carried !== undefined) return target.cache.carry(carried);
  // A piece of work that ended in other pieces has nothing of its own; a file that could not be read must be tried again.
  if (node.names === undefined || own.reduce((sum, part) => sum + part.count, 0) !== filesIn(node.names)) return;
  target.cache.add({ key: node.key, names: node.names, trustedBeforeNs: target.trustedBeforeNs }, own);
};

const filesIn = (names: string): number => (names === '' ? 0 : names.split('\0').filter((name) => !name.startsWith('d')).length);
