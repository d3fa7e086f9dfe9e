import { basename } from 'node:path';
import { fromUtf8 } from '#base';
import { readBoundedIfThere } from '#files';
import { readAnyStatement } from '#statements';
import type { RunRecord } from '#store';
import { allDocumentStatements } from '../signed-documents/document-files.ts';

/** A run that must stay, and why. */
export type RetainedRun = {
  readonly run: RunRecord;
  /** One sentence each. */
  readonly because: readonly string[];
  /** RFC 3339 in UTC; absent where nothing ends it. */
  readonly until?: string;
};

export type RetentionQuestion = {
  readonly projectRoot: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Unit: day after the start of a run; 0: no rule. */
  readonly recordDays: number;
};

const DAY_MS = 86_400_000;
const MAX_STATEMENT = 256 * 1024;
const DIGEST = /[0-9a-f]{64}/g;

/**
 * The runs that must be kept: by the configuration for so many days, and for ever those that a statement of a person names, whoever
 * signed it: without the record nobody can see what was approved, promoted or corrected. Never throws.
 */
export const retainedRuns = async (runs: readonly RunRecord[], { projectRoot, nowMs, recordDays }: RetentionQuestion): Promise<readonly RetainedRun[]> => {
  const named = await namedBy(await allDocumentStatements(projectRoot));
  return runs.flatMap((run): readonly RetainedRun[] => {
    const statements = run.manifestSha256 === undefined ? [] : (named.get(run.manifestSha256) ?? []);
    const untilMs = Date.parse(run.startedAt) + recordDays * DAY_MS;
    const until = recordDays > 0 && untilMs > nowMs ? new Date(untilMs).toISOString() : undefined;
    const because = [...statements, ...(until === undefined ? [] : [`retention.recordDays: ${recordDays} days after its start`])];
    return because.length === 0 ? [] : [{ run, because, ...(statements.length > 0 || until === undefined ? {} : { until }) }];
  });
};

/** Deliberately blunt: any digest in a statement counts, whatever the statement is worth. */
const namedBy = async (paths: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
  const named = new Map<string, string[]>();
  for (const path of paths) {
    const bytes = await readBoundedIfThere(path, MAX_STATEMENT).catch(() => undefined);
    if (bytes === undefined) continue;
    const reading = readAnyStatement(bytes);
    const what = `${reading.kind === 'accepted' ? reading.value.kind : 'statement'} ${basename(path).slice(0, 12)}`;
    for (const digest of new Set(fromUtf8(bytes)?.match(DIGEST))) named.set(digest, [...(named.get(digest) ?? []), `named by the ${what}`]);
  }
  return named;
};
