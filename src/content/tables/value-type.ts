/** What a value of a column is, as far as its canonical text and its figures depend on it. */
export type ValueType =
  | { readonly kind: 'boolean' | 'integer' | 'float' | 'double' | 'text' | 'date' | 'timestamp' | 'timestamp-zone' | 'time' | 'bytes' | 'json' | 'other' }
  /** A number in decimal digits. */
  | { readonly kind: 'decimal'; readonly width: number; readonly scale: number }
  | { readonly kind: 'list'; readonly of: ValueType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: ValueType }[] }
  | { readonly kind: 'map'; readonly key: ValueType; readonly value: ValueType };

/** A column of an open table. */
export type TableColumn = {
  readonly name: string;
  /** Type as DuckDB names it; NUMBER for texts of numbers that no type of it holds. */
  readonly type: string;
  readonly value: ValueType;
};

/** Whether values have a mean. */
export const isNumber = (type: ValueType): boolean => type.kind === 'integer' || type.kind === 'decimal' || isReal(type);

/** Whether values may be NaN or infinite. */
export const isReal = (type: ValueType): boolean => type.kind === 'float' || type.kind === 'double';

/** Whether values are ordered dates or times. */
export const isTime = (type: ValueType): boolean => type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp-zone' || type.kind === 'time';
