import { type ExceptionAnswer, type GivenException, judgeExceptions, type Policy } from '#approval';
import { TrainlockError } from '#base';
import type { Store } from '#store';
import type { TrustStanding } from '#trust';
import { actorsOf, type ComparedRecord } from '../policy/decide-change.ts';
import { recordWithDigest } from '../policy/exact-record.ts';
import { mayTakeBack } from '../signed-documents/unread-document.ts';
import { type FiledException, givenExceptions, givenReviews, unreadExceptions } from './filed-exceptions.ts';

export type ExceptionsToJudge = {
  readonly policy: Policy;
  readonly trust: TrustStanding;
  readonly filed: readonly FiledException[];
  /** One that is about to be signed. */
  readonly further?: GivenException;
  /** The record of a digest; undefined where it is not here. */
  readonly recordOf: (manifestSha256: string) => Promise<ComparedRecord | undefined>;
  /** Who took part in making the change, by the names of the policy, beside whom record and signatures say. */
  readonly actors: readonly string[];
  /** RFC 3339 in UTC. */
  readonly now: string;
};

/** What every exception is worth by the policy. Throws TL0001 for actors that the policy does not know. */
export const judgedByPolicy = async (asked: ExceptionsToJudge): Promise<readonly ExceptionAnswer[]> => {
  const { policy, filed, further, now } = asked;
  const given = [...givenExceptions(filed), ...(further === undefined ? [] : [further])];
  const places = new Map(given.map(({ manifestSha256, environment }) => [JSON.stringify([manifestSha256, environment]), { manifestSha256, environment }]));
  const answers: ExceptionAnswer[] = [];
  for (const place of places.values()) {
    const candidate = await asked.recordOf(place.manifestSha256);
    const actors = candidate === undefined ? [] : actorsOf({ policy, candidate, named: asked.actors, trust: asked.trust }).actors;
    answers.push(...judgeExceptions(policy, { ...place, actors, given, reviews: givenReviews(filed), now }));
  }
  const [unread] = unreadExceptions(filed);
  if (unread === undefined) return answers;
  const because = mayTakeBack('exception', unread);
  return answers.map((one) => (one.state === 'counts' ? { ...one, state: 'refused', because } : one));
};

/** Finds records in a store by their digests. Of one that is not there, or cannot be read, nobody knows who made it. */
export const recordsIn =
  (store: Store): ExceptionsToJudge['recordOf'] =>
  (manifestSha256) =>
    recordWithDigest(store, manifestSha256).catch((error: unknown) => {
      if (error instanceof TrainlockError) return undefined;
      throw error;
    });
