import { countOf } from '#base';
import type { HistoryFinding } from '#history';
import { bad, faint, good, type Item, type Line, open, type Page, paragraph, row, type Row, rows, type Span, strong } from './page.ts';

/** What is wrong, with what settles it below. */
const historyFindings = (findings: readonly HistoryFinding[], unread: readonly { readonly path: string; readonly because: string }[]): Page => {
  const items = [
    ...findings.map(({ kind, severity, message, remedy }) => ({
      line: [severity === 'error' ? bad(`${kind}: `) : open(`${kind}: `), message] as Line,
      inner: (remedy ?? '').split('\n').flatMap((line): readonly Line[] => (line === '' ? [] : [[faint(line)]])),
    })),
    ...unread.map(({ path, because }) => ({ line: [bad('unread: '), `${path}: ${because}`] as Line, inner: [] })),
  ];
  return items.length === 0
    ? []
    : [
        { kind: 'heading', line: [open('Findings')] },
        { kind: 'list', items },
      ];
};

const notCountedBlocks = (notCounted: readonly { readonly path: string; readonly because: string }[]): Page =>
  notCounted.length === 0
    ? []
    : [
        { kind: 'heading', line: [open('Does not count')] },
        { kind: 'list', items: notCounted.map(({ path, because }) => ({ line: [path], inner: [[because]] })) },
      ];

type Called = { readonly runId: string; readonly manifestSha256: string; readonly name?: string };

const calledRun = ({ runId, name }: Pick<Called, 'runId' | 'name'>): string => (name === undefined ? runId.slice(0, 8) : `${name} (${runId.slice(0, 8)})`);

export type RolloutView = {
  readonly environments: readonly {
    readonly environment: string;
    readonly kind: 'known' | 'undecided';
    readonly running: readonly (Called & { readonly sharePercent: number; readonly since: string })[];
    readonly by?: { readonly sha256: string; readonly person: string; readonly reason: string; readonly at: string };
    readonly policy: { readonly kind: 'allowed' | 'denied' | 'undecided' | 'not-asked' | 'no-policy'; readonly because: readonly string[] };
    readonly findings: readonly HistoryFinding[];
    readonly places: readonly {
      readonly place: string;
      readonly kind: 'current' | 'overdue' | 'other' | 'undecided';
      readonly because: string;
      readonly dueAt?: string;
      readonly said?: { readonly runId: string; readonly name?: string; readonly modelSha256: string; readonly since: string; readonly gatedAt: string; readonly by: string };
    }[];
  }[];
  readonly unread: readonly { readonly path: string; readonly because: string }[];
  /** Promotions that do not count. */
  readonly notCounted: readonly { readonly path: string; readonly because: string }[];
  /** Environments of which only such promotions speak. */
  readonly unknown: readonly string[];
};

const POLICY: Readonly<Record<RolloutView['environments'][number]['policy']['kind'], Span>> = {
  allowed: good('allowed by the policy of now'),
  denied: bad('denied by the policy of now'),
  undecided: open('undecided by the policy of now'),
  'not-asked': faint('not asked'),
  'no-policy': open('the project has none'),
};

/** What environments run. */
export const rolloutPage = ({ environments, unread, notCounted, unknown }: RolloutView): Page => [
  ...(environments.length === 0 && unknown.length === 0 ? [paragraph('nothing was promoted')] : []),
  ...environments.flatMap(({ environment, kind, running, by, policy, findings, places }): Page => [
    { kind: 'heading', line: [strong(environment)] },
    {
      kind: 'rows',
      rows: [
        ...rows(
          'runs',
          kind === 'undecided' || unread.length > 0
            ? [[open('undecided: nobody knows')]]
            : running.length === 0
              ? [['nothing']]
              : running.map((run): Line => [`${calledRun(run)}  ${run.sharePercent} %`, faint(`  since ${run.since}`)]),
        ),
        ...byRows(by),
        ...rows('policy', by === undefined ? [] : [[POLICY[policy.kind]], ...policy.because.map((because): Line => [because])]),
        ...rows('at', places.flatMap(placeLines)),
      ],
    },
    ...historyFindings(findings, []),
  ]),
  ...unknown.flatMap((environment): Page => [
    { kind: 'heading', line: [strong(environment)] },
    { kind: 'rows', rows: row('runs', open('undecided: what was promoted does not count')) },
  ]),
  ...historyFindings([], unread),
  ...notCountedBlocks(notCounted),
];

type PlaceLines = RolloutView['environments'][number]['places'][number];

const PLACE: Readonly<Record<PlaceLines['kind'], Span>> = { current: good('as gated'), overdue: open('overdue'), other: bad('another run'), undecided: open('undecided') };

const placeLines = ({ place, kind, because, dueAt, said }: PlaceLines): readonly Line[] => [
  [`${place}  `, ...(said === undefined ? [] : [`${calledRun(said)}  `]), PLACE[kind], `: ${because}`],
  ...(said === undefined
    ? []
    : [[faint(`  since ${said.since}, gated ${said.gatedAt} by ${said.by}${dueAt === undefined ? '' : `, due ${dueAt}`}, model ${said.modelSha256.slice(0, 12)}`)] as Line]),
];

const byRows = (by: RolloutView['environments'][number]['by']): readonly Row[] =>
  by === undefined ? [] : [...row('by', by.person, faint(`  ${by.at}  ${by.sha256.slice(0, 12)}`)), ...row('why', by.reason)];

export type PromotionView = {
  readonly environment: string;
  readonly record: Called;
  readonly replaces?: Called;
  readonly sharePercent: number;
  readonly isReturn: boolean;
  readonly takesBack?: string;
  readonly hasPolicy: boolean;
  readonly change?: unknown;
  readonly deprecations: readonly { readonly about: string; readonly deprecation: { readonly reason: string; readonly from: string; readonly replacement?: string } }[];
};

/** What a promotion would do. */
export const promotionPage = ({ environment, record, replaces, sharePercent, isReturn, takesBack, hasPolicy, change, deprecations }: PromotionView): Page => {
  const isEmptied = sharePercent === 0 && replaces === undefined;
  return [
    {
      kind: 'rows',
      rows: [
        ...row('to', environment),
        ...row('run', calledRun(record), sharePercent === 100 ? '' : `  ${sharePercent} %${isEmptied ? ': nothing runs there any more' : ''}`),
        ...(isEmptied
          ? []
          : replaces === undefined
            ? row('replaces', 'nothing: no other run is there')
            : row('replaces', calledRun(replaces), sharePercent === 100 ? '' : `  ${100 - sharePercent} %`)),
        ...(takesBack === undefined ? [] : row('takes back', takesBack.slice(0, 12))),
        ...(change !== undefined
          ? []
          : row(
              'policy',
              hasPolicy && isReturn ? faint(`not asked: ${isEmptied ? 'no run gets work' : 'the run had done all the work there before'}`) : open('the project has none'),
            )),
        ...rows(
          'deprecated',
          deprecations.map(({ about, deprecation }): Line => [
            bad(`${about} from ${deprecation.from.slice(0, 10)} on: `),
            deprecation.reason,
            deprecation.replacement === undefined ? '' : `; in its place ${deprecation.replacement}`,
          ]),
        ),
      ],
    },
  ];
};

export type ImpactView =
  | {
      readonly kind: 'compared';
      readonly changes: readonly { readonly label: string; readonly class: string }[];
      readonly metrics: readonly { readonly name: string; readonly before?: string; readonly after?: string; readonly delta?: string; readonly verdict: string }[];
      readonly equal: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly because: string };

export type HistoryView = {
  readonly events: readonly {
    readonly kind: string;
    readonly sha256: string;
    readonly person: string;
    readonly reason: string;
    readonly at: string;
    readonly what: string;
    readonly state: 'counts' | 'taken-back' | 'expired';
    readonly leaf?: { readonly origin: string; readonly index: number };
    readonly impact?: ImpactView;
    readonly details?: readonly string[];
  }[];
  readonly life?: {
    readonly run: string;
    readonly amended: readonly {
      readonly pointer: string;
      readonly original?: string | readonly string[];
      readonly now?: string | readonly string[];
      readonly by: { readonly person: string };
    }[];
    readonly because: readonly string[];
  };
  readonly findings: readonly HistoryFinding[];
  readonly unread: readonly { readonly path: string; readonly because: string }[];
  readonly notCounted: readonly { readonly path: string; readonly because: string }[];
  readonly asOf?: { readonly origin: string; readonly size: number };
};

/** Who changed what, when and why, and what it did to the metrics; the oldest first. */
export const historyPage = ({ events, life, findings, unread, notCounted, asOf }: HistoryView): Page => [
  paragraph(
    events.length === 0 ? 'nobody has said anything' : countOf(events.length, 'statement'),
    faint(asOf === undefined ? ', no log at hand' : `, as of checkpoint ${asOf.size} of ${asOf.origin}`),
  ),
  { kind: 'list', items: events.map(eventItem) },
  ...(life === undefined || life.amended.length === 0
    ? []
    : [
        { kind: 'heading' as const, line: [strong(`${life.run} reads otherwise`)] },
        {
          kind: 'list' as const,
          items: life.amended.map(({ pointer, original, now, by }) => ({ line: [`${pointer}: ${valueText(original)} → ${valueText(now)}`, faint(`  ${by.person}`)] })),
        },
      ]),
  ...historyFindings(findings, unread),
  ...notCountedBlocks(notCounted),
];

const valueText = (value: string | readonly string[] | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

const eventItem = ({ kind, sha256, person, reason, at, what, state, leaf, impact, details = [] }: HistoryView['events'][number]): Item => ({
  line: [`${at.slice(0, 19)}Z  `, strong(kind), ...(state === 'counts' ? [] : [bad(state === 'expired' ? ' (expired)' : ' (taken back)')]), `  ${person}: ${what}`],
  inner: [
    [reason],
    ...details.map((one): Line => [one]),
    ...(impact === undefined ? [] : impactLines(impact)),
    [faint(`${sha256.slice(0, 12)}${leaf === undefined ? ', waits for a log' : `, leaf ${leaf.index} of ${leaf.origin}`}`)],
  ],
});

const MOST_CHANGES = 6;

const impactLines = (impact: ImpactView): readonly Line[] => {
  if (impact.kind === 'unknown') return [[open(`what differs is not known: ${impact.because}`)]];
  const { changes, metrics, equal } = impact;
  const named = changes.slice(0, MOST_CHANGES).map(({ label, class: word }) => `${label} (${word})`);
  const more = changes.length > MOST_CHANGES ? [`and ${changes.length - MOST_CHANGES} more`] : [];
  return [
    [faint('differs  '), changes.length === 0 ? 'no cause was seen' : [...named, ...more].join(', ')],
    [faint('metrics  '), ...metricSpans(metrics, equal)],
  ];
};

const TONES: Readonly<Record<string, (text: string) => Span>> = { better: good, worse: bad };

const metricSpans = (metrics: Extract<ImpactView, { readonly kind: 'compared' }>['metrics'], equal: readonly string[]): Line => {
  const changed = metrics.flatMap(({ name, before, after, delta, verdict }, at): Line => {
    const how = [...(delta === undefined ? [] : [delta.startsWith('-') ? delta : `+${delta}`]), ...(verdict === 'unclear' ? [] : [verdict])];
    const text = `${name} ${before ?? 'none'} → ${after ?? 'none'}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
    return [at === 0 ? '' : ', ', (TONES[verdict] ?? ((one: string): Span => one))(text)];
  });
  const same = equal.length === 0 ? [] : [`${changed.length === 0 ? '' : '; '}${equal.join(', ')} unchanged`];
  return changed.length + same.length === 0 ? [open('none were seen')] : [...changed, ...same];
};

export type RetentionView = {
  readonly rules: readonly string[];
  readonly kept: readonly { readonly what: string; readonly because: readonly string[]; readonly until?: string; readonly startedAt?: string }[];
  readonly free: number;
  readonly documents: number;
};

/** What must be kept, until when and why. */
export const retentionPage = ({ rules, kept, free, documents }: RetentionView): Page => [
  {
    kind: 'rows',
    rows: [
      ...rows(
        'rules',
        rules.map((rule): Line => [rule]),
      ),
      ...row('statements', `${countOf(documents, 'statement')} of persons: kept for ever, gc never touches them`),
    ],
  },
  {
    kind: 'list',
    items: kept.map(({ what, because, until }) => ({
      line: [strong(what), until === undefined ? '  kept' : `  kept until ${until.slice(0, 10)}`],
      inner: because.map((one): Line => [one]),
    })),
  },
  paragraph(`${countOf(free, 'run')} that nothing keeps: gc --older-than or --keep-last may remove ${free === 1 ? 'it' : 'them'}`),
];
