import type { DuckDBType } from '@duckdb/node-api';
import type { ValueType } from './value-type.ts';

/** Members of DuckDBTypeId by number: the module itself is loaded only where tables are read. Source: duckdb.h, enum duckdb_type. */
const KINDS: Readonly<Record<number, Exclude<ValueType['kind'], 'decimal' | 'list' | 'struct' | 'map'>>> = {
  1: 'boolean',
  2: 'integer',
  3: 'integer',
  4: 'integer',
  5: 'integer',
  6: 'integer',
  7: 'integer',
  8: 'integer',
  9: 'integer',
  16: 'integer',
  32: 'integer',
  35: 'integer',
  10: 'float',
  11: 'double',
  12: 'timestamp',
  20: 'timestamp',
  21: 'timestamp',
  22: 'timestamp',
  31: 'timestamp-zone',
  13: 'date',
  14: 'time',
  39: 'time',
  17: 'text',
  23: 'text',
  27: 'text',
  18: 'bytes',
};

/** The kind of the values of a DuckDB type. */
export const valueTypeOf = (type: DuckDBType): ValueType => {
  if (type.alias === 'JSON') return { kind: 'json' };
  if ('scale' in type) return { kind: 'decimal', width: type.width, scale: type.scale };
  if ('entryTypes' in type) return { kind: 'struct', fields: type.entryNames.map((name, at) => ({ name, type: valueTypeOf(type.entryTypes[at]!) })) };
  if ('keyType' in type) return { kind: 'map', key: valueTypeOf(type.keyType), value: valueTypeOf(type.valueType) };
  if ('valueType' in type) return { kind: 'list', of: valueTypeOf(type.valueType) };
  return { kind: KINDS[type.typeId] ?? 'other' };
};
