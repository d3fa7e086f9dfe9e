import type { TreeFinding } from './tree-task.ts';

/** Kinds that mean that the list lacks a file which it should have. */
const MISSING: ReadonlySet<TreeFinding['kind']> = new Set(['unreadable', 'changed', 'vanished', 'limit']);

/** Whether a finding says that a file which was met is not in the list. */
export const isMissing = ({ kind }: Pick<TreeFinding, 'kind'>): boolean => MISSING.has(kind);

/** Whether a tree has every file that was met in it. */
export const isComplete = (found: readonly TreeFinding[]): boolean => !found.some(isMissing);
