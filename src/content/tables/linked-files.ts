import { TrainlockError } from '#base';
import { readProblem } from './read-problem.ts';
import type { TableSession } from './table-session.ts';
import type { TableSource } from './table-source.ts';

/** Files of a table under the names by which DuckDB sees them. */
export type LinkedFiles = {
  readonly paths: readonly string[];
  /** An error of DuckDB as TL0002, its problem in words, with the names that people know. */
  readonly told: (error: unknown) => unknown;
};

/** Throws TL0002 if a file is gone. */
export const linkFiles = async (session: TableSession, source: TableSource): Promise<LinkedFiles> => {
  const names = new Map<string, string>();
  for (const file of source.files) {
    const path = await session.link(file, endingOf(file.name)).catch((error: unknown) => {
      throw new TrainlockError('TL0002', `it cannot be opened: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, { cause: error });
    });
    names.set(path, file.name);
  }
  return { paths: [...names.keys()], told: (error) => toldProblem(error, { session, names }) };
};

const toldProblem = (error: unknown, { session, names }: { readonly session: TableSession; readonly names: ReadonlyMap<string, string> }): unknown =>
  error instanceof TrainlockError || session.signal()?.aborted === true ? error : new TrainlockError('TL0002', readProblem(error, names), { cause: error });

/** What DuckDB needs to see of a name: how the bytes are packed. */
const endingOf = (name: string): string => /(\.(csv|tsv|jsonl|parquet))?(\.gz|\.zst)?$/i.exec(name)?.[0].toLowerCase() ?? '';
