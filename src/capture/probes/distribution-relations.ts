import { markerHolds, type MarkerEnvironment } from './marker.ts';
import type { FoundDistribution } from './read-distribution.ts';
import type { Requirement } from './requirement.ts';

export type RelationQuestion = {
  readonly found: ReadonlyMap<string, FoundDistribution>;
  /** What the project itself asks for. */
  readonly declared: readonly Requirement[];
  /** Top-level names that the run imported, by anybody. */
  readonly imported: ReadonlySet<string>;
  /** Top-level names that the code of the project imports itself, as far as it was read. */
  readonly importedByCode: ReadonlySet<string>;
  readonly markers: MarkerEnvironment;
};

export type Relation = { readonly relation: 'direct' | 'transitive' | 'unrelated' | 'unknown'; readonly requiredBy: readonly string[]; readonly imported: boolean };

/**
 * Why each distribution is there. direct: the project asks for it, its code imports it, or the run imported it and nobody requires
 * it. transitive: required, directly or not, by one that is there for a reason. unrelated: neither; unknown: there is no reason to start from.
 */
export const relationsOf = (question: RelationQuestion): ReadonlyMap<string, Relation> => {
  const { found } = question;
  const owners = ownersOf(found);
  const importedDistributions = ownedBy(question.imported, owners);
  const asked = question.declared.filter((requirement) => found.has(requirement.name) && markerHolds(requirement.marker, question.markers));
  const direct = new Set([...asked.map((requirement) => requirement.name), ...ownedBy(question.importedByCode, owners)]);
  const extras = extrasOf(question, asked);
  const edges = edgesOf(question, extras);
  const requiredBy = new Map<string, string[]>();
  for (const [name, targets] of edges) for (const target of targets) requiredBy.set(target, [...(requiredBy.get(target) ?? []), name]);
  for (const name of importedDistributions) if (!requiredBy.has(name)) direct.add(name);
  const reached = reach(direct, edges);
  return new Map(
    [...found.keys()].map((name) => {
      const relation = direct.has(name) ? 'direct' : reached.has(name) ? 'transitive' : direct.size === 0 ? 'unknown' : importedDistributions.has(name) ? 'direct' : 'unrelated';
      return [name, { relation, requiredBy: (requiredBy.get(name) ?? []).toSorted(), imported: importedDistributions.has(name) }] as const;
    }),
  );
};

/** Distributions by the top-level name that they let import. */
const ownersOf = (found: ReadonlyMap<string, FoundDistribution>): ReadonlyMap<string, readonly string[]> => {
  const owners = new Map<string, string[]>();
  for (const [name, distribution] of found) for (const top of distribution.imports) owners.set(top, [...(owners.get(top) ?? []), name]);
  return owners;
};

/** A name that several share (a namespace package) tells of none of them. */
const ownedBy = (names: ReadonlySet<string>, owners: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> =>
  new Set(
    [...names].flatMap((name) => {
      const own = owners.get(name) ?? [];
      return own.length === 1 ? own : [];
    }),
  );

/** Extras that anybody asks for, by distribution; asking for one can ask for others, so until nothing is new. */
const extrasOf = (question: RelationQuestion, asked: readonly Requirement[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const extras = new Map<string, Set<string>>();
  const queue: Requirement[] = [...asked];
  for (const distribution of question.found.values())
    queue.push(...distribution.requires.filter((requirement) => requirement.extras.length > 0 && markerHolds(requirement.marker, question.markers)));
  for (let requirement = queue.pop(); requirement !== undefined; requirement = queue.pop()) {
    const known = extras.get(requirement.name) ?? new Set<string>();
    extras.set(requirement.name, known);
    for (const extra of requirement.extras) {
      if (known.has(extra)) continue;
      known.add(extra);
      queue.push(...(question.found.get(requirement.name)?.requires.filter((below) => below.extras.length > 0 && markerHolds(below.marker, question.markers, extra)) ?? []));
    }
  }
  return extras;
};

const edgesOf = (question: RelationQuestion, extras: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...question.found].map(([name, distribution]) => {
      const asked = ['', ...(extras.get(name) ?? [])];
      const targets = distribution.requires.filter(
        (requirement) => requirement.name !== name && question.found.has(requirement.name) && asked.some((extra) => markerHolds(requirement.marker, question.markers, extra)),
      );
      return [name, new Set(targets.map((requirement) => requirement.name))] as const;
    }),
  );

const reach = (start: ReadonlySet<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> => {
  const reached = new Set(start);
  const queue = [...start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const target of edges.get(name) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      queue.push(target);
    }
  }
  return reached;
};

/** Top-level names that Python source imports. Line by line, so that hostile source costs linear time; strings that look like imports count too. */
export const importsOfSource = (source: string): readonly string[] => {
  const names = new Set<string>();
  for (const line of source.split('\n')) {
    const text = line.trimStart();
    if (text.startsWith('from ')) {
      const name = /^from\s+([A-Za-z_]\w*)/.exec(text)?.[1];
      if (name !== undefined) names.add(name);
    } else if (text.startsWith('import ')) {
      for (const part of text.slice(7, 2000).split(',')) {
        const name = /^\s*([A-Za-z_]\w*)/.exec(part)?.[1];
        if (name !== undefined) names.add(name);
      }
    }
  }
  return [...names];
};
