import { countOf, EXIT, type ExitCode } from '#base';
import type { Run } from '#manifest';
import { compareMetric } from './compare-metric.ts';
import { type MetricPairOutcome, type Outcome, OUTCOME_KINDS, type OutcomeKind, type OutputFacts, type OutputOutcome, type ReplayFacts } from './outcome.ts';
import { outputOutcome } from './output-outcome.ts';

/**
 * The outcome of a replay. A definite difference wins over what is unknown; what is unknown wins over everything good; an
 * empty set of results never passes. Metrics can only soften a difference of outputs to metric-equal, and only if there are
 * metrics and each of them is equal or within its declared tolerance.
 */
export const outcomeOf = (facts: ReplayFacts): Outcome => {
  const outputs = facts.outputs.map(outputOutcome);
  const metrics = facts.metrics.map((pair) => ({ pair, outcome: compareMetric(pair.recorded, pair.replayed, pair.tolerance) }));
  const { kind, because } =
    ended(facts.exit) ??
    weigh(
      outputs.filter((output) => output.counts),
      metrics,
      facts.extra.filter((output) => output.role !== 'cache'),
    );
  return { kind, because, outputs, extra: facts.extra, metrics };
};

type Judgement = Pick<Outcome, 'kind' | 'because'>;

/** What the end of the program alone decides; undefined if it ended as recorded. */
const ended = (exit: ReplayFacts['exit']): Judgement | undefined => {
  const { recorded, replayed, interference } = exit;
  if (replayed === undefined || replayed.kind === 'not-started')
    return { kind: 'undecided', because: [`the replay could not be started${interference === undefined ? '' : `: ${interference}`}`] };
  if (recorded.kind === 'lost' || replayed.kind === 'lost') return { kind: 'undecided', because: ['nobody saw how the program ended'] };
  if (sameExit(recorded, replayed)) return undefined;
  const change = `the program ended with ${exitText(replayed)}, the recorded one with ${exitText(recorded)}`;
  return interference === undefined ? { kind: 'different', because: [change] } : { kind: 'undecided', because: [change, `the replay itself may be the cause: ${interference}`] };
};

/** Whether two programs ended alike. */
export const sameExit = (a: Run['exit'], b: Run['exit']): boolean => exitText(a) === exitText(b);

const exitText = (exit: Run['exit']): string => (exit.kind === 'signalled' ? `signal ${exit.signal ?? 'unknown'}` : `exit code ${exit.code ?? 'unknown'}`);

const weigh = (outputs: readonly OutputOutcome[], metrics: readonly MetricPairOutcome[], extra: readonly OutputFacts[]): Judgement => {
  if (outputs.length === 0 && metrics.length === 0) return { kind: 'undecided', because: ['the recorded run left no output and no metric, so there is nothing to compare'] };
  const changed = outputs.filter((output) => output.kind === 'different');
  const changedMetrics = metrics.filter((metric) => metric.outcome.kind === 'different');
  if (changed.length + changedMetrics.length > 0) return judgeDifference(changed, changedMetrics, metrics);
  const open = openQuestions(outputs, metrics, extra);
  if (open.length > 0) return { kind: 'undecided', because: open };
  const kind = worst([...outputs.map((output) => output.kind), ...metrics.map((metric) => (metric.outcome.kind === 'identical' ? 'identical' : 'within-tolerance'))]);
  return { kind, because: [summary(outputs, metrics)] };
};

const judgeDifference = (changed: readonly OutputOutcome[], changedMetrics: readonly MetricPairOutcome[], metrics: readonly MetricPairOutcome[]): Judgement => {
  const because = [
    ...changedMetrics.map(({ pair, outcome }) => `metric ${pair.name}: ${outcome.because}`),
    ...changed.map(({ pair, because: why }) => `${pair.recorded.path}: ${why}`),
  ];
  const metricsAgree = metrics.length > 0 && metrics.every(({ outcome }) => outcome.kind === 'identical' || outcome.kind === 'within-tolerance');
  return metricsAgree
    ? { kind: 'metric-equal', because: [`${countOf(metrics.length, 'metric')} equal or within tolerance, but outputs differ`, ...because] }
    : { kind: 'different', because };
};

const openQuestions = (outputs: readonly OutputOutcome[], metrics: readonly MetricPairOutcome[], extra: readonly OutputFacts[]): readonly string[] => [
  ...outputs.filter((output) => output.kind === 'undecided').map(({ pair, because }) => `${pair.recorded.path}: ${because}`),
  ...metrics.filter(({ outcome }) => outcome.kind === 'undecided').map(({ pair, outcome }) => `metric ${pair.name}: ${outcome.because}`),
  ...extra.map((output) => `${output.path}: only the replay wrote it`),
];

const worst = (kinds: readonly OutcomeKind[]): OutcomeKind => kinds.reduce((a, b) => (OUTCOME_KINDS.indexOf(a) >= OUTCOME_KINDS.indexOf(b) ? a : b), 'identical');

const summary = (outputs: readonly OutputOutcome[], metrics: readonly MetricPairOutcome[]): string => {
  const parts = OUTCOME_KINDS.flatMap((kind) => {
    const count = outputs.filter((output) => output.kind === kind).length;
    return count === 0 ? [] : [`${countOf(count, 'output')} ${kind}`];
  });
  const same = metrics.filter(({ outcome }) => outcome.kind === 'identical').length;
  const near = metrics.length - same;
  return [...parts, ...(same === 0 ? [] : [`${countOf(same, 'metric')} identical`]), ...(near === 0 ? [] : [`${countOf(near, 'metric')} within tolerance`])].join(', ');
};

/** Exit code of a replay. `acceptMetricEqual` is what the policy says about metric-equal. */
export const exitOfOutcome = (kind: OutcomeKind, acceptMetricEqual: boolean = false): ExitCode => {
  switch (kind) {
    case 'identical':
    case 'content-identical':
    case 'within-tolerance':
      return EXIT.yes;
    case 'metric-equal':
      return acceptMetricEqual ? EXIT.yes : EXIT.undecided;
    case 'different':
      return EXIT.no;
    case 'undecided':
      return EXIT.undecided;
  }
};
