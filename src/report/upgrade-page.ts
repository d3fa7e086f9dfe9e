import { countOf } from '#base';
import type { Outcome } from '#diff';
import type { PackageMove } from '#environment';
import { outcomePage, outcomeSpan } from './outcome-page.ts';
import { atMost, bad, type Block, faint, good, type Line, open, type Page, paragraph, row, type Row, rows, type Span, strong } from './page.ts';

type Named = { readonly id: string; readonly name?: string };

export type UpgradeView = {
  readonly of: Named;
  readonly chosen?: string;
  readonly moves: readonly PackageMove[];
  readonly packages: number;
  readonly isHashed: boolean;
  readonly folder?: string;
  readonly computed?: {
    readonly run: Named;
    readonly outputs: string;
    readonly verdict: { readonly kind: 'same' | 'different' | 'denied' | 'undecided'; readonly because: readonly string[] };
    readonly outcome: Outcome;
    readonly criteria: readonly { readonly text: string; readonly before: string; readonly after: string; readonly value?: string }[];
    readonly canary: { readonly kind: string; readonly because: string };
    readonly alsoDiffers: readonly string[];
    readonly notCompared: readonly string[];
    readonly approval: { readonly kind: 'allowed' | 'denied' | 'undecided' | 'not-asked' | 'unknown'; readonly because: readonly string[]; readonly commands: readonly string[] };
  };
};

const VERDICTS = { same: good('same'), different: bad('different'), denied: bad('denied'), undecided: open('undecided') } as const;

const MOST = 20;

/** Whether an update may be taken into use: the answer, what moved, what came out, and who still has to approve. Without a computed run only what would move. */
export const upgradePage = (view: UpgradeView): Page => {
  const { of, chosen, moves, computed } = view;
  const subject = `${nameOf(of)}${chosen === undefined ? '' : `, ${chosen}`}`;
  if (moves.length === 0) return [paragraph(good('nothing moves'), `  ${subject} has these versions already, or no other fits`)];
  if (computed === undefined)
    return [paragraph(strong('plan'), `  ${countOf(moves.length, 'package')} would move for ${subject}; nothing was computed`), { kind: 'rows', rows: moveRows(view) }];
  const { verdict, run, approval } = computed;
  return [
    paragraph(VERDICTS[verdict.kind], `  ${asked(moves)} for ${subject}`, faint(`, recorded as ${nameOf(run)}`)),
    { kind: 'list', items: verdict.because.slice(0, MOST).map((because) => ({ line: [withoutProject(because)] })) },
    { kind: 'rows', rows: [...moveRows(view), ...otherRows('also differs', computed.alsoDiffers), ...otherRows('not compared', computed.notCompared)] },
    ...outcomeBlocks(computed.outcome),
    {
      kind: 'rows',
      rows: [...criteriaRows(computed.criteria), ...row('canary', canarySpan(computed.canary.kind), faint(`  ${computed.canary.because}`)), ...approvalRows(approval)],
    },
    ...(verdict.kind === 'different' || approval.commands.length === 0
      ? []
      : [
          { kind: 'heading' as const, line: [strong('to be given')] },
          { kind: 'list' as const, items: approval.commands.map((command) => ({ line: [command] })) },
        ]),
  ];
};

/** Causes besides the packages that were to move. */
const otherRows = (label: string, causes: readonly string[]): readonly Row[] =>
  rows(
    label,
    atMost(
      causes.map((cause): Line => [open(withoutProject(cause))]),
      MOST,
      'things',
    ),
  );

const nameOf = ({ id, name }: Named): string => (name === undefined ? id.slice(0, 8) : `${name} (${id.slice(0, 8)})`);

const withoutProject = (text: string): string => text.replaceAll('${project}/', '');

const asked = (moves: readonly PackageMove[]): string => {
  const wanted = moves.filter(({ why }) => why === 'asked');
  return (wanted.length === 0 ? moves : wanted).map(versionsText).join(', ');
};

const versionsText = ({ name, from, to }: PackageMove): string => `${name} ${from ?? '(new)'} → ${to ?? '(gone)'}`;

const WHY = { asked: 'asked for', 'pulled-along': 'pulled along', 'left-out': 'left out' } as const;

const moveRows = ({ moves, packages, isHashed }: UpgradeView): readonly Row[] => {
  const shown = moves.filter(({ to }) => to !== undefined).length;
  const lines = moves.map((move): Line => [severitySpan(move.severity), `  ${versionsText(move)}`, faint(`  ${WHY[move.why]}${move.direction === 'older' ? ', older' : ''}`)]);
  const others = packages - shown;
  return [
    ...rows('moves', atMost(lines, MOST, 'packages')),
    ...(others === 0 ? [] : row('stays', faint(countOf(others, 'package')))),
    ...(isHashed ? [] : row('lock', open('partly without hashes: what was installed was not checked against the index'))),
  ];
};

const severitySpan = (severity: PackageMove['severity']): Span => (severity === 'high' ? bad(severity) : severity === 'medium' ? open(severity) : faint(severity));

/** The rows of an outcome below its kind; why it is so stands above already. */
const outcomeBlocks = (outcome: Outcome): readonly Block[] => [
  { kind: 'rows', rows: row('results', outcomeSpan(outcome.kind)) },
  ...outcomePage(outcome).flatMap((block): readonly Block[] => (block.kind === 'rows' ? [{ ...block, rows: block.rows.filter(({ label }) => label !== 'because') }] : [])),
];

const criteriaRows = (criteria: NonNullable<UpgradeView['computed']>['criteria']): readonly Row[] =>
  rows(
    'criteria',
    criteria.map(({ text, before, after, value }): Line => [
      after === 'met' ? good(after) : before === 'met' ? bad(after) : open(after),
      `  ${text}`,
      faint(`${value === undefined ? '' : `: ${value}`}${before === after ? '' : `, ${before} before`}`),
    ]),
  );

const canarySpan = (kind: string): Span => {
  if (kind === 'bit' || kind === 'tolerance') return good('held');
  return kind === 'not-asked' ? faint('not asked') : kind === 'unknown' ? open('unknown') : bad('other predictions');
};

const APPROVALS = { allowed: good('approved'), denied: bad('denied'), undecided: open('outstanding'), 'not-asked': faint('not asked'), unknown: open('unknown') } as const;

const approvalRows = ({ kind, because }: NonNullable<UpgradeView['computed']>['approval']): readonly Row[] =>
  rows('approval', because.length === 0 ? [[APPROVALS[kind]]] : because.map((reason, at): Line => [at === 0 ? APPROVALS[kind] : '', faint(`  ${reason}`)]));
