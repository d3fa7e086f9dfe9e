/** The exceptions of a project, and what each is worth now. */
import { type ExceptionAnswer, type Policy, reviewProblem } from '#approval';
import { openStore } from '#store';
import { type FiledException, filedExceptions, givenExceptions, givenReviews } from './exceptions/filed-exceptions.ts';
import { judgedByPolicy, recordsIn } from './exceptions/judged-by-policy.ts';
import { type OwedHere, owedHere } from './exceptions/owed-here.ts';
import { policyHere } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type ListExceptionsOptions = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly env: Environment;
  readonly actors: readonly string[];
  /** A pin file for this question. */
  readonly pin?: string;
};

/** `answer` and `daysLeft` are absent for what is no exception, or whose signature does not hold. A day that has begun is one that is left. */
export type ListedException = FiledException & {
  readonly answer?: ExceptionAnswer;
  readonly daysLeft?: number;
  /** Of an emergency, in the same way. */ readonly hoursLeft?: number;
  /** Of an emergency that is over and not reviewed. */ readonly owed?: OwedHere;
  /** Of a review that does not count. */ readonly vainBecause?: string;
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Throws TL0001 for actors that the policy does not know, TL1201 for a pin that cannot be used, TL1301 and TL1302 for a policy that counts for nothing. */
export const listExceptions = async ({ actors, pin, ...place }: ListExceptionsOptions): Promise<readonly ListedException[]> => {
  const now = new Date().toISOString();
  const trust = await standingOf({ ...place, now, ...(pin === undefined ? {} : { pin }) });
  const filed = await filedExceptions(place.projectRoot, trust);
  if (filed.length === 0) return [];
  const { policy } = await policyHere(place);
  const answers = await judgedByPolicy({ policy, trust, filed, recordOf: recordsIn(await openStore(place)), actors, now });
  return filed.map((one) => {
    const { judged } = one;
    const answer = judged.kind === 'exception' ? answers.find(({ given }) => given.sha256 === judged.sha256) : undefined;
    if (judged.kind === 'review') return { ...one, ...vainIn(judged.sha256, { policy, filed, now }) };
    if (answer === undefined) return one;
    const left = Math.max(0, Date.parse(answer.expiresAt) - Date.parse(now));
    const isLeft = answer.state === 'counts' || answer.state === 'waiting';
    const units = answer.given.isBreakGlass === true ? { hoursLeft: Math.ceil(left / HOUR_MS) } : { daysLeft: Math.ceil(left / DAY_MS) };
    const owed = owedIn(answer.given, { policy, filed, now });
    return { ...one, answer, ...(isLeft ? units : {}), ...(owed === undefined ? {} : { owed }) };
  });
};

type Judging = { readonly policy: Policy; readonly filed: readonly FiledException[]; readonly now: string };

const owedIn = ({ environment, sha256 }: ExceptionAnswer['given'], { policy, filed, now }: Judging): OwedHere | undefined =>
  owedHere(filed, { policy, environment, now }).find((one) => one.sha256 === sha256);

const vainIn = (sha256: string, { policy, filed, now }: Judging): Pick<ListedException, 'vainBecause'> => {
  const review = givenReviews(filed).find((one) => one.sha256 === sha256);
  const first = givenExceptions(filed).find((one) => one.sha256 === review?.reviews);
  const because = review === undefined || first === undefined ? 'what it reviews is not here' : reviewProblem(review, first, { policy, now });
  return because === undefined ? {} : { vainBecause: because };
};
