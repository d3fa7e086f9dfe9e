import type { Manifest } from '#manifest';
import { compareMetric, type MetricOutcome, type MetricValue } from './compare-metric.ts';
import type { Cell, Detail, Difference } from './comparison.ts';
import { memberAt, textAt } from './json-equal.ts';

const METRIC = '/evaluation/metrics/*';

/** A series of values of one metric over steps becomes one difference: its last value, and how many of its values differ. */
export const foldMetrics = (differences: readonly Difference[], manifests: readonly Manifest[]): readonly Difference[] => {
  const series = new Map<string, Difference[]>();
  for (const difference of differences.filter(isMetric)) {
    const key = seriesKey(SERIES.map((member) => first(difference, member)));
    const group = series.get(key);
    if (group === undefined) series.set(key, [difference]);
    else group.push(difference);
  }
  const lengths = manifests.map(seriesLengths);
  const folded = [...series].map(([key, points]) => foldOne(points, Math.max(...lengths.map((length) => length.get(key) ?? 0)), manifests));
  return [...differences.filter((difference) => !isMetric(difference)), ...folded];
};

const SERIES = ['name', 'stage', 'split', 'source'];

const seriesKey = (members: readonly string[]): string => JSON.stringify(members);

const isMetric = (difference: Difference): boolean => difference.path === METRIC && difference.class === 'result';

/** How many values each series has. */
const seriesLengths = ({ evaluation }: Manifest): ReadonlyMap<string, number> => {
  const lengths = new Map<string, number>();
  for (const { name, stage = '', split = '', source } of evaluation.metrics) {
    const key = seriesKey([name, stage, split, source]);
    lengths.set(key, (lengths.get(key) ?? 0) + 1);
  }
  return lengths;
};

/** A member as text in the first manifest that has the value; numbers are their digits. */
const first = (difference: Difference, member: string): string =>
  difference.cells.map((cell) => (cell.kind === 'value' ? textAt(cell.value, member) : '')).find((text) => text !== '') ?? '';

const position = (difference: Difference): number => Number(first(difference, 'step')) * 1e6 + Number(first(difference, 'ordinal'));

const foldOne = (points: readonly Difference[], length: number, manifests: readonly Manifest[]): Difference => {
  const last = points.reduce((a, b) => (position(b) >= position(a) ? b : a));
  const [before, after] = [valueOf(last.cells[0]), valueOf(last.cells.at(-1))];
  const definition = manifests[0]?.evaluation.definitions?.find(({ metric }) => metric === first(last, 'name'));
  const outcome = compareMetric(before, after, {
    ...(definition?.absoluteTolerance === undefined ? {} : { absolute: definition.absoluteTolerance }),
    ...(definition?.relativeTolerance === undefined ? {} : { relative: definition.relativeTolerance }),
  });
  const detail: Detail = {
    kind: 'metric',
    points: length,
    differing: points.length,
    ...(outcome.delta === undefined || last.cells.length > 2 ? {} : { delta: outcome.delta }),
    ...(outcome.ulp === undefined || last.cells.length > 2 ? {} : { ulp: outcome.ulp }),
    verdict: last.cells.length === 2 ? verdictOf(outcome, definition?.direction) : 'unclear',
  };
  return { ...last, details: [...last.details, detail] };
};

const valueOf = (cell: Cell | undefined): MetricValue | undefined => {
  const value = cell?.kind === 'value' ? memberAt(cell.value, 'value') : undefined;
  const bits = cell?.kind === 'value' ? memberAt(cell.value, 'bits') : undefined;
  return typeof value === 'string' ? { value, ...(typeof bits === 'string' ? { bits } : {}) } : undefined;
};

const verdictOf = (outcome: MetricOutcome, direction: 'higher' | 'lower' | undefined): Extract<Detail, { kind: 'metric' }>['verdict'] => {
  if (outcome.kind === 'identical' || outcome.kind === 'within-tolerance') return 'same-within-tolerance';
  if (outcome.delta === undefined || direction === undefined) return 'unclear';
  return outcome.delta.startsWith('-') === (direction === 'lower') ? 'better' : 'worse';
};
