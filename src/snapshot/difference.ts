import type { FilesDifference } from './files-difference.ts';
import type { Media, Table } from './generated/snapshot-types.ts';
import type { RowsDifference } from './rows-difference.ts';

import type { ColumnsDifference, Grade, SharedBin } from './table-difference.ts';

/** What a table is called in a snapshot. */
export type TableName = Pick<Table, 'path' | 'inner'>;

/**
 * identical: the same bytes. same-content: other bytes, but the same rows, whatever their order and format. changed: something
 * is known to differ. unknown: neither is known.
 */
export type TableStatement = 'identical' | 'same-content' | 'changed' | 'unknown';

/** How two tables were found to belong together. stem: the same path but for the extension. */
export type TablesPairedBy = 'path' | 'content' | 'stem';

export type TableSummary = TableName & Pick<Table, 'format' | 'rowCount' | 'problem'>;

export type TableDifference = {
  readonly before: TableSummary;
  readonly after: TableSummary;
  readonly pairedBy: TablesPairedBy;
  readonly statement: TableStatement;
  /** Why, in words. */
  readonly because: string;
  /** Absent if the tables are equal or their columns are not known. */
  readonly columns?: ColumnsDifference;
  /** Absent if nobody compared the rows. */
  readonly rows?: RowsDifference;
};

/** Images, recordings or texts of a folder that both snapshots have. */
export type MediaDifference = {
  readonly path: string;
  readonly kind: Media['kind'];
  readonly fileCount: { readonly before: number; readonly after: number };
  /** Files that are not what their names say, or cannot be read; absent if there are none on both sides. */
  readonly unreadable?: { readonly before: number; readonly after: number };
  /** Balance of the folders in which the files lie. */
  readonly classes?: { readonly totalVariation: number; readonly stabilityIndex: number; readonly grade: Grade; readonly bins: readonly SharedBin[] };
  /** Measures of which the smallest, largest or mean value differs. */
  readonly ranges: readonly { readonly measure: 'width' | 'height' | 'durationMs' | 'sampleRateHz' | 'lines'; readonly before: Media['width']; readonly after: Media['width'] }[];
};

export type SnapshotSide = {
  readonly name?: string;
  readonly path: string;
  readonly takenAt: string;
  readonly treeRoot: string;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Whether every file could be read, unchanged. */
  readonly complete: boolean;
};

/** same: both hold the same files, and all of them were read. undecided: no difference is known, but not everything was read. */
export type DifferenceVerdict = 'same' | 'different' | 'undecided';

/** What differs between two snapshots, from files to the values of columns. */
export type SnapshotDifference = {
  readonly verdict: DifferenceVerdict;
  readonly before: SnapshotSide;
  readonly after: SnapshotSide;
  /** Absent if a list of files was not at hand. */
  readonly files?: FilesDifference;
  /** Tables that both have, those that differ first. */
  readonly tables: readonly TableDifference[];
  readonly tablesAdded: readonly TableSummary[];
  readonly tablesRemoved: readonly TableSummary[];
  readonly media: readonly MediaDifference[];
  /** What could not be compared, in words. */
  readonly notes: readonly string[];
};
