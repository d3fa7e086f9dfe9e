import { join } from 'node:path';
import type { Origin } from '#snapshot';
import { type FetchOriginOptions, notFetched, type OriginFetch } from './fetch-result.ts';
import { queryDatabase } from './query-database.ts';

/** Runs the recorded statement again and compares the digest of its result. The result is written in any case: the caller sees what changed. */
export const fetchDatabase = async (origin: Origin, target: string, options: FetchOriginOptions): Promise<OriginFetch> => {
  if (origin.uri === undefined || origin.query === undefined) return notFetched('not-recorded', 'no database and statement are recorded');
  const { format = 'jsonl', statementTimeoutMs, maxBytes, signal } = options;
  const path = join(target, `result.${format}`);
  const { rowCount, resultSha256, sizeBytes } = await queryDatabase({
    uri: origin.uri,
    query: origin.query,
    path,
    format,
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(signal === undefined ? {} : { signal }),
  });
  const revision = origin.resultSha256 === undefined ? 'unknown' : origin.resultSha256 === resultSha256 ? 'same' : 'other';
  return { kind: 'fetched', path, fileCount: 1, totalBytes: sizeBytes, revision, checkedCount: revision === 'same' ? 1 : 0, left: [], rowCount, resultSha256 };
};
