import type { Manifest } from '#manifest';
import type { Cell, Difference } from './comparison.ts';
import { memberAt } from './json-equal.ts';

const VARIABLE = '/environment/variables/*';

/**
 * Variables of which only keyed commitments are recorded. The key lies outside the record, and another key gives other
 * commitments: if not a single common one agrees, nothing is known about any of them.
 */
export const committedElsewhere = (differences: readonly Difference[], manifests: readonly Manifest[]): readonly Difference[] => {
  const comparable = shareKey(manifests);
  return differences.map((difference) => (difference.path === VARIABLE ? judged(difference, comparable) : difference));
};

const commitments = (manifest: Manifest): ReadonlyMap<string, string> =>
  new Map(manifest.environment.variables.flatMap(({ name, shown, commitment }) => (shown === 'commitment' && commitment !== undefined ? [[name, commitment] as const] : [])));

const shareKey = (manifests: readonly Manifest[]): boolean => {
  const [first, ...others] = manifests.map(commitments);
  return others.every((other) => [...(first ?? [])].some(([name, commitment]) => other.get(name) === commitment));
};

const judged = (difference: Difference, comparable: boolean): Difference => {
  const shown = new Set(difference.cells.flatMap((cell) => (cell.kind === 'value' ? [memberAt(cell.value, 'shown')] : [])));
  if (difference.kind !== 'changed' || (shown.size === 1 && shown.has('value'))) return difference;
  if (shown.size === 1 && shown.has('commitment') && comparable)
    return { ...difference, details: [...difference.details, { kind: 'note', text: 'the value changed; it is not recorded, only a commitment to it' }] };
  const because = shown.size > 1 ? 'recorded in different ways' : shown.has('masked') ? 'masked, because it looked like a secret' : 'committed under another key';
  return { ...difference, kind: 'unknown', cells: difference.cells.map((cell): Cell => (cell.kind === 'value' ? { kind: 'unknown', because, of: cell.value } : cell)) };
};
