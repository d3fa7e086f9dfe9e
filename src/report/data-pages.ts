import { countOf, formatBytes } from '#base';
import type { Erasure, FilesDifference, Snapshot } from '#snapshot';
import { bad, faint, good, type Line, open, type Page, row, rows, strong } from './page.ts';
import { filesBlocks } from './snapshot-difference-page.ts';
import { shortTime } from './short.ts';

/** A snapshot in a list, with what was stated about the erasure of its data. */
export type SnapshotRow = { readonly sha256: string; readonly snapshot: Snapshot; readonly erased?: readonly Erasure[] };

/** The snapshots of a project, the newest first. */
export const snapshotTable = (snapshots: readonly SnapshotRow[]): Page =>
  snapshots.length === 0
    ? [{ kind: 'paragraph', line: ['no snapshot was taken in this project'] }]
    : [
        {
          kind: 'table',
          head: ['snapshot', 'taken', 'name', 'files', 'size', 'path'],
          rows: snapshots
            .toReversed()
            .map(({ sha256, snapshot, erased = [] }) => [
              [sha256.slice(0, 12)],
              [shortTime(snapshot.takenAt)],
              [snapshot.name ?? '-'],
              [String(snapshot.list.fileCount)],
              [formatBytes(snapshot.list.totalBytes)],
              [snapshot.path, ...(snapshot.complete ? [] : [' ', open('not complete')]), ...erasedMark(erased)],
            ]),
        },
      ];

export type FileProof = {
  readonly title: string;
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly proof: { readonly leafIndex: number; readonly treeSize: number; readonly hashes: readonly string[]; readonly treeRoot: string };
  readonly erased?: readonly Erasure[];
};

/** One file of a snapshot, and that it belongs to it. */
export const fileProofPage = ({ title, path, sha256, sizeBytes, proof, erased = [] }: FileProof): Page => [
  { kind: 'heading', line: [strong(path), ` in ${title}`, ...erasedMark(erased)] },
  {
    kind: 'rows',
    rows: [
      ...row('sha256', sha256),
      ...row('size', formatBytes(sizeBytes)),
      ...row('place', `line ${proof.leafIndex + 1} of ${proof.treeSize}`),
      ...row('root', proof.treeRoot),
      ...rows(
        'proof',
        proof.hashes.map((hash): Line => [faint(hash)]),
      ),
    ],
  },
  { kind: 'paragraph', apart: true, line: [faint('The proof is that of RFC 9162 §2.1.3; docs/reference/snapshots.md tells how to check it without trainlock.')] },
];

/** Whether data is what a snapshot says. */
export type DataVerdictView = {
  /** same: every file is there with the recorded bytes, and no other. undecided: that cannot be told. */
  readonly kind: 'same' | 'different' | 'undecided';
  readonly because: string;
  readonly title: string;
  readonly place?: string;
  /** What differs; absent if nothing was compared. */
  readonly files?: FilesDifference;
  /** For single files. */
  readonly single?: readonly { readonly path: string; readonly outcome: 'same' | 'different' | 'undecided'; readonly because: string }[];
  readonly erased: readonly Erasure[];
};

const TONES = { same: good, different: bad, undecided: open } as const;

/** Whether data is what a snapshot says; what differs is told by the page of a difference. */
export const dataVerdictPage = (verdict: DataVerdictView): Page => [
  { kind: 'heading', line: [TONES[verdict.kind](verdict.kind), `: ${verdict.because}`] },
  { kind: 'rows', rows: [...row('data', verdict.title), ...(verdict.place === undefined ? [] : row('at', verdict.place)), ...erasedRows(verdict.erased)] },
  ...(verdict.files === undefined ? [] : filesBlocks(verdict.files, false)),
  ...(verdict.single === undefined
    ? []
    : [{ kind: 'list' as const, items: verdict.single.map(({ path, outcome, because }) => ({ line: [TONES[outcome](outcome), ` ${path}: ${because}`] })) }]),
];

/** A mark behind data that was erased; nothing if it was not. */
export const erasedMark = (erased: readonly Erasure[]): Line => {
  const last = erased.at(-1);
  return last === undefined ? [] : ['  ', open(`erased ${last.erasedAt.slice(0, 10)}`)];
};

/** The same below a snapshot; nothing if nothing was erased. */
export const erasedBlocks = (erased: readonly Erasure[]): Page => (erased.length === 0 ? [] : [{ kind: 'rows', rows: erasedRows(erased) }]);

/** What was stated about the erasure of data. */
const erasedRows = (erased: readonly Erasure[]) =>
  rows(
    'erased',
    erased.map((one): Line => [`${one.erasedAt.slice(0, 10)} by ${one.by}: ${one.reason}`, ...(one.rowCount === undefined ? [] : [` (${countOf(one.rowCount, 'row')})`])]),
  );
