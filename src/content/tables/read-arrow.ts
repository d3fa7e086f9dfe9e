import { CompressionType, compressionRegistry, RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { decompress } from 'fzstd';
import { TrainlockError } from '#base';
import { arrowColumn } from './arrow-column.ts';
import { arrowValues } from './arrow-values.ts';
import { unpackLz4Frame } from './lz4-frame.ts';
import { type OpenBytes, withBytes } from '../open-bytes.ts';
import { blockRows, type RowReader, type RowSink, type StagedColumn } from './row-reader.ts';

/** Arrow files (Feather version 2) and streams, record batch by record batch. */
export const readArrow: RowReader = {
  read: async (source, sink) => {
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame });
    // The library lays numbers over the bytes, which must begin where numbers may: hence the copy.
    compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompress(bytes).slice() });
    let said: readonly StagedColumn[] | undefined;
    for (const file of source.files) {
      await withBytes(file.path, async (bytes) => {
        said = await readFile(bytes, sink, said);
      });
    }
  },
};

const readFile = async (file: OpenBytes, sink: RowSink, said: readonly StagedColumn[] | undefined): Promise<readonly StagedColumn[]> => {
  const head = Buffer.from(await file.read(0, Math.min(8, file.sizeBytes))).toString('latin1');
  if (head.startsWith('FEA1')) throw new TrainlockError('TL0002', 'it is Feather version 1, which is not read: write it again as version 2');
  const reader = await (head.startsWith('ARROW1') ? RecordBatchReader.from(file.handle) : RecordBatchReader.from(file.handle.createReadStream({ start: 0, autoClose: false })));
  await reader.open({ autoDestroy: false });
  // A stream that is no stream has no schema.
  if (reader.schema === undefined || reader.schema === null) throw new TrainlockError('TL0002', 'it is neither an Arrow file nor an Arrow stream');
  const columns = reader.schema.fields.map(arrowColumn);
  if (said === undefined) sink.columns(columns);
  else if (JSON.stringify(said) !== JSON.stringify(columns)) throw new TrainlockError('TL0002', 'its files do not have the same columns');
  for await (const batch of reader) await giveBatch(batch, columns.length, sink);
  return columns;
};

const giveBatch = async (batch: RecordBatch, columnCount: number, sink: RowSink): Promise<void> => {
  const rows = blockRows(columnCount);
  for (let from = 0; from < batch.numRows; from += rows) {
    const part = batch.slice(from, Math.min(batch.numRows, from + rows));
    const values = Array.from({ length: columnCount }, (_, at) => arrowValues(part.getChildAt(at)!));
    if (values.some((column) => column.length !== part.numRows)) throw new TrainlockError('TL0002', 'a record batch is damaged: its columns are not equally long');
    await sink.block(values);
  }
};
