import { compareBytes } from '#base';
import { bytesOfName } from '#digest';
import { pathBelow } from './list-entries.ts';
import { makeNodes, type TreeRoot } from './make-nodes.ts';
import { MAX_DEPTH, MAX_LINKED } from './tree-rules.ts';
import { heldBytes, type TreeNode } from './tree-nodes.ts';
import type { CachedBlock, FolderPart, TreeAnswer, TreeFinding, TreeRules, TreeTask } from './tree-task.ts';

/** Memory that lines may hold which cannot be written yet, because something before them is still being read. Unit: byte. */
const MAX_HELD = 96 * 1024 * 1024;

/** The work on a tree: what is to be handed out, and the nodes that answers belong to. */
export type TreeQueue = {
  readonly root: TreeNode;
  readonly next: () => TreeTask | undefined;
  /** Folders and files that wait. */
  readonly size: () => number;
  readonly giveBack: (task: TreeTask) => void;
  /** Takes the answer that ends a task; the node it belongs to. */
  readonly accept: (answer: Exclude<TreeAnswer, { kind: 'progress' }>, task: TreeTask) => TreeNode;
  /** What was found so far, in the order of the paths; each thing once. */
  readonly findings: () => readonly TreeFinding[];
  /** Hands a node out once more, now without the cache. */
  readonly again: (node: TreeNode) => void;
  readonly release: (bytes: number) => void;
};

export type QueueSource = TreeRoot & { readonly rules: TreeRules; readonly blocks: ReadonlyMap<string, CachedBlock> };

export const queueTree = (source: QueueSource): TreeQueue => {
  const nodes = makeNodes(source, source.blocks);
  const waiting = new Map<number, TreeNode>([[nodes.root.id, nodes.root]]);
  const work = makeWork(nodes.root);
  const returned: TreeTask[] = [];
  const found: TreeFinding[] = [];
  const counts = { linked: 0, held: 0, out: 0 };
  const settle = (node: TreeNode, answer: Exclude<TreeAnswer, { kind: 'progress' }>): void => {
    node.state = answer.kind;
    if (answer.kind === 'same') {
      found.push(...answer.notes);
      node.cached = answer.cached;
      node.children = answer.folders.map((name) => nodes.folder(node, name, false));
      return;
    }
    const { parts, findings } = withinLimits(answer, node, counts);
    found.push(...findings);
    node.parts = parts;
    // Folders that were cut off must be cut off again: such a folder is never taken from the cache.
    node.names = parts.length === answer.parts.length ? answer.names : undefined;
    node.children = nodes.children(node, parts);
    counts.held += heldBytes(node);
  };
  return {
    root: nodes.root,
    next: () => {
      const mayGrow = counts.held <= MAX_HELD || counts.out === 0;
      const task = returned.pop() ?? taskOf(work.next(mayGrow), source.rules);
      if (task !== undefined) counts.out += 1;
      return task;
    },
    size: work.size,
    giveBack: (task) => {
      counts.out -= 1;
      returned.push(task);
    },
    accept: (answer, task) => {
      counts.out -= 1;
      const node = waiting.get(task.node)!;
      waiting.delete(task.node);
      settle(node, answer);
      for (const child of node.children) waiting.set(child.id, child);
      work.add(node.children);
      return node;
    },
    findings: () => inOrder(found),
    again: (node) => {
      waiting.set(node.id, node);
      work.add([node]);
    },
    release: (bytes) => {
      counts.held -= bytes;
    },
  };
};

/** Nodes that nobody works on yet: large files, the largest first; then folders and pieces in about the order in which they are written. */
const makeWork = (
  root: TreeNode,
): { readonly add: (nodes: readonly TreeNode[]) => void; readonly next: (mayGrow: boolean) => TreeNode | undefined; readonly size: () => number } => {
  const big: TreeNode[] = [];
  const stack: TreeNode[] = [root];
  return {
    add: (nodes) => {
      for (const node of nodes.toReversed()) if (node.kind !== 'big') stack.push(node);
      const large = nodes.filter((node) => node.kind === 'big');
      if (large.length === 0) return;
      big.push(...large);
      big.sort((a, b) => a.sizeBytes! - b.sizeBytes!);
    },
    size: () => big.length + stack.length,
    // What is done of a large file takes no memory; more folders would.
    next: (mayGrow) => big.pop() ?? (mayGrow ? stack.pop() : undefined),
  };
};

const inOrder = (found: readonly TreeFinding[]): readonly TreeFinding[] => {
  const once = new Map(found.map((finding) => [`${finding.kind}/${finding.raw ?? ''}/${finding.path}`, finding]));
  return [...once.values()].sort((a, b) => compareBytes(bytesOfName(a), bytesOfName(b)));
};

const taskOf = (node: TreeNode | undefined, rules: TreeRules): TreeTask | undefined => {
  if (node === undefined) return undefined;
  const { id, path, below, cached } = node;
  const rest = { node: id, path, below, rules, ...(cached === undefined ? {} : { cached }) };
  switch (node.kind) {
    case 'folder':
      return { kind: 'folder', ...rest, viaLink: node.viaLink };
    case 'chunk':
      return { kind: 'chunk', ...rest, entries: node.entries!, linked: node.linked! };
    case 'big':
      return { kind: 'big', node: id, path, name: below!, sizeBytes: node.sizeBytes!, ...(node.link === undefined ? {} : { link: node.link }) };
  }
};

type Parts = { readonly parts: readonly FolderPart[]; readonly findings: readonly TreeFinding[] };

/** Folders beyond the limits are findings. */
const withinLimits = (answer: Parts, node: TreeNode, counts: { linked: number }): Parts => {
  const findings = [...answer.findings];
  const parts = answer.parts.filter((part) => {
    if (part.kind !== 'folder') return true;
    if (part.real !== undefined) counts.linked += 1;
    const reason =
      node.depth >= MAX_DEPTH
        ? `more than ${MAX_DEPTH} folders deep`
        : part.real !== undefined && counts.linked > MAX_LINKED
          ? `more than ${MAX_LINKED} links to folders`
          : undefined;
    if (reason !== undefined) findings.push({ ...pathBelow(node.below, part.name), kind: 'limit', reason });
    return reason === undefined;
  });
  return { parts, findings };
};
