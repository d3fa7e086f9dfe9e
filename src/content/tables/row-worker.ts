/** Entry of the thread that reads tables which DuckDB cannot read. It answers one request at a time. */
import { parentPort } from 'node:worker_threads';
import { TrainlockError } from '#base';
import { NEXT, type ReadAnswer, type ReadRequest } from './reader-message.ts';
import { readProblem } from './read-problem.ts';
import type { RowReader, RowSink } from './row-reader.ts';
import type { TableFormat } from './table-source.ts';

/** Each reader is loaded with its library when a file needs it. */
const readerOf = async (format: TableFormat): Promise<RowReader> => {
  switch (format) {
    case 'arrow':
      return (await import('./read-arrow.ts')).readArrow;
    case 'npy':
      return (await import('./read-npy.ts')).readNpy;
    case 'npz':
      return (await import('./read-npz.ts')).readNpz;
    case 'sqlite':
      return (await import('./read-sqlite.ts')).readSqlite;
    case 'hdf5':
      return (await import('./read-hdf5.ts')).readHdf5;
    case 'csv':
    case 'tsv':
    case 'jsonl':
    case 'parquet':
      throw new TrainlockError('TL0002', `${format} is read by DuckDB`);
  }
};

/** Thrown by the sink when only the columns were asked for. */
class EnoughSeen extends Error {}

let used: (() => void) | undefined;

const say = (answer: ReadAnswer): void => parentPort?.postMessage(answer);

const sinkFor = (request: ReadRequest): RowSink => ({
  columns: (columns) => {
    say({ kind: 'columns', columns });
    if (request.kind === 'columns') throw new EnoughSeen();
  },
  block: (values) =>
    new Promise((resolve) => {
      used = resolve;
      say({ kind: 'block', values });
    }),
  described: (description) => say({ kind: 'described', description }),
});

const answer = async (request: ReadRequest): Promise<void> => {
  try {
    const reader = await readerOf(request.source.format);
    if (request.kind === 'list') say({ kind: 'inner', names: (await reader.list?.(request.source)) ?? [] });
    else await reader.read(request.source, sinkFor(request));
    say({ kind: 'end' });
  } catch (error) {
    if (error instanceof EnoughSeen) say({ kind: 'end' });
    else say({ kind: 'problem', text: problemOf(error) });
  }
};

const problemOf = (error: unknown): string => {
  if (!(error instanceof TrainlockError)) return readProblem(error);
  return error.fix === undefined ? error.message : `${error.message}; ${error.fix} brings what is needed`;
};

parentPort?.on('message', (message: ReadRequest | typeof NEXT) => {
  if (message === NEXT) used?.();
  else void answer(message);
});
