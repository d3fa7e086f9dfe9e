import fs, { statSync } from 'node:fs';
import type { Dataset, File } from 'h5wasm';
import { TrainlockError } from '#base';
import { loadPackage } from '../load-package.ts';
import { h5Staging, h5TypeText, h5Value } from './h5-column.ts';
import { dataSetPaths, isDataset } from './h5-names.ts';
import { blockRows, MOST_ARRAY_COLUMNS, type RowReader, type RowSink, type StagedColumn, type StagedValues } from './row-reader.ts';

/** Data sets of HDF5 files, read in blocks of rows. */
export const readHdf5: RowReader = {
  list: (source) => withFile(source.files[0]!.path, dataSetPaths),
  read: (source, sink) =>
    withFile(source.files[0]!.path, async (file) => {
      const entity: unknown = file.get(`/${source.inner ?? ''}`);
      if (!isDataset(entity)) throw new TrainlockError('TL0002', 'the data set is not there any more');
      refuseBomb(entity, statSync(source.files[0]!.path).size);
      await readDataSet(entity, sink);
    }),
};

const withFile = async <T>(path: string, work: (file: File) => T | Promise<T>): Promise<T> => {
  const h5 = await loadPackage('h5wasm', () => import('h5wasm/node'));
  const module = (await h5.ready) as unknown as { readonly activate_throwing_error_handler?: () => void };
  // Without it errors are printed, and what follows reads nothing.
  module.activate_throwing_error_handler?.();
  const release = openOnly(path);
  let file: File | undefined;
  try {
    file = new h5.File(path, 'r');
    return await work(file);
  } catch (error) {
    throw error instanceof TrainlockError ? error : new TrainlockError('TL0002', reasonOf(error), { cause: error });
  } finally {
    file?.close();
    release();
  }
};

/**
 * Lets this thread open one file only: a data set may say that its values lie in any other file, and the library would read it.
 * Gives back what ends that.
 */
const openOnly = (path: string): (() => void) => {
  const { openSync } = fs;
  fs.openSync = (other, ...rest) => {
    // The library writes its errors to a temporary file; one that must be new holds nothing that could be read.
    const isNew = typeof rest[0] === 'number' && (rest[0] & fs.constants.O_EXCL) !== 0;
    if (other === path || isNew) return openSync(other, ...rest);
    throw Object.assign(new Error('ENOENT: values in other files are not followed'), { code: 'ENOENT', errno: -2 });
  };
  return () => {
    fs.openSync = openSync;
  };
};

/** The innermost of the reasons that the library lists. */
const reasonOf = (error: unknown): string => {
  const reasons = [...String(error).matchAll(/^\s*#\d+: .* line \d+ in \w+\(\): (.*)$/gm)].map((match) => match[1]!.replace(/[:,] name = [^]*$/, ''));
  return `HDF5 cannot read it: ${reasons.at(-1) ?? 'it is damaged or of an unknown kind'}`;
};

/** A data set may claim to be larger than its file by this factor, as long as it stays below MOST_BOMB_BYTES. */
const BOMB_FACTOR = 100;
/** Unit: byte. */
const MOST_BOMB_BYTES = 2 * 1024 ** 3;

const refuseBomb = ({ metadata }: Dataset, fileBytes: number): void => {
  if ((metadata.virtual_sources?.length ?? 0) > 0) throw new TrainlockError('TL0002', 'its values lie in other files, which are not followed');
  const claimed = metadata.total_size * metadata.size;
  if (claimed > Math.max(MOST_BOMB_BYTES, fileBytes * BOMB_FACTOR)) throw new TrainlockError('TL0002', `it claims ${claimed} bytes in a file of ${fileBytes}: it may be a bomb`);
};

const readDataSet = async (dataSet: Dataset, sink: RowSink): Promise<void> => {
  const { metadata } = dataSet;
  const [rows = 0, width = 1] = metadata.shape ?? [];
  const columns = columnsOf(dataSet, width);
  const readable = metadata.shape !== null && (metadata.shape.length === 1 || (metadata.shape.length === 2 && metadata.compound_type === undefined));
  if (columns === undefined || !readable || width > MOST_ARRAY_COLUMNS) return sink.described(describe(dataSet));
  sink.columns(columns);
  const block = blockRows(columns.length);
  for (let row = 0; row < rows && width > 0; row += block) {
    const end = Math.min(rows, row + block);
    const values = dataSet.slice(metadata.shape!.length === 1 ? [[row, end]] : [[row, end], []]) as ArrayLike<unknown> | null;
    const expected = (end - row) * (metadata.compound_type === undefined ? width : 1);
    if (values === null || values.length !== expected) throw new TrainlockError('TL0002', `rows ${row} to ${end - 1} cannot be read`);
    await sink.block(metadata.compound_type === undefined ? byWidth(values, columns) : byMember(values as ArrayLike<ArrayLike<unknown>>, columns));
  }
};

const columnsOf = ({ metadata }: Dataset, width: number): readonly StagedColumn[] | undefined => {
  if (metadata.compound_type !== undefined) {
    const members = metadata.compound_type.members.map((member) => ({ name: member.name, staging: h5Staging(member) }));
    return members.flatMap(({ name, staging }) => (staging === undefined ? [] : [{ name, ...staging }])).length < members.length
      ? undefined
      : members.map(({ name, staging }) => ({ name, ...staging! }));
  }
  const staging = h5Staging(metadata);
  return staging === undefined ? undefined : Array.from({ length: Math.min(width, MOST_ARRAY_COLUMNS + 1) }, (_, at) => ({ name: `c${at}`, ...staging }));
};

const byWidth = (values: ArrayLike<unknown>, columns: readonly StagedColumn[]): readonly StagedValues[] => {
  const rows = values.length / columns.length;
  return columns.map((column, at) => Array.from({ length: rows }, (_, row) => h5Value(values[row * columns.length + at], column)));
};

const byMember = (values: ArrayLike<ArrayLike<unknown>>, columns: readonly StagedColumn[]): readonly StagedValues[] =>
  columns.map((column, at) => Array.from(values, (row) => h5Value(row[at], column)));

const describe = ({ metadata }: Dataset): { readonly columns: readonly { readonly name: string; readonly type: string }[]; readonly rowCount: number } => {
  const axes = (metadata.shape ?? []).slice(1).map((axis) => `[${axis}]`);
  const columns =
    metadata.compound_type === undefined
      ? [{ name: 'value', type: h5TypeText(metadata) + axes.join('') }]
      : metadata.compound_type.members.map((member) => ({ name: member.name, type: h5TypeText(member) + axes.join('') }));
  return { columns, rowCount: metadata.shape?.[0] ?? 1 };
};
