import type { Dataset } from 'h5wasm';
import type { StagedColumn, StagedValues } from './row-reader.ts';

type Metadata = Dataset['metadata'];
type Staging = Omit<StagedColumn, 'name'>;

/** Classes of HDF5 types. Source: H5Tpublic.h, H5T_class_t. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const ENUM = 8;
const ARRAY = 10;
const VLEN = 9;

const INTEGERS: Readonly<Record<number, string>> = { 1: 'TINYINT', 2: 'SMALLINT', 4: 'INTEGER', 8: 'BIGINT' };

/** How values of a type are handed over; undefined if they are only described: references, half floats, opaque bytes. */
export const h5Staging = (metadata: Metadata): Staging | undefined => {
  const { type, size, signed } = metadata;
  if (type === INTEGER || type === ENUM) {
    if (isBoolean(metadata)) return { staged: 'BOOLEAN', type: 'BOOLEAN', decoding: 'plain' };
    const name = INTEGERS[size];
    if (name === undefined) return undefined;
    const duckType = signed ? name : `U${name}`;
    const staged = size === 8 ? (signed ? 'BIGINT' : 'UBIGINT') : size === 4 && !signed ? 'DOUBLE' : 'INTEGER';
    return { staged, type: duckType, decoding: staged === duckType ? 'plain' : 'cast' };
  }
  if (type === FLOAT && size === 4) return { staged: 'DOUBLE', type: 'FLOAT', decoding: 'cast' };
  if (type === FLOAT && size === 8) return { staged: 'DOUBLE', type: 'DOUBLE', decoding: 'plain' };
  if (type === STRING) return { staged: 'VARCHAR', type: 'VARCHAR', decoding: 'plain' };
  if (type === ARRAY || type === VLEN) return { staged: 'VARCHAR', type: 'JSON', decoding: 'json' };
  return undefined;
};

/** A type in words, for what is described only. */
export const h5TypeText = (metadata: Metadata): string => h5Staging(metadata)?.type ?? (metadata.type === FLOAT ? `FLOAT${metadata.size * 8}` : 'OPAQUE');

/** Enumerations of FALSE and TRUE are how h5py writes truth values. */
const isBoolean = ({ type, enum_type: told }: Metadata): boolean => type === ENUM && told?.nmembers === 2 && told.members['FALSE'] === 0 && told.members['TRUE'] === 1;

/** A value of the library as it is handed over. */
export const h5Value = (value: unknown, staged: StagedColumn): StagedValues[number] => {
  if (value === null || value === undefined) return null;
  if (staged.decoding === 'json') return JSON.stringify(value, (_key, inner: unknown) => plain(inner));
  switch (staged.staged) {
    case 'BOOLEAN':
      return Boolean(value);
    case 'BIGINT':
    case 'UBIGINT':
      return BigInt(value as number | bigint);
    case 'INTEGER':
    case 'DOUBLE':
      return Number(value);
    case 'VARCHAR':
      return String(value as string).toWellFormed();
  }
};

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? null : String(value);
};
