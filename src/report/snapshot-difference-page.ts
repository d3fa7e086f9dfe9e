import { formatBytes, nameText } from '#base';
import { type FilesDifference, type MediaDifference, MODERATE_INDEX, type SnapshotDifference, type SnapshotSide, STRONG_INDEX } from '#snapshot';
import { differenceSentence, tableTitle } from './difference-sentence.ts';
import { counted, grouped, listed, percent } from './figures.ts';
import { atMost, type Block, faint, good, type Item, type Line, open, type Page, row, type Row, rows, type Span, strong } from './page.ts';
import { cut, shortDigest, shortTime } from './short.ts';
import { tableBlocks } from './table-difference-blocks.ts';

const MOST_FILES = 10;

/** What differs between two snapshots: one sentence, then the levels that say something, and counters for the rest. */
export const snapshotDifferencePage = (difference: SnapshotDifference, all: boolean = false): Page => {
  const told = difference.tables.filter(({ statement }) => all || statement === 'changed' || statement === 'unknown');
  return [
    { kind: 'rows', rows: [...row('before', ...sideSpans(difference.before)), ...row('after', ...sideSpans(difference.after))] },
    { kind: 'paragraph', line: [verdictSpan(difference)], apart: true },
    ...noteBlocks(difference.notes),
    ...(difference.files === undefined ? [] : filesBlocks(difference.files, all)),
    ...told.flatMap((table) => tableBlocks(table, all)),
    ...otherTables(difference, all),
    ...mediaBlocks(difference.media),
    ...explanation(difference),
  ];
};

const sideSpans = ({ name, path, takenAt, fileCount, sizeBytes, treeRoot, complete }: SnapshotSide): Line => [
  strong(name ?? path),
  faint(`  ${shortTime(takenAt)}, ${counted(fileCount, 'file')}, ${formatBytes(sizeBytes)}, ${shortDigest(treeRoot)}`),
  complete ? '' : open('  not complete'),
];

const verdictSpan = (difference: SnapshotDifference): Span => {
  const sentence = differenceSentence(difference);
  return difference.verdict === 'same' ? good(sentence) : difference.verdict === 'undecided' ? open(sentence) : strong(sentence);
};

const noteBlocks = (notes: readonly string[]): readonly Block[] => (notes.length === 0 ? [] : [{ kind: 'list', items: notes.map((note) => ({ line: [open(note)] })) }]);

/** The files in which two lists differ. */
export const filesBlocks = (files: FilesDifference, all: boolean): readonly Block[] => {
  const { added, removed, renamed, changed, renameSearch, same } = files;
  if (added.count + removed.count + renamed.count + changed.count === 0) return [];
  const most = all ? Number.MAX_SAFE_INTEGER : MOST_FILES;
  return [
    { kind: 'heading', line: [strong('Files'), faint(`  ${listed(fileCounts(files))}; ${grouped(same.count)} equal`)] },
    {
      kind: 'list',
      items: [
        ...items(
          changed.examples.map((file): Line => ['~ ', nameText(file), faint(`  ${listed(file.aspects)}${sizes(file.sizeBytesBefore, file.sizeBytesAfter)}`)]),
          { count: changed.count, most, what: 'changed' },
        ),
        ...items(
          renamed.examples.map(({ from, to, also }): Line => ['> ', nameText(from), ' → ', nameText(to), faint(also.length === 0 ? '' : `  ${listed(also)} differs too`)]),
          { count: renamed.count, most, what: 'renamed' },
        ),
        ...items(
          removed.examples.map((file): Line => ['- ', nameText(file), faint(`  ${formatBytes(file.sizeBytes)}`)]),
          { count: removed.count, most, what: 'removed' },
        ),
        ...items(
          added.examples.map((file): Line => ['+ ', nameText(file), faint(`  ${formatBytes(file.sizeBytes)}`)]),
          { count: added.count, most, what: 'added' },
        ),
        ...(renameSearch === 'done' ? [] : [{ line: [open('so many files came and went that nobody looked which were renamed')] }]),
      ],
    },
  ];
};

/** 1 changed, 2 added. */
export const fileCounts = ({ added, removed, renamed, changed }: FilesDifference): readonly string[] =>
  (
    [
      [changed.count, 'changed'],
      [renamed.count, 'renamed'],
      [removed.count, 'removed'],
      [added.count, 'added'],
    ] as const
  ).flatMap(([count, what]) => (count === 0 ? [] : [`${grouped(count)} ${what}`]));

const sizes = (before: number, after: number): string => (before === after ? `, ${formatBytes(after)}` : `, ${formatBytes(before)} → ${formatBytes(after)}`);

const items = (lines: readonly Line[], { count, most, what }: { readonly count: number; readonly most: number; readonly what: string }): readonly Item[] => {
  const shown = lines.slice(0, most);
  return [...shown.map((line) => ({ line })), ...(shown.length < count ? [{ line: [faint(`… and ${grouped(count - shown.length)} more ${what}`)] }] : [])];
};

const otherTables = ({ tables, tablesAdded, tablesRemoved }: SnapshotDifference, all: boolean): readonly Block[] => {
  const same = tables.filter(({ statement }) => statement === 'same-content');
  const identical = tables.filter(({ statement }) => statement === 'identical').length;
  const found: readonly Row[] = [
    ...rows(
      'new tables',
      atMost(
        tablesAdded.map((table): Line => [tableTitle(table)]),
        MOST_FILES,
        'tables',
      ),
    ),
    ...rows(
      'tables gone',
      atMost(
        tablesRemoved.map((table): Line => [tableTitle(table)]),
        MOST_FILES,
        'tables',
      ),
    ),
    ...(all
      ? []
      : rows(
          'same content',
          atMost(
            same.map(({ before, after, because }): Line => [
              before.path === after.path ? '' : `${cut(tableTitle(before), 60)} → `,
              cut(tableTitle(after), 60),
              faint(`  ${because}`),
            ]),
            MOST_FILES,
            'tables',
          ),
        )),
    ...(all || identical === 0 ? [] : row('identical', faint(counted(identical, 'table')))),
  ];
  return found.length === 0
    ? []
    : [
        { kind: 'heading', line: [strong('Tables')] },
        { kind: 'rows', rows: found },
      ];
};

const mediaBlocks = (media: readonly MediaDifference[]): readonly Block[] =>
  media.length === 0
    ? []
    : [
        { kind: 'heading', line: [strong('Images, recordings and texts')] },
        {
          kind: 'list',
          items: media.map(({ path, kind, fileCount, unreadable, classes, ranges }) => ({
            line: [path, faint(`  ${kind}`), `  ${grouped(fileCount.before)} → ${counted(fileCount.after, 'file')}`],
            inner: [
              ...(unreadable === undefined ? [] : [[open(unreadableText(unreadable))]]),
              ...(classes === undefined || classes.totalVariation === 0
                ? []
                : [[`classes: ${classes.grade}`, faint(`  ${percent(classes.totalVariation)} moved, PSI ${classes.stabilityIndex.toFixed(3)}`)]]),
              ...ranges.map(({ measure, before, after }): Line => [`${MEASURES[measure]} ${rangeText(before)} → ${rangeText(after)}`]),
            ],
          })),
        },
      ];

/** How many files cannot be read on which side. */
export const unreadableText = ({ before, after }: NonNullable<MediaDifference['unreadable']>): string => {
  if (before === 0) return `${counted(after, 'file')} cannot be read; before, all could`;
  if (after === 0) return `all can be read; before, ${counted(before, 'file')} could not`;
  return `unreadable on both sides: ${counted(before, 'file')} before, ${grouped(after)} after`;
};

const MEASURES: Readonly<Record<MediaDifference['ranges'][number]['measure'], string>> = {
  width: 'width',
  height: 'height',
  durationMs: 'duration in ms',
  sampleRateHz: 'sample rate in Hz',
  lines: 'lines',
};

const rangeText = (range: MediaDifference['ranges'][number]['before']): string => (range === undefined ? 'not known' : `${range.min} to ${range.max}`);

/** What the grades are made of, if there are any. */
const explanation = ({ tables }: SnapshotDifference): readonly Block[] =>
  tables.some(({ columns }) => columns?.shared.some(({ drift }) => drift.grade !== 'unknown') === true)
    ? [{ kind: 'paragraph', line: [faint(GRADES_EXPLAINED)], apart: true }]
    : [];

export const GRADES_EXPLAINED = `Drift is graded by the population stability index (PSI): moderate from ${MODERATE_INDEX}, strong from ${STRONG_INDEX} (Siddiqi 2006). A grade says how far values moved, not that it does no harm.`;
