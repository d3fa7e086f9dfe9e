import { DataType, type Field, TimeUnit } from 'apache-arrow';
import type { Decoding, StagedColumn } from './row-reader.ts';
import { quotedName } from './sql-text.ts';

/** How a column of an Arrow file is handed over. */
export const arrowColumn = (field: Field): StagedColumn => ({
  name: field.name,
  ...stagingOf(field.type as DataType),
  ...(isCoarse(field.type as DataType, false) ? { isCoarse: true } : {}),
});

/** Nanoseconds of a time of day are never handed over, and of a time in a list or record only milliseconds. */
const isCoarse = (type: DataType, isInside: boolean): boolean => {
  if (DataType.isTime(type)) return type.unit === TimeUnit.NANOSECOND;
  if (DataType.isTimestamp(type)) return isInside && (type.unit === TimeUnit.MICROSECOND || type.unit === TimeUnit.NANOSECOND);
  if (DataType.isDictionary(type)) return isCoarse(type.dictionary as DataType, isInside);
  return (type.children ?? []).some((child) => isCoarse(child.type as DataType, true));
};

type Staging = Omit<StagedColumn, 'name'>;

const staging = (staged: StagedColumn['staged'], type: string, decoding: Decoding = staged === type ? 'plain' : 'cast'): Staging => ({ staged, type, decoding });

const UNITS: Readonly<Record<TimeUnit, Decoding>> = {
  [TimeUnit.SECOND]: 'timestamp-s',
  [TimeUnit.MILLISECOND]: 'timestamp-ms',
  [TimeUnit.MICROSECOND]: 'timestamp-us',
  [TimeUnit.NANOSECOND]: 'timestamp-ns',
};

const stagingOf = (type: DataType): Staging => {
  if (DataType.isDictionary(type)) return stagingOf(type.dictionary as DataType);
  if (DataType.isInt(type)) return integerStaging(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return staging('DOUBLE', type.precision === 2 ? 'DOUBLE' : 'FLOAT');
  if (DataType.isBool(type)) return staging('BOOLEAN', 'BOOLEAN');
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return staging('VARCHAR', 'BLOB', 'hex');
  if (DataType.isDate(type)) return staging('BIGINT', 'DATE', 'date-ms');
  if (DataType.isTime(type)) return staging('BIGINT', 'TIME', 'time-us');
  if (DataType.isDecimal(type)) return staging('VARCHAR', type.precision > 38 ? 'VARCHAR' : `DECIMAL(${type.precision}, ${type.scale})`);
  if (DataType.isTimestamp(type)) {
    const zoned = type.timezone !== null && type.timezone !== undefined && type.timezone !== '';
    const plain = type.unit === TimeUnit.NANOSECOND ? 'TIMESTAMP_NS' : 'TIMESTAMP';
    return { ...staging('BIGINT', zoned ? 'TIMESTAMP WITH TIME ZONE' : plain, UNITS[type.unit]), zoned };
  }
  const nested = nestedType(type);
  return nested === undefined ? staging('VARCHAR', 'VARCHAR') : staging('VARCHAR', nested, 'json');
};

const integerStaging = (bits: number, signed: boolean): Staging => {
  if (bits === 64) return signed ? staging('BIGINT', 'BIGINT') : staging('UBIGINT', 'UBIGINT');
  if (bits === 32) return signed ? staging('INTEGER', 'INTEGER') : staging('DOUBLE', 'UINTEGER');
  return staging('INTEGER', `${signed ? '' : 'U'}${bits === 8 ? 'TINYINT' : 'SMALLINT'}`);
};

/** Type of lists, structs and maps; undefined for anything else. */
const nestedType = (type: DataType): string | undefined => {
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) return `${innerType(type.children[0]!)}[]`;
  if (DataType.isStruct(type)) return `STRUCT(${type.children.map((child) => `${quotedName(child.name)} ${innerType(child)}`).join(', ')})`;
  if (!DataType.isMap(type)) return undefined;
  const [key, value] = (type.children[0]!.type as DataType & { readonly children: readonly Field[] }).children;
  return `MAP(${innerType(key!)}, ${innerType(value!)})`;
};

const innerType = (field: Field): string => stagingOf(field.type as DataType).type;
