/** The exceptions of a project, and what each is worth now. */
import type { ExceptionAnswer } from '#approval';
import { openStore } from '#store';
import { type FiledException, filedExceptions } from './exceptions/filed-exceptions.ts';
import { judgedByPolicy, recordsIn } from './exceptions/judged-by-policy.ts';
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
export type ListedException = FiledException & { readonly answer?: ExceptionAnswer; readonly daysLeft?: number };

const DAY_MS = 86_400_000;

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
    if (answer === undefined) return one;
    const daysLeft = Math.max(0, Math.ceil((Date.parse(answer.expiresAt) - Date.parse(now)) / DAY_MS));
    return { ...one, answer, ...(answer.state === 'counts' || answer.state === 'waiting' ? { daysLeft } : {}) };
  });
};
