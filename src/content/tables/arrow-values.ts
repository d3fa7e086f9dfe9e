import { type Data, DataType, TimeUnit, type Vector } from 'apache-arrow';
import type { StagedValues } from './row-reader.ts';

type Staged = StagedValues[number];

/** Values of a vector as they are handed over, by the staging of its type. */
export const arrowValues = (vector: Vector): StagedValues => {
  const values: Staged[] = [];
  for (const data of vector.data as readonly Data[]) for (let at = 0; at < data.length; at += 1) values.push(null);
  let from = 0;
  for (const data of vector.data as readonly Data[]) {
    fill(values, from, { data, vector });
    from += data.length;
  }
  return values;
};

const fill = (values: Staged[], from: number, { data, vector }: { readonly data: Data; readonly vector: Vector }): void => {
  const type = data.type as DataType;
  const valid = data.nullCount === 0 ? () => true : (at: number) => data.getValid(at);
  if (DataType.isDictionary(type)) {
    const words = arrowValues(data.dictionary as Vector);
    const indexes = data.values as ArrayLike<number | bigint>;
    for (let at = 0; at < data.length; at += 1) if (valid(at)) values[from + at] = words[Number(indexes[at])] ?? null;
    return;
  }
  const read = readerOf(type, data, (at) => vector.get(from + at));
  for (let at = 0; at < data.length; at += 1) if (valid(at)) values[from + at] = read(at);
};

type Read = (at: number) => Staged;

/** Reads one value; integers and times from the bytes themselves, because the library rounds them to numbers. */
const readerOf = (type: DataType, data: Data, get: (at: number) => unknown): Read => {
  const raw = data.values as ArrayLike<number | bigint>;
  if (DataType.isInt(type)) return (at) => raw[at]!;
  if (DataType.isTimestamp(type)) return (at) => BigInt(raw[at]!);
  if (DataType.isTime(type)) return timeReader(type.unit, raw);
  if (DataType.isDate(type)) return (at) => BigInt(Math.round(get(at) as number));
  if (DataType.isFloat(type) || DataType.isBool(type)) return (at) => get(at) as number | boolean;
  if (DataType.isDecimal(type)) return (at) => decimalText(get(at) as Uint32Array, type.scale);
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return (at) => Buffer.from(get(at) as Uint8Array).toString('hex');
  if (isNested(type)) return (at) => jsonText(get(at), type);
  return (at) => textOf(get(at));
};

const textOf = (value: unknown): string | null => (value === null || value === undefined ? null : String(value as string).toWellFormed());

/** Microseconds. */
const timeReader = (unit: TimeUnit, raw: ArrayLike<number | bigint>): Read => {
  if (unit === TimeUnit.NANOSECOND) return (at) => BigInt(raw[at]!) / 1000n;
  const factor = unit === TimeUnit.SECOND ? 1_000_000n : unit === TimeUnit.MILLISECOND ? 1000n : 1n;
  return (at) => BigInt(raw[at]!) * factor;
};

/** A number in 32-bit words, lowest first, in two's complement. */
const decimalText = (words: Uint32Array, scale: number): string => {
  let value = 0n;
  for (let at = words.length - 1; at >= 0; at -= 1) value = (value << 32n) | BigInt(words[at]!);
  value = BigInt.asIntN(words.length * 32, value);
  if (scale <= 0) return (value * 10n ** BigInt(-scale)).toString();
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

const isNested = (type: DataType): boolean => DataType.isList(type) || DataType.isFixedSizeList(type) || DataType.isStruct(type) || DataType.isMap(type);

/** Any value of a nested type as JSON that DuckDB casts back to the type. */
const jsonText = (value: unknown, type: DataType): string => {
  if (value === null || value === undefined) return 'null';
  if (DataType.isDictionary(type)) return jsonText(value, type.dictionary as DataType);
  if (DataType.isList(type) || DataType.isFixedSizeList(type))
    return `[${Array.from(value as Vector, (item: unknown) => jsonText(item, type.children[0]!.type as DataType)).join(',')}]`;
  if (DataType.isStruct(type)) {
    const row = value as Readonly<Record<string, unknown>>;
    return `{${type.children.map((child) => `${JSON.stringify(child.name)}:${jsonText(row[child.name], child.type as DataType)}`).join(',')}}`;
  }
  if (DataType.isMap(type)) {
    const inner = (type.children[0]!.type as DataType & { readonly children: readonly { readonly type: DataType }[] }).children[1]!.type;
    return `{${Array.from(value as Iterable<[unknown, unknown]>, ([key, item]) => `${JSON.stringify(String(key))}:${jsonText(item, inner)}`).join(',')}}`;
  }
  return leafText(value, type);
};

const leafText = (value: unknown, type: DataType): string => {
  if (typeof value === 'bigint') return value.toString();
  if (DataType.isDate(type)) return JSON.stringify(new Date(value as number).toISOString().slice(0, 10));
  if (DataType.isTimestamp(type)) return JSON.stringify(new Date(value as number).toISOString().replace('T', ' ').replace('Z', ''));
  if (DataType.isDecimal(type)) return decimalText(value as Uint32Array, type.scale);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('hex'));
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return typeof value === 'boolean' ? String(value) : JSON.stringify(String(value as string).toWellFormed());
};
