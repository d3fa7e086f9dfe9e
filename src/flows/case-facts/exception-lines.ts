import type { ExceptionAnswer } from '#approval';
import { escapeControl } from '#base';
import type { CaseFacts } from '#evidence';
import type { Store } from '#store';
import type { TrustStanding } from '#trust';
import { filedExceptions, unreadExceptions } from '../exceptions/filed-exceptions.ts';
import { judgedByPolicy, recordsIn } from '../exceptions/judged-by-policy.ts';
import { owedHere } from '../exceptions/owed-here.ts';
import { mayTakeBack } from '../signed-documents/unread-document.ts';
import { type PolicyPlace, policyIfThere } from '../policy/policy-file.ts';

type Asking = PolicyPlace & { readonly trust: TrustStanding; readonly actors: readonly string[]; readonly now: string };

/** What every exception for a record is worth in every environment. Without a policy that is understood none counts. Throws TL0001 for actors that the policy does not know. */
export const exceptionLines = async (
  { trust, actors, now, ...place }: Asking,
  { store, sha256 }: { readonly store: Store; readonly sha256: string },
): Promise<CaseFacts['exceptions']> => {
  const filed = await filedExceptions(place.projectRoot, trust);
  if (filed.length === 0) return [];
  const file = await policyIfThere(place);
  const unread = unreadExceptions(filed).map((one) => ({ counts: false, because: mayTakeBack('exception', one) }));
  if (file?.kind !== 'read') return [...unread, { counts: false, because: 'there is no policy that is understood, so nothing allows an exception' }];
  const recordOf: ReturnType<typeof recordsIn> = async (digest) => (digest === sha256 ? recordsIn(store)(digest) : undefined);
  const answers = (await judgedByPolicy({ policy: file.policy, trust, filed, recordOf, actors, now })).filter(
    ({ given }) => given.confirms === undefined && given.manifestSha256 === sha256,
  );
  const owed = [...new Set(answers.map(({ given }) => given.environment))].flatMap((environment) =>
    owedHere(filed, { policy: file.policy, environment, now }).filter(({ manifestSha256 }) => manifestSha256 === sha256),
  );
  const owing = owed.map(({ sha256: digest, dueAt, isOverdue }) => ({
    counts: false,
    because: `BREAK-GLASS ${digest.slice(0, 12)} is over and not reviewed: ${isOverdue ? 'overdue since' : 'due until'} ${dueAt}`,
  }));
  return [...answers.map(lineOf), ...owing, ...unread];
};

const lineOf = ({ given, state, because, persons, expiresAt }: ExceptionAnswer): CaseFacts['exceptions'][number] => {
  const what = `${given.isBreakGlass === true ? 'BREAK-GLASS ' : ''}${given.finding.id}${given.finding.about === undefined ? '' : ` ${given.finding.about}`} in ${given.environment}, by ${persons.join(' and ')}`;
  return state === 'counts'
    ? { counts: true, because: escapeControl(`${what}, until ${expiresAt}: ${given.reason}`) }
    : { counts: false, because: escapeControl(`${what}: ${because}`) };
};
