import { countOf } from '#base';
import type { GateDecision, GateFinding, GateStep, StepName } from '#gate';
import { atMost, bad, type Block, faint, good, type Line, open, type Page, type Span, strong } from './page.ts';
import type { ReportedFinding } from './findings/reported-finding.ts';

export type GateView = {
  readonly decision: GateDecision;
  readonly run: { readonly id: string; readonly name?: string };
  readonly manifestSha256?: string;
  readonly environment: string;
  readonly policy: { readonly path: string; readonly sha256: string };
};

const VERDICTS: Readonly<Record<GateDecision['kind'], Span>> = { allowed: good('allowed'), denied: bad('denied'), undecided: open('undecided') };

const OUTCOMES: Readonly<Record<GateStep['outcome'], (text: string) => Span>> = { held: good, wrong: bad, unknown: open, 'not-asked': faint };

const TITLES: Readonly<Record<StepName, string>> = {
  record: 'record',
  signature: 'signature',
  log: 'log',
  life: 'life',
  review: 'review',
  approvals: 'approvals',
  model: 'model',
  criteria: 'criteria',
  evaluations: 'evaluations',
  replay: 'replay',
  serving: 'serving code',
  canary: 'canary',
  environment: 'environment',
  upstream: 'upstream',
  'break-glass': 'break-glass',
};

/** May it run: the answer, every question with its outcome, and how to mend what stands in the way. */
export const gatePage = ({ decision, run, manifestSha256, environment, policy }: GateView): Page => [
  {
    kind: 'paragraph',
    line: [
      VERDICTS[decision.kind],
      ...(decision.level === undefined ? [] : [bad('  BREAK-GLASS')]),
      `  ${run.name ?? run.id.slice(0, 8)} in ${environment}`,
      faint(manifestSha256 === undefined ? '' : `  sha256 ${manifestSha256.slice(0, 16)}`),
    ],
  },
  {
    kind: 'rows',
    rows: decision.steps.map(({ name, outcome, because }) => ({ label: TITLES[name], lines: [[OUTCOMES[outcome](outcome.replace('-', ' ')), faint(`  ${because}`)]] })),
  },
  ...findingBlocks(
    'stands in the way',
    decision.steps.flatMap(({ findings }) => findings.filter(({ excused }) => excused === undefined)),
  ),
  ...findingBlocks(
    'excused',
    decision.steps.flatMap(({ findings }) => findings.filter(({ excused }) => excused !== undefined)),
  ),
  { kind: 'paragraph', line: [faint(`policy ${policy.path}  sha256 ${policy.sha256}`)], apart: true },
];

const MOST_FINDINGS = 20;

const findingBlocks = (title: string, findings: readonly GateFinding[]): readonly Block[] => {
  if (findings.length === 0) return [];
  const more = findings.length - MOST_FINDINGS;
  return [
    { kind: 'heading', line: [strong(title)] },
    { kind: 'list', items: findings.slice(0, MOST_FINDINGS).map((finding) => ({ line: headLine(finding), inner: innerLines(finding) })) },
    ...(more <= 0 ? [] : [{ kind: 'paragraph' as const, line: [faint(`… and ${countOf(more, 'more finding')}: --json has them all`)] }]),
  ];
};

const headLine = ({ id, severity, outcome, about, because, excused }: GateFinding): Line => {
  const tone = excused !== undefined ? faint : outcome === 'unknown' ? open : bad;
  return [tone(`${id} ${severity}${outcome === 'unknown' ? ', unknown' : ''}`), about === undefined ? '' : `  ${about}`, `: ${because}`];
};

const innerLines = ({ excused, remedies, exception, uncounted = [] }: GateFinding): readonly Line[] =>
  excused !== undefined
    ? [[excused.by === 'break-glass' ? bad(`BREAK-GLASS: ${excused.because}`) : faint(`${excused.by}: ${excused.because}`)]]
    : [
        ...atMost(
          uncounted.map((because): Line => [open(because)]),
          3,
          'exceptions',
        ),
        ...atMost(
          remedies.map((remedy): Line => [faint('fix: '), remedy]),
          5,
          'commands',
        ),
        ...(exception === undefined ? [] : [[faint('or, by two persons: '), exception]]),
      ];

/** What the gate found, for code hosts, scanners and test reports: what is excused is a note. */
export const gateFindings = ({ steps }: GateDecision, file: string): readonly ReportedFinding[] =>
  steps.flatMap(({ findings }) =>
    findings.map(({ id, outcome, about, because, excused, remedies }) => ({
      id,
      severity: excused !== undefined ? 'note' : outcome === 'wrong' ? 'error' : 'warning',
      message: `${about === undefined ? '' : `${about}: `}${because}${excused === undefined ? '' : ` (excused, ${excused.by === 'break-glass' ? 'BREAK-GLASS' : excused.by}: ${excused.because})`}`,
      file,
      ...(remedies.length === 0 || excused !== undefined ? {} : { fix: remedies.join('\n') }),
    })),
  );
