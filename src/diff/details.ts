import { compareVersions } from '#manifest';
import type { Detail, Difference, FieldChange } from './comparison.ts';
import { memberAt } from './json-equal.ts';

/** Adds what the cells of a difference between two manifests mean: upgrades of versions, things that only moved. */
export const withDetails = (difference: Difference): Difference => {
  if (difference.cells.length !== 2) return difference;
  const details = [...difference.details, ...versionDetail(difference), ...movedDetail(difference)];
  return details.length === difference.details.length ? difference : { ...difference, details };
};

const ends = (change: FieldChange): readonly [string, string] | undefined => {
  const [a, b] = [change.cells[0], change.cells.at(-1)];
  return a?.kind === 'value' && b?.kind === 'value' && typeof a.value === 'string' && typeof b.value === 'string' ? [a.value, b.value] : undefined;
};

const VERSIONED = new Set(['/dependencies/distributions/*', '/dependencies/interpreters/*', '/dependencies/numeric/*', '/environment/threadPools/*']);

const versionDetail = (difference: Difference): readonly Detail[] => {
  if (!VERSIONED.has(difference.path) || difference.kind !== 'changed') return [];
  const change = difference.changes.find(({ path }) => path === `${difference.path}/version`);
  const versions = change === undefined ? sameVersion(difference) : ends(change);
  if (versions === undefined) return [];
  const [from, to] = versions;
  if (from === to) return difference.changes.some(({ path }) => path.endsWith('Sha256')) ? [{ kind: 'version', from, to, direction: 'rebuilt' }] : [];
  const order = compareVersions(from, to);
  return [{ kind: 'version', from, to, direction: order === undefined || order === 0 ? 'unordered' : order < 0 ? 'upgrade' : 'downgrade' }];
};

const sameVersion = (difference: Difference): readonly [string, string] | undefined => {
  const cell = difference.cells[0];
  const version = cell?.kind === 'value' ? memberAt(cell.value, 'version') : undefined;
  return typeof version === 'string' ? [version, version] : undefined;
};

const movedDetail = (difference: Difference): readonly Detail[] => {
  const moved = difference.changes.find(({ path }) => path === `${difference.path}/path` || path === '/data/*/name');
  const versions = moved === undefined ? undefined : ends(moved);
  return versions === undefined ? [] : [{ kind: 'moved', from: versions[0], to: versions[1] }];
};
