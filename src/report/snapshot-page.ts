import { formatBytes, nameText } from '#base';
import type { Column, Erasure, Media, Snapshot, Table } from '#snapshot';
import { erasedMark } from './data-pages.ts';
import { tableTitle } from './difference-sentence.ts';
import { counted, grouped, listed, percent, shortValue } from './figures.ts';
import { type Block, faint, good, type Line, open, type Page, row, type Row, rows, strong } from './page.ts';
import { cut, shortTime } from './short.ts';
import { valueText } from './value-text.ts';

const MOST_COLUMNS = 40;
const MOST_TABLES = 20;
const MOST_FINDINGS = 10;
const MOST_CATEGORIES = 4;

/** One screen about a snapshot: its files, their identity, what was found, and what its tables say. */
export const snapshotPage = (snapshot: Snapshot, { all = false, erased = [] }: { readonly all?: boolean; readonly erased?: readonly Erasure[] } = {}): Page => {
  const tables = snapshot.tables ?? [];
  const shown = all ? tables : tables.slice(0, MOST_TABLES);
  return [
    {
      kind: 'paragraph',
      line: [
        strong(snapshot.name ?? snapshot.path),
        faint(`  ${shortTime(snapshot.takenAt)}`),
        snapshot.complete ? good('  complete') : open('  not complete'),
        ...erasedMark(erased),
      ],
    },
    { kind: 'rows', rows: [...headRows(snapshot), ...mediaRows(snapshot.media ?? []), ...findingRows(snapshot, all)] },
    ...shown.flatMap((table) => tableBlocks(table, all)),
    ...(shown.length < tables.length ? [{ kind: 'paragraph' as const, line: [faint(`… and ${counted(tables.length - shown.length, 'more table')}`)], apart: true }] : []),
  ];
};

const headRows = ({ path, list, origin, ignored = [], tool }: Snapshot): readonly Row[] => [
  ...row('path', path),
  ...row('files', counted(list.fileCount, 'file'), faint(`, ${formatBytes(list.totalBytes)}`)),
  ...row('origin', origin.kind, faint([origin.uri, origin.revision, origin.path].flatMap((part) => (part === undefined ? [] : [`  ${part}`])).join(''))),
  ...(origin.query === undefined ? [] : row('query', cut(origin.query.replace(/\s+/g, ' '), 100))),
  ...(origin.imported === undefined ? [] : row('imported', `${counted(origin.imported.length, 'digest')} of another tool`, faint('  not computed here'))),
  ...(ignored.length === 0 ? [] : row('left out', listed(ignored, 5))),
  ...row('tree', `sha256 ${list.treeRoot}`),
  ...row('list', `sha256 ${list.sha256}`),
  ...(list.dirHash === undefined || list.dirHash === 'none' ? [] : row('dirhash', list.dirHash)),
  ...row('taken by', faint(tool)),
];

const mediaRows = (media: readonly Media[]): readonly Row[] =>
  media.flatMap((folder) =>
    rows(folder.kind, [
      [
        folder.path,
        `  ${counted(folder.fileCount, 'file')}`,
        faint(`, ${formatBytes(folder.totalBytes)}`),
        folder.unreadableCount === undefined || folder.unreadableCount === 0 ? '' : open(`, ${grouped(folder.unreadableCount)} unreadable`),
      ],
      ...(folder.classes === undefined
        ? []
        : [
            [
              faint(
                listed(
                  folder.classes.map(({ name, count }) => `${name} ${grouped(count)}`),
                  MOST_CATEGORIES,
                ),
              ),
            ],
          ]),
      ...(folder.width === undefined || folder.height === undefined ? [] : [[faint(`${folder.width.min}–${folder.width.max} × ${folder.height.min}–${folder.height.max} pixels`)]]),
    ]),
  );

const findingRows = ({ findings = [], findingCount = findings.length }: Snapshot, all: boolean): readonly Row[] => {
  const lines = findings.map(({ kind, path, rawName, other, reason }): Line => [
    open(kind),
    `  ${nameText(rawName === undefined ? { path } : { path, raw: rawName })}`,
    faint(`${other === undefined ? '' : ` and ${other}`}${reason === undefined ? '' : `: ${reason}`}`),
  ]);
  const shown = all ? lines : lines.slice(0, MOST_FINDINGS);
  return rows('findings', [...shown, ...(shown.length < findingCount ? [[faint(`… and ${grouped(findingCount - shown.length)} more`)]] : [])]);
};

const tableBlocks = (table: Table, all: boolean): readonly Block[] => {
  const { format, fileCount, rowCount, columns = [], problem, label } = table;
  const size = [
    format,
    ...(fileCount === 1 ? [] : [counted(fileCount, 'file')]),
    ...(rowCount === undefined ? [] : [counted(rowCount, 'row')]),
    ...(table.columns === undefined ? [] : [counted(columns.length, 'column')]),
  ];
  const shown = all ? columns : columns.slice(0, MOST_COLUMNS);
  return [
    { kind: 'heading', line: [strong(tableTitle(table)), faint(`  ${size.join(', ')}`)] },
    ...(problem === undefined ? [] : [{ kind: 'paragraph' as const, line: [open(`could not be read whole: ${problem}`)] }]),
    ...(shown.length === 0
      ? []
      : [{ kind: 'table' as const, head: ['column', 'type', 'missing', 'values'], rows: shown.map((column) => columnCells(column, rowCount, column.name === label)) }]),
    ...(shown.length < columns.length ? [{ kind: 'paragraph' as const, line: [faint(`… and ${counted(columns.length - shown.length, 'more column')}`)] }] : []),
  ];
};

const columnCells = (column: Column, rowCount: number | undefined, isLabel: boolean): readonly Line[] => [
  [cut(column.name, 40), faint(isLabel ? ' (label)' : '')],
  [cut(column.type, 30)],
  [
    column.missing === undefined
      ? faint('not known')
      : column.missing === 0
        ? '0'
        : `${grouped(column.missing)}${rowCount === undefined || rowCount === 0 ? '' : ` (${percent(column.missing / rowCount)})`}`,
  ],
  valuesLine(column),
];

/** What the values of a column are, in one line. */
const valuesLine = ({ detail, min, max, mean, categories = [], otherCount = 0, distinct, lengths }: Column): Line => {
  if (detail === 'off') return [faint('the profile is turned off')];
  if (min !== undefined && max !== undefined)
    return [`${valueText(shortValue(min))} to ${valueText(shortValue(max))}`, faint(mean === undefined ? '' : `, mean ${Number(Number(mean).toPrecision(4))}`)];
  if (categories.length > 0) {
    const shown = categories.map(({ value, count }) => `${valueText(value)} ${grouped(count)}`);
    return [listed(shown, MOST_CATEGORIES), faint(otherCount === 0 ? '' : `, others ${grouped(otherCount)}`)];
  }
  return [
    faint(
      [
        ...(distinct === undefined ? [] : [`about ${grouped(distinct)} different`]),
        ...(lengths === undefined ? [] : [`${grouped(lengths.min)} to ${counted(lengths.max, 'character')}`]),
      ].join(', '),
    ),
  ];
};
