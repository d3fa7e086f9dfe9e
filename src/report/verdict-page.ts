import { countOf } from '#base';
import { type Check, CHECK_NAMES, type CheckName, type CheckOutcome, type Verdict } from '#verify';
import { atMost, bad, faint, good, type Line, open, type Page, rows, type Row, type Span } from './page.ts';
import { shortId, shortPath } from './short.ts';

const KINDS: Readonly<Record<Verdict['kind'], Span>> = { proven: good('proven'), refuted: bad('refuted'), undecided: open('undecided') };

const OUTCOMES: Readonly<Record<CheckOutcome, (text: string) => Span>> = { held: good, broken: bad, unknown: open, 'not-asked': faint };

const TITLES: Readonly<Record<CheckName, string>> = {
  payload: 'payload',
  schema: 'schema',
  identity: 'identity',
  view: 'readable view',
  subjects: 'subjects',
  events: 'event logs',
  logs: 'recorded output',
  objects: 'stored bytes',
  outputs: 'outputs',
  model: 'model',
  data: 'data',
  code: 'code',
  environment: 'environment',
  signature: 'signature',
  trust: 'trust',
  time: 'time',
  log: 'log',
  statements: 'further statements',
};

/** The question, the answer, and every check with its outcome. */
export const verdictPage = (verdict: Verdict, explain: boolean = false): Page => [
  { kind: 'paragraph', line: [verdict.question] },
  {
    kind: 'paragraph',
    line: [
      KINDS[verdict.kind],
      faint(verdict.run === undefined ? '' : `  ${verdict.run.name ?? shortId(verdict.run.id)}`),
      faint(verdict.manifestSha256 === undefined ? '' : `  sha256 ${verdict.manifestSha256}`),
    ],
  },
  {
    kind: 'rows',
    rows: [
      ...CHECK_NAMES.flatMap((name) =>
        checkRows(
          name,
          verdict.checks.filter((check) => check.name === name),
          explain,
        ),
      ),
      ...trustRows(verdict),
    ],
  },
];

/** One line for a check of one thing; for many a counter, and a line for each that did not hold. */
const checkRows = (name: CheckName, checks: readonly Check[], explain: boolean): readonly Row[] => {
  if (checks.length === 0) return [];
  if (explain) return rows(TITLES[name], checks.flatMap(explainedLines));
  const [only] = checks;
  if (checks.length === 1 && only !== undefined) return rows(TITLES[name], [checkLine(only)]);
  const counts = (['held', 'broken', 'unknown', 'not-asked'] as const).flatMap((outcome): readonly Span[] => {
    const count = checks.filter((check) => check.outcome === outcome).length;
    return count === 0 ? [] : [OUTCOMES[outcome](`${count} ${outcome.replace('-', ' ')}`)];
  });
  const head = counts.flatMap((count, i) => (i === 0 ? [count] : ['  ', count]));
  const open = checks.filter(({ outcome }) => outcome === 'broken' || outcome === 'unknown').toSorted((a, b) => (a.outcome === b.outcome ? 0 : a.outcome === 'broken' ? -1 : 1));
  return rows(TITLES[name], [head, ...atMost(open.map(checkLine), 20, 'checks')]);
};

/** A check, and below it exactly what it looked at. */
const explainedLines = (check: Check): readonly Line[] => [checkLine(check), ...(check.inputs ?? []).map(([what, value]): Line => [faint(`  ${what}: `), value])];

const checkLine = ({ outcome, about, because }: Check): Line => [
  OUTCOMES[outcome](outcome.replace('-', ' ')),
  about === undefined ? '' : `  ${shortPath(about)}`,
  faint(`  ${because}`),
];

const trustRows = ({ trust, gaps, unknownFields, code }: Verdict): readonly Row[] => [
  ...(trust === undefined
    ? []
    : rows('recorder', [
        [trust === 'self-attested' ? open('self-attested') : trust, faint(trust === 'self-attested' ? '  the record says what the machine that wrote it claims' : '')],
      ])),
  ...(gaps.length === 0
    ? []
    : rows('gaps', [
        [open(`${countOf(gaps.length, 'place')} the recorder could not see, and this verdict does not speak of`)],
        ...atMost(
          gaps.map(({ about, reason }): Line => [`  ${about}: `, reason]),
          5,
          'gaps',
        ),
      ])),
  ...(unknownFields.length === 0
    ? []
    : rows(
        'not understood',
        atMost(
          unknownFields.map((pointer): Line => [pointer]),
          5,
          'fields',
        ),
      )),
  ...(code === undefined ? [] : rows('reason', [[open(code), '  use a newer trainlock']])),
];
