import type { Description, StagedColumn, StagedValues } from './row-reader.ts';
import type { TableSource } from './table-source.ts';

/** What a reading thread is asked. */
export type ReadRequest = {
  /** read: all rows; columns: what the rows would be; list: the tables inside. */
  readonly kind: 'read' | 'columns' | 'list';
  readonly source: TableSource;
};

/** What it answers. After a block it waits for the word next. */
export type ReadAnswer =
  | { readonly kind: 'columns'; readonly columns: readonly StagedColumn[] }
  | { readonly kind: 'block'; readonly values: readonly StagedValues[] }
  | { readonly kind: 'described'; readonly description: Description }
  | { readonly kind: 'inner'; readonly names: readonly string[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'problem'; readonly text: string };

/** Said by the main thread when a block is used up. */
export const NEXT = 'next';
