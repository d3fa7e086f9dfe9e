import { countOf } from '#base';
import { outcomeOf, pairMetrics } from '#diff';
import type { DataSet, Manifest } from '#manifest';

/** A data set of a record, with every digest that says which bytes it had; none: nobody knows. */
export type KnownData = { readonly name: string; readonly role: DataSet['role']; readonly digests: readonly string[] };

/** A record that may have looked at a test set. */
export type LookingRecord = { readonly manifestSha256: string; readonly manifest: Pick<Manifest, 'run' | 'evaluation'>; readonly data: readonly KnownData[] };

/** How often runs were measured on a test set of a record, the run of the record among them. */
export type EvaluationCount = {
  /** Name of the data set. */
  readonly name: string;
  /** Ids of runs, the oldest first. */
  readonly runs: readonly string[];
  /** Replays that showed no other number, and so count for nothing. */
  readonly repeated: number;
  /** Why there may be more, one sentence each; nothing: the count is exact as far as records are here. */
  readonly atLeast: readonly string[];
};

export type EvaluationQuestion = {
  readonly of: LookingRecord;
  /** Every other record that names bytes of its test sets, or a test set of which nobody knows the bytes. */
  readonly others: readonly LookingRecord[];
  /** What is not here or cannot be read, one sentence each: each may be an evaluation. */
  readonly unseen: readonly string[];
};

/**
 * Counts for each data set with the role test how many distinct runs read the same bytes, under whatever name and role, and reported a
 * metric. A replay is none if it repeats a counted run and shows the same numbers: nobody learnt anything from it that could be chosen
 * by. With other numbers it is one. Total: never throws.
 */
export const countEvaluations = ({ of, others, unseen }: EvaluationQuestion): readonly EvaluationCount[] => {
  const records = [...new Map([of, ...others].map((one) => [one.manifest.run.id, one])).values()].toSorted((a, b) => order(a.manifest.run.startedAt, b.manifest.run.startedAt));
  const measured = records.filter(({ manifest }) => manifest.evaluation.metrics.length > 0);
  const unknown = measured.filter(({ data }) => data.some(({ role, digests }) => role === 'test' && digests.length === 0));
  const mayBe = unknown.length === 0 ? [] : [`${countOf(unknown.length, 'run')} had a test set of which nobody knows the bytes`];
  return of.data
    .filter(({ role }) => role === 'test')
    .map(({ name, digests }) => {
      if (digests.length === 0) return { name, runs: [of.manifest.run.id], repeated: 0, atLeast: ['nobody knows which bytes it had', ...unseen] };
      const known = new Set(digests);
      const looked = measured.filter((one) => one.data.some((set) => set.digests.some((digest) => known.has(digest))));
      return { name, ...distinctRuns(looked), atLeast: [...mayBe, ...unseen] };
    });
};

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** In the order of their starts: a replay is never older than what it repeats. */
const distinctRuns = (looked: readonly LookingRecord[]): Pick<EvaluationCount, 'runs' | 'repeated'> => {
  const counted = new Map<string, LookingRecord>();
  const runs: string[] = [];
  for (const one of looked) {
    const parent = one.manifest.run.parents?.find(({ kind }) => kind === 'replay')?.manifestSha256;
    const before = parent === undefined ? undefined : counted.get(parent);
    counted.set(one.manifestSha256, one);
    if (before === undefined || !showsSame(before, one)) runs.push(one.manifest.run.id);
  }
  return { runs, repeated: looked.length - runs.length };
};

const showsSame = ({ manifest: before }: LookingRecord, { manifest: after }: LookingRecord): boolean =>
  outcomeOf({
    exit: { recorded: before.run.exit, replayed: after.run.exit },
    outputs: [],
    extra: [],
    metrics: pairMetrics(before.evaluation, after.evaluation),
  }).metrics.every(({ outcome }) => outcome.kind === 'identical' || outcome.kind === 'within-tolerance');

/** "3", or "at least 3". */
export const evaluationsText = ({ runs, atLeast }: Pick<EvaluationCount, 'runs' | 'atLeast'>): string =>
  `${atLeast.length === 0 ? '' : 'at least '}${countOf(runs.length, 'time')}`;
