import { judgeReview, type Policy, type ReviewAnswer, type ReviewRules } from '#approval';
import { TrainlockError } from '#base';
import type { EnvironmentState } from '#history';
import type { Store } from '#store';
import type { TrustStanding } from '#trust';
import type { FiledApproval } from '../approvals/judged-approvals.ts';
import { filedExceptions } from '../exceptions/filed-exceptions.ts';
import { judgedByPolicy } from '../exceptions/judged-by-policy.ts';
import type { HistoryHere, HistoryPlace } from '../life/filed-history.ts';
import type { NamedRun } from '../life/promotion-target.ts';
import { runLife } from '../life/run-life.ts';
import type { ComparedRecord } from '../policy/decide-change.ts';
import { recordWithDigest } from '../policy/exact-record.ts';
import { eventsOf } from './events-of.ts';
import { reviewsOf } from './reviews-of.ts';

export type ReviewPlace = HistoryPlace & {
  readonly policy: Policy;
  readonly rules: ReviewRules;
  readonly trust: TrustStanding;
  readonly store: Store;
  readonly filed: readonly FiledApproval[];
  readonly here: HistoryHere;
};

/** What an environment runs, or ran last. */
export type Reviewed = { readonly record: NamedRun; readonly state: EnvironmentState; /** When it began to run; RFC 3339 in UTC. */ readonly from: string };

export type ReviewOfRun = Omit<ReviewAnswer, 'dueMs'> & { readonly tier?: string; /** When the next is due, by the cadence alone; RFC 3339 in UTC. */ readonly dueAt?: string };

/** Most records of one environment that are read. */
const MOST = 200;

/** Whether somebody must look again at what an environment runs. A review of any run that it ran counts: it is the same line. Never throws for what it finds. */
export const reviewOf = async (place: ReviewPlace, { record, state, from }: Reviewed): Promise<ReviewOfRun> => {
  const now = new Date().toISOString();
  const records = await recordsOfLine(place.store, [
    record,
    ...state.past.flatMap(({ promotion }) => (promotion.replaces === undefined ? [promotion.record] : [promotion.record, promotion.replaces])),
  ]);
  const own = records.get(record.manifestSha256);
  if (own === undefined) return { state: 'unknown', because: ['its record is not here, or cannot be read'] };
  const life = await runLife({ ...place, manifest: own.manifest, manifestSha256: record.manifestSha256, now });
  const { environment } = state;
  const reviews = reviewsOf({ ...place, environment, records });
  const events = eventsOf({ rules: place.rules, state, life, records });
  const { tier } = life.chain.view.model ?? {};
  const { dueMs, ...answer } = judgeReview(place.rules, {
    ...(tier === undefined ? {} : { tier }),
    from,
    reviews: reviews.reviews,
    events: [...events.events, ...(await exceptionEvents(place, { record, environment, own, now }))],
    unknown: [...reviews.unknown, ...events.unknown],
    now,
  });
  return { ...answer, ...(tier === undefined ? {} : { tier }), ...(dueMs === undefined ? {} : { dueAt: new Date(dueMs).toISOString() }) };
};

const recordsOfLine = async (store: Store, line: readonly NamedRun[]): Promise<ReadonlyMap<string, ComparedRecord | undefined>> => {
  const records = new Map<string, ComparedRecord | undefined>();
  for (const manifestSha256 of [...new Set(line.map((one) => one.manifestSha256))].slice(0, MOST))
    records.set(
      manifestSha256,
      await recordWithDigest(store, manifestSha256).catch((error: unknown) => {
        if (error instanceof TrainlockError) return undefined;
        throw error;
      }),
    );
  return records;
};

type Excepted = { readonly record: NamedRun; readonly environment: string; readonly own: ComparedRecord; readonly now: string };

/** Exceptions that count, or have counted. */
const exceptionEvents = async ({ projectRoot, policy, trust }: ReviewPlace, { record, environment, own, now }: Excepted): Promise<Parameters<typeof judgeReview>[1]['events']> => {
  const filed = await filedExceptions(projectRoot, trust);
  if (filed.length === 0) return [];
  const answers = await judgedByPolicy({ policy, trust, filed, recordOf: async () => own, actors: [], now });
  return answers
    .filter(({ given, state }) => given.manifestSha256 === record.manifestSha256 && given.environment === environment && given.confirms === undefined && state !== 'refused')
    .map(({ given }) => ({ trigger: 'exception', at: given.statedAt, because: `it runs in spite of ${given.finding.id}` }));
};
