import { compareBytes } from '#base';
import { bytesOfName, type FileName } from '#digest';
import type { FilePath } from '../file-facts.ts';
import { blockKey } from './cache-block.ts';
import { pathBelow, pathIn } from './list-entries.ts';
import { heldBytes, type TreeNode } from './tree-nodes.ts';
import type { CachedBlock, FolderEntry, FolderPart, TreeAnswer, TreeFinding, TreeRules, TreeTask } from './tree-task.ts';

/** Deepest nesting, and most links to folders, that are followed: a tree of links can be endless without a loop. */
const MAX_DEPTH = 200;
const MAX_LINKED = 1000;

/** Memory that lines may hold which cannot be written yet, because something before them is still being read. Unit: byte. */
const MAX_HELD = 96 * 1024 * 1024;

/** The work on a tree: what is to be handed out, and the nodes that answers belong to. */
export type TreeQueue = {
  readonly root: TreeNode;
  readonly next: () => TreeTask | undefined;
  readonly giveBack: (task: TreeTask) => void;
  /** Takes the answer that ends a task; the node it belongs to. */
  readonly accept: (answer: Exclude<TreeAnswer, { kind: 'progress' }>, task: TreeTask) => TreeNode;
  /** What was found so far, in the order of the paths; each thing once. */
  readonly findings: () => readonly TreeFinding[];
  /** Hands a node out once more, now without the cache. */
  readonly again: (node: TreeNode) => void;
  readonly release: (bytes: number) => void;
};

/** `single` is the one entry that is taken, if not the whole folder. */
export type QueueSource = { readonly path: FilePath; readonly single?: FolderEntry; readonly rules: TreeRules; readonly blocks: ReadonlyMap<string, CachedBlock> };

export const queueTree = (source: QueueSource): TreeQueue => {
  const nodes = new Map<number, TreeNode>();
  /** Large files by size, the largest last. */
  const big: TreeNode[] = [];
  /** Folders and pieces; the next one of the list last, so that lines come in about the order in which they are written. */
  const stack: TreeNode[] = [];
  const returned: TreeTask[] = [];
  const found: TreeFinding[] = [];
  const counts = { nodes: 0, linked: 0, held: 0, out: 0 };
  const create = (node: Pick<TreeNode, 'kind' | 'path' | 'below' | 'depth' | 'key'> & Partial<TreeNode>): TreeNode => {
    const made: TreeNode = { id: counts.nodes, state: 'waiting', parts: [], names: undefined, children: [], cached: source.blocks.get(node.key), ...node };
    counts.nodes += 1;
    nodes.set(made.id, made);
    return made;
  };
  const makeFolder = (parent: TreeNode, name: FileName): TreeNode => {
    const below = pathBelow(parent.below, name);
    return create({ kind: 'folder', path: pathIn(parent.path, name), below, depth: parent.depth + 1, key: blockKey(below.raw ?? below.path, '') });
  };
  const makeChild = (parent: TreeNode, part: Exclude<FolderPart, { kind: 'lines' }>, index: number): TreeNode => {
    if (part.kind === 'folder') return makeFolder(parent, part.name);
    if (part.kind === 'big') {
      const below = pathBelow(parent.below, part.name);
      return create({
        kind: 'big',
        path: pathIn(parent.path, part.name),
        below,
        depth: parent.depth,
        key: '',
        cached: undefined,
        sizeBytes: part.sizeBytes,
        ...(part.link === undefined ? {} : { link: part.link }),
      });
    }
    const first = part.entries[0]!.name;
    return create({
      kind: 'chunk',
      path: parent.path,
      below: parent.below,
      depth: parent.depth,
      key: blockKey(parent.below?.raw ?? parent.below?.path ?? '', index === 0 ? '' : (first.raw ?? first.path)),
      entries: part.entries,
      linked: part.linked,
    });
  };
  const root = create({
    ...(source.single === undefined ? { kind: 'folder' } : { kind: 'chunk', entries: [source.single], linked: new Map() }),
    path: source.path,
    below: undefined,
    depth: 0,
    key: blockKey('', ''),
  });
  const enqueue = (children: readonly TreeNode[]): void => {
    for (const child of children.toReversed()) if (child.kind !== 'big') stack.push(child);
    const large = children.filter((child) => child.kind === 'big');
    if (large.length === 0) return;
    big.push(...large);
    big.sort((a, b) => a.sizeBytes! - b.sizeBytes!);
  };
  stack.push(root);
  return {
    root,
    next: () => {
      const task = returned.pop() ?? taskOf(big.pop(), source.rules) ?? (counts.held > MAX_HELD && counts.out > 0 ? undefined : taskOf(stack.pop(), source.rules));
      if (task !== undefined) counts.out += 1;
      return task;
    },
    giveBack: (task) => {
      counts.out -= 1;
      returned.push(task);
    },
    accept: (answer, task) => {
      counts.out -= 1;
      const node = nodes.get(task.node)!;
      nodes.delete(task.node);
      if (answer.kind === 'same') {
        node.state = 'same';
        found.push(...answer.notes);
        node.cached = answer.cached;
        node.children = answer.folders.map((name) => makeFolder(node, name));
      } else {
        const { parts, findings } = withinLimits(answer, node, counts);
        node.state = 'parts';
        node.parts = parts;
        found.push(...findings);
        node.names = answer.names;
        node.children = parts.filter((part) => part.kind !== 'lines').map((part, index) => makeChild(node, part, index));
        counts.held += heldBytes(node);
      }
      enqueue(node.children);
      return node;
    },
    findings: () => inOrder(found),
    again: (node) => {
      nodes.set(node.id, node);
      stack.push(node);
    },
    release: (bytes) => {
      counts.held -= bytes;
    },
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
      return { kind: 'folder', ...rest };
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
