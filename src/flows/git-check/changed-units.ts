import type { ChangedFile } from '../git/git-files.ts';
import { type DocumentPart, documentPart } from './document-part.ts';

export type ChangedPart = ChangedFile & DocumentPart;

/** A thing of ours of which something differs: a record, an approval, a policy. */
export type ChangedUnit = {
  readonly kind: DocumentPart['kind'];
  readonly project: string;
  /** What its files are called without what tells them apart. */
  readonly unit: string;
  /** Those that differ. */
  readonly parts: readonly ChangedPart[];
};

/** The changed files that are ours, each thing by itself, in the order of their names. What only lies elsewhere now has not changed. */
export const changedUnits = (files: readonly ChangedFile[], stores: readonly string[] = []): readonly ChangedUnit[] => {
  const units = new Map<string, ChangedUnit & { readonly parts: ChangedPart[] }>();
  for (const file of withoutMoved(files)) {
    const part = documentPart(file.path, stores);
    if (part === undefined) continue;
    const { kind, project, unit } = part;
    const known = units.get(unit);
    if (known === undefined) units.set(unit, { kind, project, unit, parts: [{ ...file, ...part }] });
    else known.parts.push({ ...file, ...part });
  }
  return [...units.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
};

/** A whole project may move: what goes from one folder and comes in another, with the same name and the same bytes, is still there. */
const withoutMoved = (files: readonly ChangedFile[]): readonly ChangedFile[] => {
  const key = (path: string, oid: string): string => `${path.slice(path.lastIndexOf('.trainlock/'))} ${oid}`;
  const come = new Set(files.flatMap(({ path, before, after }) => (before === undefined && after !== undefined && path.includes('.trainlock/') ? [key(path, after.oid)] : [])));
  return files.filter(({ path, before, after }) => !(before !== undefined && after === undefined && path.includes('.trainlock/') && come.has(key(path, before.oid))));
};
