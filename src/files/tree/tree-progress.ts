import { lstatSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { OnProgress } from '../hash-run.ts';
import { systemPath } from '../look-at-file.ts';
import type { FilePath } from '../file-facts.ts';
import { pathIn } from './list-entries.ts';
import { walkTree } from './walk-tree.ts';
import type { TreeRules } from './tree-task.ts';

/** Nothing is told of work that is done sooner. Unit: ms. */
const FIRST_MS = 1000;

/** How often it is told, and how long of that the tree is counted. Unit: ms. */
const EVERY_MS = 100;
const COUNTING_MS = 25;

export type TreeProgress = { readonly add: (files: number, bytes: number) => void; readonly end: () => void };

/** Tells how far the reading of a tree is; how much there is in all is counted beside it, once the work has proven long. */
export const watchProgress = (root: FilePath, rules: TreeRules, onProgress: OnProgress | undefined): TreeProgress => {
  let [files, bytes] = [0, 0];
  if (onProgress === undefined) return { add: () => undefined, end: () => undefined };
  let counting: Iterator<void, Total> | undefined;
  let total: Total | undefined;
  const tell = (): void => {
    counting ??= countTree(root, rules);
    for (const until = performance.now() + COUNTING_MS; total === undefined && performance.now() < until;) {
      const step = counting.next();
      if (step.done === true) total = step.value;
    }
    onProgress({ files, bytes, totalFiles: Math.max(files, total?.files ?? 0), totalBytes: Math.max(bytes, total?.bytes ?? 0), counted: total !== undefined });
  };
  let timer: NodeJS.Timeout = setTimeout(() => {
    tell();
    timer = setInterval(tell, EVERY_MS).unref();
  }, FIRST_MS).unref();
  return {
    add: (moreFiles, moreBytes) => {
      files += moreFiles;
      bytes += moreBytes;
    },
    end: () => clearTimeout(timer),
  };
};

/** What cannot be looked at is told by the reading itself. */
const sizeOf = (path: FilePath): number => {
  try {
    return lstatSync(systemPath(path)).size;
  } catch {
    return 0;
  }
};

type Total = { readonly files: number; readonly bytes: number };

/** Files and bytes below a folder; a step per folder, or per hundred files of it. Links are counted as what they are. */
function* countTree(root: FilePath, rules: TreeRules): Generator<void, Total> {
  let [files, bytes] = [0, 0];
  for (const { path, entries } of walkTree(root, rules, { follow: false })) {
    for (const [index, { name, kind }] of entries.entries()) {
      if (kind === 'file') {
        files += 1;
        bytes += sizeOf(pathIn(path, name));
      }
      if (index % 100 === 99) yield;
    }
    yield;
  }
  return { files, bytes };
}
