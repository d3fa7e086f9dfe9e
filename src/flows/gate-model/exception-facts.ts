import { escapeControl } from '#base';
import type { ExceptionAnswer } from '#approval';
import type { ExceptionFact, GateFacts, GateFindingId } from '#gate';
import { filedExceptions } from '../exceptions/filed-exceptions.ts';
import { type ExceptionsToJudge, judgedByPolicy } from '../exceptions/judged-by-policy.ts';
import { owedHere, unjudgedGlass } from '../exceptions/owed-here.ts';
import type { ExactRecord } from '../policy/exact-record.ts';

type Asking = Pick<ExceptionsToJudge, 'policy' | 'trust' | 'actors'> & { readonly projectRoot: string; readonly environment: string };

/** What exceptions and emergencies have to do with an answer. */
type ExcusedFacts = Pick<GateFacts, 'exceptions' | 'uncounted' | 'owedReviews' | 'unjudgedGlass'>;

export const NOTHING_EXCUSED: ExcusedFacts = { exceptions: [], uncounted: [], owedReviews: [], unjudgedGlass: [] };

/** Who lets the record run in the environment in spite of what, and what was said of it that does not count. Throws TL0001 for actors that the policy does not know. */
export const exceptionFacts = async (asking: Asking, record: ExactRecord): Promise<ExcusedFacts> => {
  const filed = await filedExceptions(asking.projectRoot, asking.trust);
  if (filed.length === 0) return NOTHING_EXCUSED;
  const manifestSha256 = record.sha256;
  const now = new Date().toISOString();
  const recordOf = async (sha256: string): Promise<ExactRecord | undefined> => (sha256 === manifestSha256 ? record : undefined);
  const answers = (await judgedByPolicy({ ...asking, filed, recordOf, now })).filter(
    ({ given }) => given.confirms === undefined && given.manifestSha256 === manifestSha256 && given.environment === asking.environment,
  );
  const unsigned = filed.flatMap(({ judged }) => {
    if ((judged.kind !== 'refused' && judged.kind !== 'unknown') || judged.exception === undefined) return [];
    const { finding, record: named, environment, person } = judged.exception;
    if (named.manifestSha256 !== manifestSha256 || environment !== asking.environment) return [];
    return [
      {
        ...finding,
        because: `${judged.exception.level === undefined ? 'an exception' : 'a break-glass'} in the name of ${escapeControl(person)} does not count: ${judged.because}`,
      },
    ];
  });
  const { policy, environment } = asking;
  return {
    unjudgedGlass: unjudgedGlass(filed, asking),
    owedReviews: owedHere(filed, { policy, environment, now }).map(({ manifestSha256: _, dueMs: __, ...owed }) => owed),
    exceptions: answers.filter(({ state }) => state === 'counts').map(factOf),
    uncounted: [...answers.filter(({ state }) => state !== 'counts').map((one) => ({ ...aboutOf(one), because: toldOf(one) })), ...unsigned],
  };
};

const aboutOf = ({ given: { finding } }: ExceptionAnswer): Pick<ExceptionFact, 'id' | 'about'> => ({
  // The schema of exceptions lists a part of what the gate finds.
  id: finding.id as GateFindingId,
  ...(finding.about === undefined ? {} : { about: finding.about }),
});

const factOf = (answer: ExceptionAnswer): ExceptionFact => {
  const { given, persons, expiresAt } = answer;
  return { sha256: given.sha256, ...aboutOf(answer), ...(given.isBreakGlass === true ? { level: 'break-glass' } : {}), persons, reason: given.reason, expiresAt };
};

const toldOf = ({ given: { sha256, person, role, isBreakGlass }, state, because }: ExceptionAnswer): string => {
  const what = `${isBreakGlass === true ? 'a break-glass' : 'an exception'} by ${escapeControl(person)}`;
  if (state === 'waiting') return `${what} as ${role} ${because}: trainlock exception confirm ${sha256.slice(0, 12)} --role ROLE --reason "…"`;
  return `${what} does not count: ${escapeControl(because)}`;
};
