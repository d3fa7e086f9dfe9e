import picomatch from 'picomatch';
import type { FileName } from '#digest';
import type { TreeRules } from './tree-task.ts';

/** Deepest nesting, and most links to folders, that are followed: a tree of links can be endless without a loop. */
export const MAX_DEPTH = 200;
export const MAX_LINKED = 1000;

/** Folders that are never data: of version control, and our own. They are left out by name, wherever they lie. */
export const IGNORED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.trainlock']);

const matchers = new Map<string, (path: string) => boolean>();

/** Compiled once per set of globs and thread. */
const matcherOf = (globs: readonly string[]): ((path: string) => boolean) => {
  const key = globs.join('\0');
  const known = matchers.get(key);
  if (known !== undefined) return known;
  const matcher = picomatch([...globs], { dot: true });
  matchers.set(key, matcher);
  return matcher;
};

/** Whether a glob leaves an entry out, and with a folder everything below it. */
export const isIgnored = (name: FileName, below: FileName | undefined, rules: TreeRules): boolean =>
  rules.ignore.length > 0 && matcherOf(rules.ignore)(below === undefined ? name.path : `${below.path}/${name.path}`);
