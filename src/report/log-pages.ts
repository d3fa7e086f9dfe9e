import { countOf } from '#base';
import type { Leaf, LoggedLeaf } from '#tlog';
import { bad, type Block, faint, good, type Line, open, type Page, row, type Row, rows, strong } from './page.ts';

/** A leaf, or the place of one that this version cannot read. */
type LeafLine = { readonly index: number; readonly leaf?: Leaf };

/** The log of a machine and what waits for it. */
export type LogView = {
  readonly log?: {
    readonly origin: string;
    readonly vkey: string;
    readonly size: number;
    readonly root: string;
    readonly folder: string;
    readonly createdAt: string;
    readonly continues?: { readonly origin: string; readonly size: number };
    readonly cosigners: readonly string[];
    readonly last: readonly LeafLine[];
  };
  readonly waiting: readonly { readonly run: string; readonly kind: string; readonly name: string }[];
  readonly damaged: readonly string[];
};

export const logPage = ({ log, waiting, damaged }: LogView): Page => [
  ...(log === undefined ? [paragraph('this machine has no log yet: the first leaf makes it')] : logBlocks(log)),
  ...(waiting.length === 0
    ? []
    : [paragraph(open(`${countOf(waiting.length, 'leaf', 'leaves')} of this project ${waiting.length === 1 ? 'waits' : 'wait'}: trainlock log enter`), true)]),
  ...listOf(waiting.map(({ run, kind, name }): Line => [run, '  ', kind, faint(`  ${name}`)])),
  ...damagedBlocks(damaged),
];

const logBlocks = (log: NonNullable<LogView['log']>): readonly Block[] => [
  paragraph(strong(log.origin)),
  {
    kind: 'rows',
    rows: [
      ...row('vkey', log.vkey),
      ...row('size', countOf(log.size, 'leaf', 'leaves')),
      ...row('root', log.root),
      ...row('since', log.createdAt),
      ...(log.continues === undefined ? [] : row('goes on from', `${log.continues.origin}, ${countOf(log.continues.size, 'leaf', 'leaves')}`)),
      ...rows(
        'cosigned by',
        log.cosigners.map((name): Line => [name]),
      ),
      ...row('folder', faint(log.folder)),
    ],
  },
  ...(log.last.length === 0 ? [] : [{ kind: 'heading' as const, line: [strong('Last leaves')] }, leafTable(log.last)]),
];

const leafTable = (leaves: readonly LeafLine[]): Block => ({
  kind: 'table',
  head: ['index', 'time', 'event', 'about', 'payload'],
  rows: leaves.map(({ index, leaf }) =>
    leaf === undefined
      ? [[String(index)], [], [open('of a newer version')], [], []]
      : [[String(index)], [leaf.time], [leaf.kind], [leaf.object.type, ' ', leaf.object.id], [faint(leaf.payloadSha256.slice(0, 12))]],
  ),
});

/** What became of leaves that waited. */
export type EnteredView =
  | {
      readonly kind: 'entered';
      readonly origin: string;
      readonly size: number;
      readonly entries: readonly { readonly name: string; readonly index: number; readonly isNew: boolean }[];
      readonly damaged: readonly string[];
    }
  | { readonly kind: 'none'; readonly damaged: readonly string[] }
  | { readonly kind: 'waiting'; readonly because: string; readonly fix?: string; readonly count: number };

export const enteredPage = (entered: EnteredView): Page => {
  if (entered.kind === 'none') return [paragraph('no leaf waits'), ...damagedBlocks(entered.damaged)];
  if (entered.kind === 'waiting')
    return [
      paragraph(open(`${countOf(entered.count, 'leaf', 'leaves')} ${entered.count === 1 ? 'waits' : 'wait'}: ${entered.because}`)),
      ...(entered.fix === undefined ? [] : [paragraph(faint(`fix: ${entered.fix}`))]),
    ];
  return [
    paragraph(good(`entered ${countOf(entered.entries.length, 'leaf', 'leaves')}`), ` in ${entered.origin}, which has ${countOf(entered.size, 'leaf', 'leaves')} now`),
    ...listOf(entered.entries.map(({ name, index, isNew }): Line => [`${index}  ${name}`, isNew ? '' : faint('  it was there already')])),
    ...damagedBlocks(entered.damaged),
  ];
};

/** The leaves of a run and their proofs. */
export type ProvenView = {
  readonly leaves: readonly {
    readonly name: string;
    readonly event: string;
    readonly state: 'proven' | 'elsewhere' | 'waiting' | 'wrong';
    readonly origin?: string;
    readonly index?: number;
    readonly size?: number;
    readonly proof?: string;
    readonly path?: string;
    readonly because?: string;
  }[];
  readonly damaged: readonly string[];
};

export const provenPage = ({ leaves, damaged }: ProvenView): Page => [
  ...(leaves.length === 0 ? [paragraph('no leaf lies beside this record: it was not signed, or the log was turned off')] : []),
  ...leaves.flatMap((leaf): readonly Block[] => [
    { kind: 'heading', line: [strong(leaf.event), faint(`  ${leaf.name}`)] },
    { kind: 'rows', rows: provenRows(leaf) },
    ...(leaf.proof === undefined ? [] : [{ kind: 'code' as const, language: 'text', text: leaf.proof.trimEnd() }]),
  ]),
  ...damagedBlocks(damaged),
];

const provenRows = (leaf: ProvenView['leaves'][number]): readonly Row[] => [
  ...row(
    'state',
    leaf.state === 'proven'
      ? good('in the log of this machine')
      : leaf.state === 'wrong'
        ? bad(`the proof beside the record does not hold: ${leaf.because ?? ''}`)
        : open(leaf.state === 'waiting' ? 'waits: trainlock log enter' : 'taken in by another log; its key says whether the proof holds'),
  ),
  ...(leaf.origin === undefined ? [] : row('log', leaf.origin)),
  ...(leaf.index === undefined ? [] : row('leaf', `${leaf.index}${leaf.size === undefined ? '' : ` of ${leaf.size}`}`)),
  ...(leaf.path === undefined ? [] : row('proof', faint(leaf.path))),
];

/** Whether a log is whole. */
export type LogCheckView =
  | { readonly kind: 'intact'; readonly remembered: number; readonly ofOtherLogs: number; readonly isPinned: boolean }
  | { readonly kind: 'damaged' | 'set-back' | 'forked'; readonly because: string; readonly where: string };

export type LogVerdictView = { readonly check: LogCheckView; readonly origin?: string; readonly vkey?: string; readonly size?: number };

const WRONG = { damaged: 'damaged', 'set-back': 'set back', forked: 'another history' } as const;

export const logVerdictPage = ({ check, origin, vkey, size }: LogVerdictView): Page => [
  check.kind === 'intact'
    ? paragraph(good('intact'), `: every leaf, hash and root of ${countOf(size ?? 0, 'leaf', 'leaves')} is what the log has signed`)
    : paragraph(bad(WRONG[check.kind]), `: ${check.because}`),
  {
    kind: 'rows',
    rows: [
      ...(origin === undefined ? [] : row('log', origin)),
      ...(vkey === undefined ? [] : row('vkey', vkey, ...(check.kind === 'intact' && !check.isPinned ? [open('  taken from beside the log: pin it with --log')] : []))),
      ...(check.kind === 'intact'
        ? row(
            'seen before',
            check.remembered === 0
              ? open('no checkpoint of this log')
              : `${countOf(check.remembered, 'checkpoint')}; the log goes on from ${check.remembered === 1 ? 'it' : 'each'}`,
          )
        : row('where', check.where)),
    ],
  },
];

/** An export, and the check of it. */
export type ExportedView = LogVerdictView & { readonly folder: string; readonly files: number; readonly written: number };

export const exportedPage = (exported: ExportedView): Page => [
  paragraph(`${countOf(exported.files, 'file')} in ${exported.folder}, ${exported.written} of them new`),
  ...logVerdictPage(exported),
];

/** All events of some kinds between two checkpoints. */
export type PopulationView =
  | {
      readonly kind: 'complete';
      readonly origin: string;
      readonly kinds: readonly string[];
      readonly from: number;
      readonly to: number;
      readonly isPinned: boolean;
      readonly vkey: string;
      readonly events: readonly LoggedLeaf[];
      readonly continues?: string;
      readonly sample?: { readonly count: number; readonly seed: string; readonly indices: readonly number[] };
    }
  | { readonly kind: 'undecided'; readonly because: string }
  | { readonly kind: 'damaged'; readonly check: LogCheckView };

export const populationPage = (population: PopulationView): Page => {
  if (population.kind === 'damaged') return logVerdictPage({ check: population.check });
  if (population.kind === 'undecided') return [paragraph(open('undecided'), `: ${population.because}`)];
  const { events, sample, from, to } = population;
  const drawn = sample === undefined ? events : sample.indices.flatMap((index) => events.find((event) => event.index === index) ?? []);
  return [
    paragraph(good(`complete: ${countOf(events.length, 'event')}`), ` of ${population.kinds.join(', ')} among the leaves ${from} to ${to} of ${population.origin}`),
    ...(population.continues === undefined ? [] : [paragraph(open(`this log goes on from ${population.continues}: what happened before it began was entered there`))]),
    ...(population.isPinned ? [] : [paragraph(open(`the key was taken from beside the log: pin it with --log ${population.vkey}`))]),
    ...(sample === undefined ? [] : [paragraph(`sample of ${sample.indices.length}, drawn with the seed ${sample.seed}`)]),
    ...(drawn.length === 0 ? [] : [leafTable(drawn)]),
  ];
};

/** What ran, and what of it has a record. */
export type ReconciledView = {
  readonly records: number;
  readonly damaged: readonly string[];
  readonly systems: readonly {
    readonly system: string;
    readonly source: string;
    readonly jobs: number;
    readonly matched: readonly unknown[];
    readonly withoutRecord: readonly { readonly id: string; readonly name?: string; readonly startedAt?: string; readonly state?: string }[];
    readonly withoutJob: readonly { readonly id: string; readonly startedAt: string; readonly trigger?: { readonly job: string } }[];
    readonly unread: readonly string[];
  }[];
};

export const reconciledPage = ({ systems, records, damaged }: ReconciledView): Page => [
  ...systems.flatMap(({ system, source, jobs, matched, withoutRecord, withoutJob, unread }): readonly Block[] => [
    { kind: 'heading', line: [strong(system), faint(`  ${source}`)] },
    paragraph(`${matched.length} of ${countOf(jobs, 'job')} recorded`),
    ...(withoutRecord.length === 0 ? [] : [paragraph(bad(`ran without a record: ${withoutRecord.length}`))]),
    ...listOf(
      withoutRecord.map(({ id, name, startedAt, state }): Line => [
        id,
        name === undefined ? '' : `  ${name}`,
        faint(`${startedAt === undefined ? '' : `  ${startedAt}`}${state === undefined ? '' : `  ${state}`}`),
      ]),
    ),
    ...(withoutJob.length === 0 ? [] : [paragraph(open(`recorded, and not in the list: ${withoutJob.length}`))]),
    ...listOf(withoutJob.map(({ id, startedAt, trigger }): Line => [id.slice(0, 8), `  job ${trigger?.job ?? ''}`, faint(`  ${startedAt}`)])),
    ...(unread.length === 0 ? [] : [paragraph(open(`not understood: ${unread.length}`))]),
    ...listOf(unread.map((text): Line => [open(text)])),
  ]),
  paragraph(faint(`${countOf(records, 'record')} of this project were looked at`), true),
  ...damagedBlocks(damaged),
];

/** The logs of a team. */
export type MergedView = {
  readonly logs: readonly {
    readonly folder: string;
    readonly kind: string;
    readonly origin?: string;
    readonly size?: number;
    readonly unread: number;
    readonly because?: string;
  }[];
  readonly events: readonly { readonly leaf: Leaf; readonly places: readonly { readonly origin: string; readonly index: number }[] }[];
};

export const mergedPage = ({ logs, events }: MergedView): Page => [
  {
    kind: 'list',
    items: logs.map(({ folder, kind, origin, size, unread, because }) => ({
      line: [
        kind === 'intact' ? good('intact') : bad(kind === 'set-back' ? 'set back' : kind),
        `  ${origin ?? folder}`,
        faint(
          `${size === undefined ? '' : `  ${countOf(size, 'leaf', 'leaves')}`}${unread === 0 ? '' : `, ${unread} of a newer version`}${because === undefined ? '' : `  ${because}`}`,
        ),
      ],
    })),
  },
  ...(events.length === 0
    ? []
    : [
        {
          kind: 'table' as const,
          head: ['time', 'event', 'about', 'payload', 'places'],
          rows: events.map(({ leaf, places }): readonly Line[] => [
            [leaf.time],
            [leaf.kind],
            [leaf.object.type, ' ', leaf.object.id],
            [faint(leaf.payloadSha256.slice(0, 12))],
            [faint(places.map(({ origin, index }) => `${origin}:${index}`).join(' '))],
          ]),
        },
      ]),
];

/** Events of a team in columns, for a table of values. */
export const mergedTable = ({ events }: MergedView): { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number | undefined)[])[] } => ({
  columns: ['time', 'event', 'type', 'id', 'payloadSha256', 'bundleSha256', 'reason', 'places'],
  rows: events.map(({ leaf, places }) => [
    leaf.time,
    leaf.kind,
    leaf.object.type,
    leaf.object.id,
    leaf.payloadSha256,
    leaf.bundleSha256,
    leaf.reason,
    places.map(({ origin, index }) => `${origin}:${index}`).join(' '),
  ]),
});

const paragraph = (...parts: readonly (Line[number] | true)[]): Block => ({
  kind: 'paragraph',
  line: parts.filter((part) => part !== true),
  ...(parts.includes(true) ? { apart: true } : {}),
});

const listOf = (lines: readonly Line[]): readonly Block[] => (lines.length === 0 ? [] : [{ kind: 'list', items: lines.map((line) => ({ line })) }]);

const damagedBlocks = (damaged: readonly string[]): readonly Block[] =>
  damaged.length === 0 ? [] : [paragraph(bad(`${countOf(damaged.length, 'file')} cannot be read`)), ...listOf(damaged.map((path): Line => [path]))];
