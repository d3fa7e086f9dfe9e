import type { Requirement, Role } from './policy.ts';

/** Who has given, or could give, approval, and in which roles. */
export type Approvers = ReadonlyMap<string, ReadonlySet<Role>>;

export type Assignment = {
  /** Who stands for each requirement, in its order; nobody stands for two. */
  readonly by: readonly (readonly string[])[];
  /** How many persons are missing for each requirement. */
  readonly missing: readonly number[];
};

/**
 * Gives each requirement its distinct persons, and no person to two requirements of one rule, so that as many places as possible are
 * filled. Source: maximum bipartite matching by augmenting paths, Kuhn 1955.
 */
export const assignApprovers = (requirements: readonly Requirement[], approvers: Approvers): Assignment => {
  const places = requirements.flatMap(({ roles, count }, at) => Array.from({ length: count }, () => ({ at, roles })));
  const people = [...approvers.keys()].toSorted();
  const fits = (person: string, place: number): boolean => places[place]!.roles.some((role) => approvers.get(person)!.has(role));
  const taken = new Map<string, number>();
  const find = (place: number, tried: Set<string>): boolean => {
    for (const person of people) {
      if (tried.has(person) || !fits(person, place)) continue;
      tried.add(person);
      const other = taken.get(person);
      if (other === undefined || find(other, tried)) {
        taken.set(person, place);
        return true;
      }
    }
    return false;
  };
  const filled = places.map((_, place) => find(place, new Set()));
  return {
    by: requirements.map((_, at) => people.filter((person) => taken.has(person) && places[taken.get(person)!]!.at === at)),
    missing: requirements.map((_, at) => places.filter((place, index) => place.at === at && !filled[index]).length),
  };
};
