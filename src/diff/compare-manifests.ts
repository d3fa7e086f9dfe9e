import { CAUSE_CLASSES, type ChangeClass, isCauseClass, type Manifest } from '#manifest';
import { committedElsewhere } from './commitments.ts';
import type { Comparison, Difference } from './comparison.ts';
import { withConsequences } from './consequences.ts';
import { withDetails } from './details.ts';
import { findDifferences } from './find-differences.ts';
import { foldMetrics } from './fold-metrics.ts';

/** The order in which classes are told: what usually explains a result comes first. */
const CLASS_ORDER: readonly ChangeClass[] = [...CAUSE_CLASSES, 'result', 'context'];

/**
 * Compares two or more manifests; the first one is the reference. Everything that is not proven equal is told, in one of
 * four groups: causes (ranked by risk and relevance), results, consequences of causes, context. Never throws.
 */
export const compareManifests = (manifests: readonly [Manifest, Manifest, ...(readonly Manifest[])]): Comparison => {
  const { differences, equal } = findDifferences(manifests);
  const told = withConsequences(foldMetrics(committedElsewhere(differences, manifests), manifests).map(withDetails), manifests).toSorted(byRank);
  const causes = told.filter((difference) => difference.follows === undefined && isCauseClass(difference.class));
  return {
    runs: manifests.map(({ run }) => ({
      id: run.id,
      startedAt: run.startedAt,
      ...(run.name === undefined ? {} : { name: run.name }),
      ...(run.purpose === undefined ? {} : { purpose: run.purpose }),
    })),
    verdict: causes.some((difference) => difference.kind !== 'unknown') ? 'different' : causes.length > 0 ? 'undecided' : 'same',
    causes,
    results: told.filter((difference) => difference.follows === undefined && difference.class === 'result'),
    consequences: told.filter((difference) => difference.follows !== undefined),
    context: told.filter((difference) => difference.follows === undefined && difference.class === 'context'),
    equal: equal.toSorted((a, b) => CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class)),
  };
};

const KINDS: readonly Difference['kind'][] = ['changed', 'only-in', 'unknown'];

const byRank = (a: Difference, b: Difference): number =>
  CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) ||
  b.score - a.score ||
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
  (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
