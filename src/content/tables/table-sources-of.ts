import { join } from 'node:path';
import { CONTAINERS, type TableFile, tableFormatOf, type TableSource } from './table-source.ts';

/** What may differ between the names of the files of one table: an identifier as Spark writes it, or a number. */
const VARYING = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+/gi;

/**
 * The tables that lie in files, by their names alone: files of one folder whose names differ in numbers only, and whose format is
 * the same, are one table; every other file is a table or a container of tables. `names` are relative to `root`, with forward
 * slashes; other files are passed over. `beside` are names of the same data at another time: a table has the same path on both
 * sides, even if only one of its files is left. Sorted by path. separateSources() then looks inside.
 */
export const tableSourcesOf = (root: string, names: readonly string[], beside: readonly string[] = []): readonly TableSource[] => {
  const [groups, others] = [groupsOf(names), groupsOf(beside)];
  return [...groups]
    .map(([key, { format, names: own }]) => ({
      // One file here and one there may be two tables; of several files and what is left of them one is meant.
      path: patternOf(Math.max(own.length, others.get(key)?.names.length ?? 0) === 1 ? own : [...own, ...(others.get(key)?.names ?? [])]),
      format,
      files: own.map((name): TableFile => ({ name, path: join(root, name) })),
    }))
    .sort((a, b) => byText(a.path, b.path));
};

type Group = { readonly format: TableSource['format']; readonly names: string[] };

const groupsOf = (names: readonly string[]): ReadonlyMap<string, Group> => {
  const groups = new Map<string, Group>();
  for (const name of [...names].sort(byText)) {
    const format = tableFormatOf(name);
    if (format === undefined) continue;
    const key = CONTAINERS.has(format) ? name : shapeOf(name);
    const group = groups.get(key) ?? { format, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  return groups;
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The folder as it is, and the name with every varying part replaced by a character that no name has. */
const shapeOf = (name: string): string => {
  const { folder, base } = partsOf(name);
  return folder + base.replace(VARYING, '\0');
};

const partsOf = (name: string): { readonly folder: string; readonly base: string } => {
  const cut = name.lastIndexOf('/') + 1;
  return { folder: name.slice(0, cut), base: name.slice(cut) };
};

/** The common name with * where the names differ; names of one shape have equally many parts. */
const patternOf = (names: readonly string[]): string => {
  const first = names[0]!;
  if (new Set(names).size === 1) return first;
  const { folder, base } = partsOf(first);
  const all = names.map((name) => partsOf(name).base.match(VARYING) ?? []);
  let at = -1;
  return (
    folder +
    base.replace(VARYING, (part) => {
      at += 1;
      return all.every((parts) => parts[at] === part) ? part : '*';
    })
  );
};
