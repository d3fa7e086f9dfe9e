import { compareVersions, type Dependencies } from '#manifest';
import { isNeeded, majorOf } from './compare-distributions.ts';
import type { ResolvedPackage } from './read-pip-report.ts';

/** A package that another environment has in another version, or one of the two does not have. */
export type PackageMove = {
  readonly name: string;
  /** Recorded; absent for one that is new. */
  readonly from?: string;
  /** Absent for one that is gone. */
  readonly to?: string;
  /** asked: a person wants it. pulled-along: it must move with those. left-out: a person leaves it out. */
  readonly why: 'asked' | 'pulled-along' | 'left-out';
  readonly direction: 'newer' | 'older' | 'other' | 'new' | 'gone';
  /** As that of the same difference between two environments: high for another major version, low for what the run did not need. */
  readonly severity: 'high' | 'medium' | 'low';
};

type Distribution = Pick<Dependencies['distributions'][number], 'name' | 'version' | 'relation' | 'imported'>;

export type MoveQuestion = {
  /** Of the run. */
  readonly recorded: readonly Distribution[];
  readonly resolved: readonly Pick<ResolvedPackage, 'name' | 'version'>[];
  readonly asked: ReadonlySet<string>;
};

const RANK = { high: 0, medium: 1, low: 2 } as const;

/** What moves between a recorded environment and one that was resolved: what was asked for first, and then by severity and name. */
export const packageMoves = ({ recorded, resolved, asked }: MoveQuestion): readonly PackageMove[] => {
  const then = new Map(recorded.map((one) => [one.name, one]));
  const next = new Map(resolved.map((one) => [one.name, one.version]));
  const names = new Set([...then.keys(), ...next.keys()]);
  return [...names]
    .flatMap((name): readonly PackageMove[] => {
      const [before, to] = [then.get(name), next.get(name)];
      if (before?.version === to) return [];
      const severity = severityOf(before, to);
      const why = asked.has(name) ? 'asked' : to === undefined ? 'left-out' : 'pulled-along';
      return [{ name, ...(before === undefined ? {} : { from: before.version }), ...(to === undefined ? {} : { to }), why, direction: directionOf(before?.version, to), severity }];
    })
    .toSorted((a, b) => Number(b.why === 'asked') - Number(a.why === 'asked') || RANK[a.severity] - RANK[b.severity] || (a.name < b.name ? -1 : 1));
};

const directionOf = (from: string | undefined, to: string | undefined): PackageMove['direction'] => {
  if (from === undefined) return 'new';
  if (to === undefined) return 'gone';
  const order = compareVersions(from, to);
  return order === undefined || order === 0 ? 'other' : order < 0 ? 'newer' : 'older';
};

const severityOf = (before: Distribution | undefined, to: string | undefined): PackageMove['severity'] => {
  if (before === undefined) return 'medium';
  if (!isNeeded(before)) return 'low';
  if (to === undefined) return before.imported === true ? 'high' : 'medium';
  return majorOf(before.version) === majorOf(to) ? 'medium' : 'high';
};
