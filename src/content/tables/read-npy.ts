import { TrainlockError } from '#base';
import { withBytes } from '../open-bytes.ts';
import { readArray } from './read-array.ts';
import type { Description, RowReader, RowSink } from './row-reader.ts';

/** Arrays in files of their own; several files are one table, one after the other. */
export const readNpy: RowReader = {
  read: async (source, sink) => {
    if (source.files.length === 1) return withBytes(source.files[0]!.path, (file) => readArray({ ...file, anyOrder: true }, sink));
    const described: Description[] = [];
    const own: RowSink = { ...sink, described: (description) => described.push(description) };
    for (const [at, file] of source.files.entries()) await withBytes(file.path, (bytes) => readArray({ ...bytes, anyOrder: true }, own, at > 0));
    if (described.length === 0) return;
    if (described.length < source.files.length) throw new TrainlockError('TL0002', 'its files do not have the same columns');
    sink.described({ ...described[0]!, rowCount: described.reduce((sum, one) => sum + (one.rowCount ?? 0), 0) });
  },
};
