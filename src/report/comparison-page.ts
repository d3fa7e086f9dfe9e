import { countOf, exhaustive } from '#base';
import type { Cell, Comparison, Detail, Difference } from '#diff';
import { type ChangeClass, isCauseClass } from '#manifest';
import { bad, type Block, faint, good, type Line, open, type Page, type Span, strong } from './page.ts';
import { cut, shortId, shortPath, shortTime } from './short.ts';
import { valueText } from './value-text.ts';

/** What people call a group of differences. */
export const GROUPS: Readonly<Record<ChangeClass, string>> = {
  code: 'Code',
  data: 'Data',
  split: 'Splits',
  parameter: 'Settings',
  seed: 'Randomness',
  package: 'Packages',
  native: 'Native libraries and system',
  threads: 'Threads and numeric runtime',
  hardware: 'Hardware',
  config: 'Environment and configuration',
  criteria: 'Criteria',
  result: 'Results',
  context: 'Context',
};

const MOST = 25;

/** What differs between runs: results first, then causes by class and rank, what cannot be compared, and counters for the rest. */
export const comparisonPage = (comparison: Comparison, all: boolean = false): Page => {
  const definite = comparison.causes.filter(({ kind }) => kind !== 'unknown');
  const classes = [...new Set(definite.map(({ class: group }) => group))];
  const ofClass = (group: ChangeClass): readonly Difference[] => definite.filter((difference) => difference.class === group);
  return [
    ...headBlocks(comparison),
    { kind: 'paragraph', line: verdictLine(comparison) },
    ...groupBlocks('Results', comparison.results, all),
    ...classes.flatMap((group) => groupBlocks(GROUPS[group], ofClass(group), all)),
    ...unknownBlocks(
      comparison.causes.filter(({ kind }) => kind === 'unknown'),
      all,
    ),
    ...(all ? [...groupBlocks('Follows from the above', comparison.consequences, all), ...groupBlocks(GROUPS.context, comparison.context, all), ...equalBlocks(comparison)] : []),
    { kind: 'paragraph', line: counterLine(comparison, all), apart: true },
  ];
};

/** Things of which it is not known whether they differ, together with those that share the reason. */
const unknownBlocks = (differences: readonly Difference[], all: boolean): readonly Block[] => {
  if (differences.length === 0) return [];
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = `${difference.class} ${reasonText(difference)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [difference]);
    else group.push(difference);
  }
  const items = [...groups.values()].map((group) => ({
    line: [riskSpan(group[0]!), `${GROUPS[group[0]!.class]}: `, labelsText(group, all)],
    inner: [[open(reasonText(group[0]!))]],
  }));
  return [
    { kind: 'heading', line: [strong('Cannot be compared'), faint(`  ${differences.length}`)] },
    { kind: 'list', items },
  ];
};

const labelsText = (group: readonly Difference[], all: boolean): string => {
  const labels = group.map(({ label }) => shortPath(label));
  const shown = all ? labels : labels.slice(0, 6);
  return `${shown.join(', ')}${shown.length < labels.length ? ` and ${labels.length - shown.length} more` : ''}`;
};

/** Why, and of which manifests: "not recorded in B". */
const reasonText = ({ cells }: Difference): string => {
  const reasons = new Map<string, string[]>();
  for (const [column, cell] of cells.entries()) if (cell.kind === 'unknown') reasons.set(cell.because, [...(reasons.get(cell.because) ?? []), letter(column)]);
  return [...reasons].map(([because, columns]) => `${because} in ${columns.join(', ')}`).join('; ') || 'some fields are not recorded everywhere';
};

/** A, B, C … for the manifests in their order. */
const letter = (column: number): string => (column < 26 ? String.fromCharCode(65 + column) : `#${column + 1}`);

const headBlocks = (comparison: Comparison): readonly Block[] => [
  {
    kind: 'rows',
    rows: comparison.runs.map((run, column) => ({
      label: letter(column),
      lines: [
        [
          strong(run.name ?? shortId(run.id)),
          faint(`  ${run.name === undefined ? '' : `${shortId(run.id)}, `}${shortTime(run.startedAt)}`),
          run.purpose === undefined ? '' : `  ${cut(run.purpose, 60)}`,
        ],
      ],
    })),
  },
];

const verdictLine = ({ verdict, causes }: Comparison): Line => {
  const definite = causes.filter(({ kind }) => kind !== 'unknown').length;
  const unknown = causes.length - definite;
  const tail = unknown === 0 ? '' : `; ${countOf(unknown, 'thing')} cannot be compared`;
  switch (verdict) {
    case 'same':
      return [good('everything that decides a result is recorded and equal')];
    case 'different':
      return [strong(`${countOf(definite, 'possible cause')}${tail}`)];
    case 'undecided':
      return [open(`nothing is known to differ${tail}`)];
    default:
      return exhaustive(verdict);
  }
};

const groupBlocks = (title: string, differences: readonly Difference[], all: boolean): readonly Block[] => {
  if (differences.length === 0) return [];
  const groups = all ? differences.map((difference) => [difference] as const) : byPlace(differences);
  const shown = all ? groups : groups.slice(0, MOST);
  const left = differences.length - shown.reduce((sum, group) => sum + group.length, 0);
  return [
    { kind: 'heading', line: [strong(title), faint(`  ${differences.length}`)] },
    ...shown.flatMap(([first, ...others]) => differenceBlocks(first, all, others.length)),
    ...(left === 0 ? [] : [{ kind: 'list' as const, items: [{ line: [faint(`… and ${left} more of lower rank; --all shows them`)] }] }]),
  ];
};

/** Calls of one place in the code that differ in the same way stand together: a loop in a library asks for a generator a hundred times. */
const byPlace = (differences: readonly Difference[]): readonly (readonly [Difference, ...Difference[]])[] => {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of differences) {
    const key = JSON.stringify([difference.path, difference.label.replace(/ #\d+$/, ''), difference.kind, difference.risk, difference.cells.map(({ kind }) => kind)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [difference]);
    else group.push(difference);
  }
  return [...groups.values()];
};

/** Differences as one list; a patch stands below the item it belongs to. */
const differenceBlocks = (difference: Difference, all: boolean, others: number): readonly Block[] => {
  const patches = difference.details.flatMap((detail): readonly Block[] => (detail.kind === 'patch' ? [{ kind: 'code', language: 'diff', text: detail.text }] : []));
  return [
    { kind: 'list', items: [{ line: [...headLine(difference), ...(others === 0 ? [] : [faint(` and ${others} more there`)])], inner: detailLines(difference, all) }] },
    ...patches,
  ];
};

const riskSpan = ({ risk }: Difference): Span => (risk === 'high' ? bad(`[${risk} risk] `) : risk === 'medium' ? open(`[${risk} risk] `) : faint(`[${risk} risk] `));

/** What differs, in one line. */
export const headLine = (difference: Difference): Line => [
  ...(isCauseClass(difference.class) && difference.follows === undefined ? [riskSpan(difference)] : []),
  shortPath(difference.label),
  ': ',
  ...changeSpans(difference),
];

/** The difference in one phrase. */
const changeSpans = (difference: Difference): readonly Span[] => {
  const version = difference.details.find((detail) => detail.kind === 'version');
  if (version !== undefined && version.direction !== 'rebuilt')
    return [`${version.from} → ${version.to}`, faint(version.direction === 'unordered' ? '' : ` (${version.direction})`)];
  if (version !== undefined) return [`${version.to}, but its files differ: built or installed from something else`];
  const sequence = difference.details.find((detail) => detail.kind === 'sequence');
  if (sequence !== undefined) return [sequenceText(sequence)];
  const moved = difference.details.find((detail) => detail.kind === 'moved');
  if (moved !== undefined && difference.changes.filter(({ context }) => !context).length === 1) return [`moved to ${shortPath(moved.to)}, the same bytes`];
  const patch = difference.details.find((detail) => detail.kind === 'patch');
  if (patch !== undefined) return [`${countOf(patch.added, 'line')} added, ${patch.removed} removed`];
  if (difference.kind === 'only-in') return [onlyInText(difference)];
  const main = mainCells(difference);
  return [...(main.title === undefined ? [] : [`${main.title} `]), ...columns(main.cells, main.unit)];
};

const onlyInText = ({ cells }: Difference): string => {
  const present = cells.flatMap((cell, column) => (cell.kind === 'value' ? [letter(column)] : []));
  const value = cells.find((cell) => cell.kind === 'value');
  return `only in ${present.join(', ')}${value?.kind === 'value' ? ` (${valueText(value.value)})` : ''}`;
};

/** Fields that need no name in front of their value. */
const SELF_EVIDENT = /\/(value|seed|sha256|commitment|version)$/;

type MainCells = { readonly cells: readonly Cell[]; readonly unit?: string; readonly title?: string };

/** The cells that say most: of the one field that differs, of the value, or of the whole. */
const mainCells = (difference: Difference): MainCells => {
  const changes = difference.changes.filter(({ context }) => !context);
  const main = changes.length === 1 ? changes[0] : (changes.find(({ path }) => SELF_EVIDENT.test(path)) ?? changes[0]);
  if (main === undefined || difference.cells.some((cell) => cell.kind !== 'value')) return { cells: difference.cells };
  return { cells: main.cells, ...(main.unit === undefined ? {} : { unit: main.unit }), ...(SELF_EVIDENT.test(main.path) ? {} : { title: main.title.toLowerCase() }) };
};

const columns = (cells: readonly Cell[], unit: string | undefined): readonly Span[] => {
  const values = cells.flatMap((cell) => (cell.kind === 'value' ? [cell.value] : []));
  // 1.2 KiB and 1.2 KiB differ: then the exact values are shown.
  const alike = values.length === cells.length && values.every((value) => typeof value !== 'string') && new Set(values.map((value) => valueText(value, unit))).size === 1;
  return cells.flatMap((cell, i) => [i === 0 ? '' : ' → ', alike && cell.kind === 'value' ? cut(JSON.stringify(cell.value), 60) : cellSpan(cell, unit, letter(i))]);
};

const cellSpan = (cell: Cell, unit: string | undefined, column: string): Span => {
  switch (cell.kind) {
    case 'value':
      return valueText(cell.value, unit);
    case 'absent':
      return open(`(not in ${column})`);
    case 'unknown':
      return open(`(${cell.because} in ${column})`);
    default:
      return exhaustive(cell);
  }
};

const sequenceText = ({ removed, added, reordered }: Extract<Detail, { kind: 'sequence' }>): string => {
  if (reordered) return 'the same entries in another order';
  const list = (sign: string, entries: readonly string[]): string => cut(entries.map((entry) => `${sign}${entry}`).join(' '), 100);
  return [list('-', removed), list('+', added)].filter((text) => text !== '').join('  ');
};

/** Digests and encodings that say nothing new beside the value they belong to. */
const FINE_PRINT = /\/(bits|recordSha256|wheelSha256|buildId)$/;

const detailLines = (difference: Difference, all: boolean): readonly Line[] => {
  const shownFields = difference.changes
    .filter((change) => all || !change.context)
    .filter(({ cells, path }) => cells !== mainCells(difference).cells && (all || !FINE_PRINT.test(path)));
  const more = difference.kind === 'changed' && !difference.details.some(({ kind }) => kind === 'version') ? shownFields : all ? shownFields : [];
  return [
    ...more.slice(0, all ? more.length : 4).map((change): Line => [faint(`${change.title.toLowerCase()}: `), ...columns(change.cells, change.unit)]),
    ...difference.details.flatMap((detail) => detailLine(detail, difference)),
    ...(difference.follows === undefined ? [] : [[faint(`because ${difference.follows}`)]]),
  ];
};

const METRIC_VERDICTS: Readonly<Record<Extract<Detail, { kind: 'metric' }>['verdict'], Span>> = {
  better: good('better'),
  worse: bad('worse'),
  'same-within-tolerance': good('the same within the declared tolerance'),
  unclear: faint('no direction is declared'),
};

const detailLine = (detail: Detail, difference: Difference): readonly Line[] => {
  switch (detail.kind) {
    case 'metric': {
      const series = detail.points > 1 ? `, ${detail.differing} of ${detail.points} values differ` : '';
      if (difference.cells.length > 2) return series === '' ? [] : [[faint(series.slice(2))]];
      const delta = detail.delta === undefined ? '' : `${detail.delta.startsWith('-') ? '' : '+'}${detail.delta} `;
      return [[delta, METRIC_VERDICTS[detail.verdict], faint(`${detail.ulp === undefined || detail.ulp.length > 6 ? '' : `, ${detail.ulp} ULP apart`}${series}`)]];
    }
    case 'note':
      return [[faint(detail.text)]];
    case 'patch':
    case 'version':
    case 'moved':
    case 'sequence':
      return [];
    default:
      return exhaustive(detail);
  }
};

const equalBlocks = ({ equal }: Comparison): readonly Block[] => [
  { kind: 'heading', line: [strong('Equal'), faint(`  ${equal.length}`)] },
  { kind: 'list', items: equal.map(({ class: group, label }) => ({ line: [faint(`${GROUPS[group]}: `), shortPath(label)] })) },
];

const counterLine = (comparison: Comparison, all: boolean): Line => {
  const { equal, consequences, context } = comparison;
  const counts = new Map<ChangeClass, number>();
  for (const { class: group } of equal) counts.set(group, (counts.get(group) ?? 0) + 1);
  const groups = [...counts].filter(([group]) => group !== 'context').map(([group, count]) => `${GROUPS[group].toLowerCase()} ${count}`);
  const hidden = [
    ...(consequences.length === 0 ? [] : [`${countOf(consequences.length, 'consequence')}`]),
    ...(context.length === 0 ? [] : [`${countOf(context.length, 'difference')} of context`]),
  ];
  return [faint(`equal: ${equal.length}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}${all || hidden.length === 0 ? '' : `; not shown: ${hidden.join(', ')} (--all)`}`)];
};
