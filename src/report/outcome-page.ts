import type { MetricPair, MetricPairOutcome, Outcome, OutcomeKind, OutputOutcome } from '#diff';
import { atMost, bad, faint, good, type Line, open, type Page, rows, type Row, type Span } from './page.ts';
import { shortPath } from './short.ts';

/** The word for an outcome. */
export const outcomeSpan = (kind: OutcomeKind): Span => {
  switch (kind) {
    case 'identical':
    case 'content-identical':
    case 'within-tolerance':
      return good(WORDS[kind]);
    case 'metric-equal':
    case 'undecided':
      return open(WORDS[kind]);
    case 'different':
      return bad(WORDS[kind]);
  }
};

/** The outcomes as people say them. */
const WORDS: Readonly<Record<OutcomeKind, string>> = {
  identical: 'identical',
  'content-identical': 'content-identical',
  'within-tolerance': 'within tolerance',
  'metric-equal': 'metric-equal',
  different: 'different',
  undecided: 'undecided',
};

/** What a replay proved: the outcome, why, and every output and metric. */
export const outcomePage = (outcome: Outcome): Page => [
  { kind: 'paragraph', line: [outcomeSpan(outcome.kind), faint(outcome.because.length === 1 ? `  ${withoutProject(outcome.because[0]!)}` : '')] },
  {
    kind: 'rows',
    rows: [
      ...(outcome.because.length > 1
        ? rows(
            'because',
            atMost(
              outcome.because.map((reason): Line => [withoutProject(reason)]),
              10,
              'reasons',
            ),
          )
        : []),
      ...outputRows(outcome),
      ...metricRows(outcome.metrics),
    ],
  },
];

/** Reasons name outputs by their recorded path. */
const withoutProject = (text: string): string => text.replaceAll('${project}/', '');

const outputRows = ({ outputs, extra }: Outcome): readonly Row[] => {
  const told = outputs.toSorted((a, b) => rank(b.kind) - rank(a.kind));
  return [
    ...rows('outputs', atMost(told.map(outputLine), 20, 'outputs')),
    ...rows(
      'only in the replay',
      atMost(
        extra.map(({ path, role }): Line => [shortPath(path), faint(`  ${role}`)]),
        10,
        'outputs',
      ),
    ),
  ];
};

const RANKS: readonly OutcomeKind[] = ['identical', 'content-identical', 'within-tolerance', 'metric-equal', 'undecided', 'different'];

const rank = (kind: OutcomeKind): number => RANKS.indexOf(kind);

const outputLine = ({ pair, kind, because, counts }: OutputOutcome): Line => {
  const other = pair.replayed === undefined || pair.replayed.path === pair.recorded.path ? '' : ` (there ${shortPath(pair.replayed.path)}, paired by ${pair.pairedBy})`;
  return [outcomeSpan(kind), `  ${shortPath(pair.recorded.path)}${other}`, faint(`  ${because}${counts ? '' : '; does not count'}`)];
};

const metricName = ({ name, stage, split, step }: MetricPair): string =>
  [name, ...[stage, split, step === undefined ? undefined : `step ${step}`].filter((part) => part !== undefined)].join(', ');

/** Metrics that are not identical one by one; identical ones as a counter, or alone with their value. */
const metricRows = (metrics: readonly MetricPairOutcome[]): readonly Row[] => {
  const same = metrics.filter(({ outcome }) => outcome.kind === 'identical');
  const others = metrics.filter(({ outcome }) => outcome.kind !== 'identical');
  const lines: readonly Line[] = [
    ...others.map(({ pair, outcome }): Line => [
      outcomeSpan(outcome.kind),
      `  ${metricName(pair)} ${pair.recorded?.value ?? '(none)'} → ${pair.replayed?.value ?? '(none)'}`,
      faint(`  ${outcome.because}`),
    ]),
    ...(same.length <= 3
      ? same.map(({ pair, outcome }): Line => [outcomeSpan('identical'), `  ${metricName(pair)} ${pair.recorded?.value ?? ''}`, faint(`  ${outcome.because}`)])
      : [[outcomeSpan('identical'), `  ${same.length} metrics`]]),
  ];
  return rows('metrics', atMost(lines, 20, 'metrics'));
};
