import type { FileName } from '#digest';

/** How many files, and how big they are together. */
export type Tally = {
  readonly count: number;
  /** Unit: byte. */
  readonly sizeBytes: number;
};

/** What may differ between two files of the same name. */
export type FileAspect = 'content' | 'mode' | 'link';

export type ListedFile = FileName & { readonly sizeBytes: number };

/** The same bytes under another name. */
export type RenamedFile = {
  readonly from: FileName;
  readonly to: FileName;
  readonly sizeBytes: number;
  /** What differs beside the name. */
  readonly also: readonly FileAspect[];
};

export type ChangedFile = FileName & {
  readonly aspects: readonly FileAspect[];
  readonly sizeBytesBefore: number;
  readonly sizeBytesAfter: number;
};

/** Two lists of files. The counts are complete, the examples are the first in the order of the paths. */
export type FilesDifference = {
  readonly before: Tally;
  readonly after: Tally;
  readonly same: Tally;
  readonly added: Tally & { readonly examples: readonly ListedFile[] };
  readonly removed: Tally & { readonly examples: readonly ListedFile[] };
  readonly renamed: Tally & { readonly examples: readonly RenamedFile[] };
  readonly changed: {
    readonly count: number;
    readonly sizeBytesBefore: number;
    readonly sizeBytesAfter: number;
    /** Files by what differs; a file may count more than once. */
    readonly aspects: Readonly<Record<FileAspect, number>>;
    readonly examples: readonly ChangedFile[];
  };
  /** too-many: so many files came and went that nobody looked which of them were renamed. */
  readonly renameSearch: 'done' | 'too-many';
  /** The paths and patterns that were asked for, whether a file that differs belongs to them, and what they were renamed from. */
  readonly watched: readonly { readonly path: string; readonly touched: boolean; readonly renamedFrom?: string }[];
};
