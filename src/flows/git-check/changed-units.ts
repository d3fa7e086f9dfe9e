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

/** The changed files that are ours, each thing by itself, in the order of their names. */
export const changedUnits = (files: readonly ChangedFile[], stores: readonly string[] = []): readonly ChangedUnit[] => {
  const units = new Map<string, ChangedUnit & { readonly parts: ChangedPart[] }>();
  for (const file of files) {
    const part = documentPart(file.path, stores);
    if (part === undefined) continue;
    const { kind, project, unit } = part;
    const known = units.get(unit);
    if (known === undefined) units.set(unit, { kind, project, unit, parts: [{ ...file, ...part }] });
    else known.parts.push({ ...file, ...part });
  }
  return [...units.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
};
