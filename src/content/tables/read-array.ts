import { TrainlockError } from '#base';
import { NPY_HEAD_BYTES, type NpyHeader, npyHeaderOf } from './npy-header.ts';
import { type NpyType, npyTypeOf } from './npy-type.ts';
import { blockRows, MOST_ARRAY_COLUMNS, type RowSink, type StagedColumn, type StagedValues } from './row-reader.ts';

/** The bytes of one array, wherever they lie. */
export type ArrayBytes = {
  readonly sizeBytes: number;
  /** Exactly so many bytes; without `anyOrder` offsets never decrease. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  /** Whether bytes can be read in any order. */
  readonly anyOrder: boolean;
};

/**
 * Hands over a NumPy array as rows along its first axis with columns c0, c1 …; arrays with more than two axes, records, complex
 * numbers and objects are described only. Objects are never unpickled. `columnsSaid`: columns were told by an earlier file.
 */
export const readArray = async (bytes: ArrayBytes, sink: RowSink, columnsSaid: boolean = false): Promise<void> => {
  const header = npyHeaderOf(await bytes.read(0, Math.min(bytes.sizeBytes, NPY_HEAD_BYTES)));
  const type = npyTypeOf(header.descr);
  const [rows = 1, columns = 1] = header.shape;
  if (type === undefined || header.shape.length > 2 || columns > MOST_ARRAY_COLUMNS) return sink.described({ ...describe(header, type), rowCount: rows });
  const expected = header.dataOffset + rows * columns * type.sizeBytes;
  if (bytes.sizeBytes < expected) throw new TrainlockError('TL0002', `it is cut off: ${bytes.sizeBytes} bytes where its head promises ${expected}`);
  if (header.fortranOrder && header.shape.length === 2 && !bytes.anyOrder) return sink.described({ ...describe(header, type), rowCount: rows });
  if (!columnsSaid) sink.columns(Array.from({ length: columns }, (_, at): StagedColumn => ({ name: `c${at}`, staged: type.staged, type: type.type, decoding: type.decoding })));
  const block = blockRows(columns);
  for (let row = 0; row < rows && columns > 0; row += block) {
    const count = Math.min(block, rows - row);
    const part = { header, type, rows, columns, row, count };
    await sink.block(header.fortranOrder ? await byColumns(bytes, part) : await byRows(bytes, part));
  }
};

type Part = {
  readonly header: NpyHeader;
  readonly type: NpyType;
  readonly rows: number;
  readonly columns: number;
  /** First row of the block. */
  readonly row: number;
  readonly count: number;
};

const byRows = async (bytes: ArrayBytes, { header, type, columns, row, count }: Part): Promise<readonly StagedValues[]> => {
  const width = columns * type.sizeBytes;
  const values = type.values(await bytes.read(header.dataOffset + row * width, count * width));
  if (columns === 1) return [values];
  return Array.from({ length: columns }, (_, column) => Array.from({ length: count }, (_row, at) => values[at * columns + column]!));
};

const byColumns = async (bytes: ArrayBytes, { header, type, rows, columns, row, count }: Part): Promise<readonly StagedValues[]> => {
  const values: StagedValues[] = [];
  for (let column = 0; column < columns; column += 1) {
    values.push(type.values(await bytes.read(header.dataOffset + (column * rows + row) * type.sizeBytes, count * type.sizeBytes)));
  }
  return values;
};

type Shape = { readonly columns: readonly { readonly name: string; readonly type: string }[]; readonly problem?: string };

const describe = (header: NpyHeader, type: NpyType | undefined): Shape => {
  const axes = header.shape.slice(1);
  if (header.descr.startsWith('[')) {
    const columns = fieldsOf(header.descr, axes);
    return hasObjects(header.descr) ? { columns, problem: OBJECTS } : { columns };
  }
  const columns = [{ name: 'value', type: withAxes(type?.type ?? header.descr, axes) }];
  return hasObjects(header.descr) ? { columns, problem: OBJECTS } : { columns };
};

const OBJECTS = 'an array of Python objects: it is never unpickled';

const hasObjects = (descr: string): boolean => /^[|<>=]?O\d*$/.test(descr) || /'[|<>=]?O\d*'/.test(descr);

const withAxes = (type: string, axes: readonly number[]): string => type + axes.map((axis) => `[${axis}]`).join('');

/** Fields of a record type, as far as they can be told; nested records are told as STRUCT. */
const fieldsOf = (descr: string, axes: readonly number[]): Shape['columns'] => {
  const fields = [...descr.matchAll(/\('((?:[^'\\]|\\.)*)', (?:'([^']+)'|\[)(?:, \(([\d, ]*)\))?/g)];
  if (fields.length === 0) return [{ name: 'value', type: withAxes('STRUCT', axes) }];
  return fields.map(([, name, type, inner]) => ({
    name: name!,
    type: withAxes(type === undefined ? 'STRUCT' : (npyTypeOf(type)?.type ?? type), [...axes, ...[...(inner ?? '').matchAll(/\d+/g)].map((digits) => Number(digits[0]))]),
  }));
};
