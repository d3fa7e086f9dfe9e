import { countOf, escapeControl, formatBytes, nameText } from '#base';
import type { TakenSnapshot } from '#flows/take-snapshot';

const SHOWN = 20;

/** What was taken, for people. */
export const snapshotText = ({ sha256, snapshot, unchanged, readBytes, kept, notes }: TakenSnapshot): string => {
  const { list, findings = [], findingCount = 0 } = snapshot;
  const read = unchanged ? 'nothing changed since the last one' : `${formatBytes(readBytes)} read`;
  const head = `${sha256.slice(0, 12)}  ${escapeControl(snapshot.name ?? snapshot.path)}: ${countOf(list.fileCount, 'file')}, ${formatBytes(list.totalBytes)} (${read})`;
  const shown = findings
    .slice(0, SHOWN)
    .map(
      ({ kind, path, rawName, reason, other }) =>
        `  ${kind}: ${escapeControl(nameText(rawName === undefined ? { path } : { path, raw: rawName }))}${other === undefined ? '' : ` and ${escapeControl(other)}`}${reason === undefined ? '' : ` (${escapeControl(reason)})`}`,
    );
  const more = findingCount > shown.length ? [`  … and ${findingCount - shown.length} more findings`] : [];
  return [
    head,
    `  root ${list.treeRoot}`,
    ...(snapshot.complete ? [] : ['  not complete: some files could not be read']),
    ...insideOf(snapshot),
    ...keptLines(kept),
    ...notes.map((note) => `  ${escapeControl(note)}`),
    ...shown,
    ...more,
  ].join('\n');
};

const insideOf = ({ tables = [], media = [] }: TakenSnapshot['snapshot']): readonly string[] => [
  ...tables.slice(0, SHOWN).map(({ path, inner, rowCount, columns, problem }) => {
    const what =
      problem === undefined
        ? `${rowCount === undefined ? 'rows not counted' : countOf(rowCount, 'row')}, ${countOf(columns?.length ?? 0, 'column')}`
        : `could not be read: ${escapeControl(problem)}`;
    return `  table ${escapeControl(path)}${inner === undefined ? '' : ` ${escapeControl(inner)}`}: ${what}`;
  }),
  ...(tables.length > SHOWN ? [`  … and ${tables.length - SHOWN} more tables`] : []),
  ...media.slice(0, SHOWN).map(({ path, kind, fileCount }) => `  ${kind} ${escapeControl(path)}: ${countOf(fileCount, 'file')}`),
];

const keptLines = (kept: TakenSnapshot['kept']): readonly string[] =>
  kept === undefined
    ? []
    : [
        `  bytes of ${countOf(kept.kept, 'file')} kept in the store${kept.storedBytes < kept.keptBytes ? `, ${formatBytes(kept.storedBytes)} there for ${formatBytes(kept.keptBytes)}` : ''}`,
        ...kept.failed.slice(0, SHOWN).map(({ path, reason }) => `  not kept: ${escapeControl(path)} (${escapeControl(reason)})`),
      ];
