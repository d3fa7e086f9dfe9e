import { realpathSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { FileName } from '#digest';
import type { FilePath } from '../file-facts.ts';
import { listEntries, pathBelow, pathIn } from './list-entries.ts';
import { MAX_DEPTH, MAX_LINKED } from './tree-rules.ts';
import type { FolderEntry, TreeRules } from './tree-task.ts';

/** A folder of a tree with what it holds. */
export type WalkedFolder = { readonly path: FilePath; readonly entries: readonly FolderEntry[] };

type Place = { readonly path: FilePath; readonly below: FileName | undefined; readonly depth: number };

/** Every folder of a tree, listed as takeTree lists it. Nothing is opened. With `follow` the folders that links lead to are entered, up to the limits of takeTree. */
export function* walkTree(root: FilePath, rules: TreeRules, { follow }: { readonly follow: boolean }): Generator<WalkedFolder> {
  const folders: Place[] = [{ path: root, below: undefined, depth: 0 }];
  let linked = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { path, below, depth } = folder;
    const { entries } = listEntries(path, below, rules);
    yield { path, entries };
    if (depth >= MAX_DEPTH) continue;
    for (const { name, kind, link } of entries.toReversed()) {
      if (kind !== 'folder') continue;
      if (link !== undefined) linked += 1;
      if (link === undefined || (follow && linked <= MAX_LINKED)) folders.push({ path: pathIn(path, name), below: pathBelow(below, name), depth: depth + 1 });
    }
  }
}

/** How long the main thread works before others get their turn. Unit: ms. */
const SLICE_MS = 10;

/** The files that takeTree would read below a folder, by their absolute paths. */
export const filesOfTree = async (root: string): Promise<readonly FilePath[]> => {
  const files: FilePath[] = [];
  let sliceStart = performance.now();
  for (const { path, entries } of walkTree({ path: root }, { ignore: [], realRoot: realpathSync(root), device: undefined }, { follow: true })) {
    for (const { name, kind } of entries) if (kind === 'file') files.push(pathIn(path, name));
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await setImmediate();
    sliceStart = performance.now();
  }
  return files;
};
