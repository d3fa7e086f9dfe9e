import { countOf, escapeControl } from '#base';
import type { GateFacts, UpstreamFact } from '../gate-facts.ts';
import type { GateFinding, GateStep } from '../gate-finding.ts';
import { type OfColumn, orderRemedies, phraseOf, remedyOf } from './departure-text.ts';
import { openStep, stepOf } from './step-of.ts';

/** Fewer rows say nothing of ranges and shares. Unit: row. */
const LEAST_SAMPLE_ROWS = 30;

/** Is what reaches the model in production what it was trained on? A canary replays its own inputs: it says nothing of it, and excuses nothing. */
export const upstreamStep = (facts: GateFacts): GateStep => {
  const { upstream, rules, environment, reference } = facts;
  const ask = `trainlock gate --env ${environment} ${reference} --live-sample FILE`;
  if (upstream.kind === 'none') {
    const because = 'what reaches the model in production was not looked at';
    if (rules.upstream === 'none') return { name: 'upstream', outcome: 'not-asked', because, findings: [] };
    return openStep('upstream', [unknown(because, [`${ask}   # a table of inputs as they come now`])]);
  }
  if (upstream.kind === 'unknown') return openStep('upstream', [unknown(upstream.because, upstream.remedies)]);
  return stepOf('upstream', [...wrongFindings(upstream, `${reference}:${upstream.dataSet}`), ...unknownFindings(upstream)], heldText(upstream));
};

type Compared = Extract<UpstreamFact, { readonly kind: 'compared' }>;

const unknown = (because: string, remedies: readonly string[], about?: string): GateFinding => ({
  id: 'TL2001',
  severity: 'high',
  outcome: 'unknown',
  ...(about === undefined ? {} : { about }),
  found: 'unknown',
  because,
  remedies,
});

/** One finding for the order, and one for each column, whatever is wrong with it. */
const wrongFindings = ({ comparison: { departures } }: Compared, trained: string): readonly GateFinding[] => {
  const ofColumns = departures.filter((one) => one.kind !== 'order');
  const names = new Set(ofColumns.map(({ column }) => column));
  return [
    ...departures.flatMap((one) => (one.kind === 'order' ? [wrong('order of columns', { found: 'differs', because: phraseOf(one), remedies: orderRemedies(one) })] : [])),
    ...[...names].map((name) =>
      columnFinding(
        ofColumns.filter(({ column }) => column === name),
        { name, trained },
      ),
    ),
  ];
};

const wrong = (about: string, said: Pick<GateFinding, 'found' | 'because' | 'remedies'>): GateFinding => ({ id: 'TL2001', severity: 'high', outcome: 'wrong', about, ...said });

const columnFinding = (departures: readonly OfColumn[], { name, trained }: { readonly name: string; readonly trained: string }): GateFinding => {
  // A column that holds another one is mended by its place, whatever else is wrong with its values.
  const misplaced = departures.filter(({ kind }) => kind === 'like');
  const remedies = (misplaced.length > 0 ? misplaced : departures).map((departure) => remedyOf(departure, trained));
  // Not by how much: the next sample differs by a little more or less.
  const found = [...new Set(departures.map(({ kind }) => kind))].toSorted().join(', ');
  return wrong(`column ${escapeControl(name)}`, { found, because: departures.map(phraseOf).join('; '), remedies: [...new Set(remedies)] });
};

/** What does not suffice for a yes. */
const unknownFindings = ({ comparison: { columns, unseen, untrained, departures }, rows, dataSet }: Compared): readonly GateFinding[] => [
  ...(rows >= LEAST_SAMPLE_ROWS
    ? []
    : [unknown(`${countOf(rows, 'row')} ${rows === 1 ? 'says' : 'say'} nothing of ranges and shares`, [`give a sample of at least ${LEAST_SAMPLE_ROWS} rows; 1,000 say more`])]),
  ...untrained.map((name) =>
    unknown(
      `${dataSet} has no such column, so nobody knows what it was in training`,
      ['give the inputs of the canary the columns of the training data, and record the run again'],
      `column ${escapeControl(name)}`,
    ),
  ),
  ...(columns.length > unseen.length || untrained.length > 0 || (columns.length === 0 && departures.length > 0)
    ? []
    : [unknown(`the profile of ${dataSet} has no figures that compare`, [`data: { ${dataSet}: { profile: full } }   # in trainlock.yaml; then record the run again`])]),
];

const heldText = ({ comparison: { columns, unseen }, rows, hasMore, dataSet }: Compared): string => {
  const told = `${hasMore ? 'the first ' : ''}${countOf(rows, 'row')}, ${countOf(columns.length, 'column')} like those of ${dataSet}`;
  return unseen.length === 0 ? told : `${told}; of ${countOf(unseen.length, 'column')} only name, place, type and missing values were compared`;
};
