/** What must be kept, until when and why. Removes nothing. */
import { openStore } from '#store';
import { retainedRuns } from './life/retained-runs.ts';
import { allDocumentStatements } from './signed-documents/document-files.ts';

export type ListRetentionOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Unit: day after the start of a run; 0: no rule. */
  readonly recordDays: number;
  /** Only runs that started so many days ago, or longer. */
  readonly olderThanDays?: number;
};

export type KeptRun = {
  readonly id: string;
  readonly name?: string;
  readonly startedAt: string;
  /** One sentence each. */
  readonly because: readonly string[];
  /** RFC 3339 in UTC; absent where nothing ends it. */
  readonly until?: string;
};

export type ListedRetention = {
  readonly recordDays: number;
  readonly kept: readonly KeptRun[];
  /** Runs that nothing keeps, by id. */
  readonly free: readonly string[];
  /** Statements of persons: they are never removed. */
  readonly documents: number;
};

const DAY_MS = 86_400_000;

/** Every run with what keeps it: statements of persons, the configuration, git, a tag. */
export const listRetention = async ({ projectRoot, storeFolder, nowMs, recordDays, olderThanDays }: ListRetentionOptions): Promise<ListedRetention> => {
  const store = await openStore({ projectRoot, storeFolder });
  const runs = (await store.runs()).filter(({ startedAt }) => olderThanDays === undefined || nowMs - Date.parse(startedAt) >= olderThanDays * DAY_MS);
  const retained = new Map((await retainedRuns(runs, { projectRoot, nowMs, recordDays })).map((one) => [one.run.id, one]));
  const all = runs.map((run) => {
    const one = retained.get(run.id);
    const marks = [...(run.kept ? ['kept in git: trainlock keep'] : []), ...(run.tags['pinned'] === undefined ? [] : ['tagged pinned'])];
    const because = [...(one?.because ?? []), ...marks];
    // A date ends the rule of the configuration alone.
    const until = marks.length > 0 ? undefined : one?.until;
    return { id: run.id, startedAt: run.startedAt, because, ...(run.name === undefined ? {} : { name: run.name }), ...(until === undefined ? {} : { until }) };
  });
  return {
    recordDays,
    kept: all.filter(({ because }) => because.length > 0),
    free: all.filter(({ because }) => because.length === 0).map(({ id }) => id),
    documents: (await allDocumentStatements(projectRoot)).length,
  };
};
