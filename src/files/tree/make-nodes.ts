import type { FileName } from '#digest';
import type { FilePath } from '../file-facts.ts';
import { blockKey } from './cache-block.ts';
import { pathBelow, pathIn } from './list-entries.ts';
import type { TreeNode } from './tree-nodes.ts';
import type { CachedBlock, FolderEntry, FolderPart } from './tree-task.ts';

/** Where a tree begins. `single` is the one entry that is taken, if not the whole folder. */
export type TreeRoot = { readonly path: FilePath; readonly single?: FolderEntry };

/** Makes the nodes of a tree, each with what the cache knows of it. */
export type NodeMaker = {
  readonly root: TreeNode;
  readonly folder: (parent: TreeNode, name: FileName, viaLink: boolean) => TreeNode;
  /** Nodes of the parts that are not lines, in their order. */
  readonly children: (parent: TreeNode, parts: readonly FolderPart[]) => readonly TreeNode[];
};

export const makeNodes = (start: TreeRoot, blocks: ReadonlyMap<string, CachedBlock>): NodeMaker => {
  let count = 0;
  const create = (node: Pick<TreeNode, 'kind' | 'path' | 'below' | 'depth' | 'key'> & Partial<TreeNode>): TreeNode => {
    count += 1;
    return { id: count, state: 'waiting', parts: [], names: undefined, children: [], viaLink: false, cached: blocks.get(node.key), ...node };
  };
  const folder = (parent: TreeNode, name: FileName, viaLink: boolean): TreeNode => {
    const below = pathBelow(parent.below, name);
    return create({ kind: 'folder', path: pathIn(parent.path, name), below, depth: parent.depth + 1, key: blockKey(textOf(below), ''), viaLink });
  };
  const big = (parent: TreeNode, { name, link, sizeBytes }: Extract<FolderPart, { kind: 'big' }>): TreeNode =>
    create({
      kind: 'big',
      path: pathIn(parent.path, name),
      below: pathBelow(parent.below, name),
      depth: parent.depth,
      key: '',
      cached: undefined,
      sizeBytes,
      ...(link === undefined ? {} : { link }),
    });
  const chunk = (parent: TreeNode, { entries, linked }: Extract<FolderPart, { kind: 'chunk' }>, isFirst: boolean): TreeNode => {
    const key = blockKey(parent.below === undefined ? '' : textOf(parent.below), isFirst ? '' : textOf(entries[0]!.name));
    return create({ kind: 'chunk', path: parent.path, below: parent.below, depth: parent.depth, key, entries, linked });
  };
  const child = (parent: TreeNode, part: Exclude<FolderPart, { kind: 'lines' }>, index: number): TreeNode => {
    switch (part.kind) {
      case 'folder':
        return folder(parent, part.name, part.real !== undefined);
      case 'big':
        return big(parent, part);
      case 'chunk':
        return chunk(parent, part, index === 0);
    }
  };
  return {
    root: create({
      ...(start.single === undefined ? { kind: 'folder' } : { kind: 'chunk', entries: [start.single], linked: new Map() }),
      path: start.path,
      below: undefined,
      depth: 0,
      key: blockKey('', ''),
    }),
    folder,
    children: (parent, parts) => parts.filter((part) => part.kind !== 'lines').map((part, index) => child(parent, part, index)),
  };
};

/** Bytes in base64 and text could spell the same: each says what it is. */
const textOf = (name: FileName): string => (name.raw === undefined ? `t/${name.path}` : `r/${name.raw}`);
