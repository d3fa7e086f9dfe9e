import type { Manifest } from '#manifest';
import type { Difference } from './comparison.ts';
import { itemOf, memberAt, textAt } from './json-equal.ts';

/** What the rules look up: which causes there are. */
type Known = {
  readonly root: boolean;
  readonly seeds: boolean;
  readonly codeFiles: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
};

/** Marks differences that follow from another one, so that one cause is told once. */
export const withConsequences = (differences: readonly Difference[], manifests: readonly Manifest[]): readonly Difference[] => {
  const changed = differences.filter(({ kind }) => kind !== 'unknown');
  const root = changed.some(({ path }) => path === '/randomness/root');
  const known: Known = {
    root: root && manifests.some(({ randomness }) => randomness.generators.some(({ how }) => how === 'owned')),
    seeds: root || changed.some(({ path, class: group }) => group === 'seed' && path !== '/randomness/states/*'),
    codeFiles: new Set(changed.filter(({ path }) => path === '/code/files/*').map(({ label }) => label)),
    packages: new Set(changed.filter(({ path }) => path === '/dependencies/distributions/*').map(({ label }) => label)),
  };
  return differences.map((difference) => {
    const follows = difference.class === 'context' ? undefined : consequence(difference, known);
    if (follows !== undefined) return { ...difference, follows };
    if (difference.path === '/randomness/root' && known.root)
      return { ...difference, details: [...difference.details, { kind: 'note', text: 'unseeded sources drew other numbers' }] };
    return difference.path === '/randomness/states/*' ? stateAsResult(difference) : difference;
  });
};

const consequence = (difference: Difference, known: Known): string | undefined => {
  switch (difference.path) {
    case '/randomness/generators/*':
      return known.root && onlyOwnedSeed(difference) ? 'the entropy root differs, so unseeded sources drew other seeds' : undefined;
    case '/randomness/hashSeed':
      return known.root && all(difference, 'source', 'drawn') ? 'the entropy root differs, so another hash seed was drawn' : undefined;
    case '/randomness/states/*':
      return known.seeds ? 'seeds differ' : undefined;
    case '/run/entryPoint':
      return difference.cells.some((cell) => cell.kind === 'value' && known.codeFiles.has(textAt(cell.value, 'path'))) ? 'the same file is told under code' : undefined;
    case '/code/snapshot':
      return known.codeFiles.size > 0 ? 'code files differ' : undefined;
    case '/dependencies/numeric/*':
      return known.packages.has(difference.label) ? `the package ${difference.label} differs` : undefined;
    case '/dependencies/native/*':
      return ownerChanged(difference, known);
    case '/environment/threadPools/*':
      return known.packages.size > 0 && difference.changes.every(({ path, context }) => context || /\/(version|path|configuration)$/.test(path)) && difference.kind === 'changed'
        ? 'a package that brings the library differs'
        : undefined;
    default:
      return undefined;
  }
};

const all = (difference: Difference, member: string, value: string): boolean => difference.cells.every((cell) => memberAt(itemOf(cell), member) === value);

const onlyOwnedSeed = (difference: Difference): boolean =>
  all(difference, 'how', 'owned') && difference.changes.every(({ path, context }) => context || path === '/randomness/generators/*/seed');

const ownerChanged = (difference: Difference, known: Known): string | undefined => {
  const owners = difference.cells.flatMap((cell) => (cell.kind === 'value' && memberAt(cell.value, 'owner.kind') === 'distribution' ? [textAt(cell.value, 'owner.name')] : []));
  const owner = owners.find((name) => known.packages.has(name));
  return owner === undefined ? undefined : `the package ${owner} differs`;
};

/** With equal seeds, another state is news about the runs, not a cause. */
const stateAsResult = (difference: Difference): Difference => ({
  ...difference,
  class: 'result',
  details: [...difference.details, { kind: 'note', text: 'the seeds are equal: a different amount of numbers was drawn, or they were drawn in another way' }],
});
