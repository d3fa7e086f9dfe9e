import { basename } from 'node:path';
import type { ApprovalFact, GivenFact } from '#evidence';
import type { RunRecord, Store } from '#store';
import type { TrustStanding } from '#trust';
import { type FiledApproval, unreadApprovals } from '../approvals/judged-approvals.ts';
import { type ChangeHere, changeHere, readProject, type RecordReference } from '../policy/change-here.ts';
import { policyIfThere } from '../policy/policy-file.ts';
import { pointerTo } from './evidence-files.ts';

export type ApprovalPlace = {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly actors: readonly string[];
  readonly environment?: string;
  readonly trust: TrustStanding;
  /** RFC 3339. */
  readonly now: string;
};

/** Most changes that are judged to find one that counts. */
const MOST_CHANGES = 20;

/** Whether the policy allows the change to this run from the run that was named, or from those that its approvals name. Throws TL0001 for actors that are none. */
export const approvalFact = async (store: Store, run: RunRecord, place: ApprovalPlace & { readonly against?: RunRecord }): Promise<ApprovalFact> => {
  const hindrance = await hindranceOf(place);
  if (hindrance !== undefined) return { kind: 'not-asked', because: hindrance };
  const read = await readProject(place);
  const { filed } = read;
  const named = baselineDigests(run, filed);
  const baselines = place.against === undefined ? await runsOf(store, named) : [place.against];
  if (place.against === undefined && baselines.length === 0) {
    if (named.length > 0) return { kind: 'not-asked', because: `its approvals start from a run that is not here: sha256 ${named[0]!.slice(0, 12)}…` };
    const last = await lastApproved(store, run, place);
    if (last === undefined)
      return { kind: 'not-asked', because: unreadIn(filed) ?? 'no approval of it lies in .trainlock/approvals, and no earlier run that was approved is here' };
    baselines.push(last);
  }
  const found: ChangeHere[] = [];
  for (const baseline of baselines.slice(0, MOST_CHANGES)) {
    if (baseline !== NOTHING && baseline.id === run.id) continue;
    found.push(await changeHere({ ...place, read, ...baselineAt(baseline), candidate: digestOf(run) }));
    if (found.at(-1)!.decision.kind === 'allowed') break;
  }
  const here = found.find(({ decision }) => decision.kind === 'allowed') ?? found[0];
  return here === undefined ? { kind: 'not-asked', because: 'a run is not approved against itself' } : factOf(here, place.projectRoot);
};

/** The first of its kind follows nothing. */
const NOTHING = 'nothing';

const baselineAt = (baseline: RunRecord | typeof NOTHING): { readonly baseline?: RecordReference } => (baseline === NOTHING ? {} : { baseline: digestOf(baseline) });

/** By digest: a name of another run leads nowhere. */
const digestOf = ({ manifestSha256 = '' }: RunRecord): { readonly manifestSha256: string } => ({ manifestSha256 });

/** The newest earlier run that the policy of now allows as successor of another one, by approvals that count; undefined if there is none. */
export const lastApproved = async (store: Store, run: RunRecord, place: ApprovalPlace): Promise<RunRecord | undefined> => {
  if ((await hindranceOf(place)) !== undefined) return undefined;
  const runs = new Map((await store.runs()).flatMap((one) => (one.manifestSha256 === undefined ? [] : [[one.manifestSha256, one] as const])));
  const read = await readProject(place);
  const seen = new Set<string>();
  for (const { approvedAt, change } of approvalsOf(read.filed).toSorted((a, b) => (a.approvedAt < b.approvedAt ? 1 : -1))) {
    const key = `${change.baseline?.manifestSha256 ?? NOTHING} ${change.candidate.manifestSha256}`;
    const baseline = change.baseline === undefined ? NOTHING : runs.get(change.baseline.manifestSha256);
    const candidate = runs.get(change.candidate.manifestSha256);
    if (seen.has(key) || baseline === undefined || candidate === undefined || candidate.id === run.id || candidate.startedAt >= run.startedAt || approvedAt === '') continue;
    seen.add(key);
    if (seen.size > MOST_CHANGES) return undefined;
    const { decision } = await changeHere({ ...place, read, actors: [], ...baselineAt(baseline), candidate: digestOf(candidate) });
    if (decision.kind === 'allowed' && decision.rules.length > 0) return candidate;
  }
  return undefined;
};

const approvalsOf = (filed: readonly FiledApproval[]): readonly Extract<FiledApproval['judged'], { readonly kind: 'approval' }>['approval'][] =>
  filed.flatMap(({ judged }) => ('approval' in judged && judged.approval !== undefined ? [judged.approval] : []));

/** What may be an approval of it, and cannot be read. */
const unreadIn = (filed: readonly FiledApproval[]): string | undefined => {
  const [unread] = unreadApprovals(filed);
  return unread === undefined ? undefined : `${basename(unread.path)} cannot be judged: ${unread.because}`;
};

/** Why nobody can say here what was approved. */
const hindranceOf = async (place: ApprovalPlace): Promise<string | undefined> => {
  const file = await policyIfThere(place);
  if (file === undefined) return 'the project has no policy';
  if (file.kind === 'invalid') return 'the policy cannot be understood';
  const { trust } = place;
  return trust.kind === 'accepted' ? undefined : `whose approvals count is not known here: ${'because' in trust ? trust.because : 'there is no trust file'}`;
};

/** The digests of the records from which approvals of this run start, the newest approval first. */
const baselineDigests = (run: RunRecord, filed: readonly FiledApproval[]): readonly string[] => [
  ...new Set(
    approvalsOf(filed)
      .filter(({ change }) => change.candidate.manifestSha256 === run.manifestSha256)
      .toSorted((a, b) => (a.approvedAt < b.approvedAt ? 1 : -1))
      .map(({ change }) => change.baseline?.manifestSha256 ?? NOTHING),
  ),
];

const runsOf = async (store: Store, digests: readonly string[]): Promise<(RunRecord | typeof NOTHING)[]> => {
  const runs = await store.runs();
  return digests.flatMap((digest) => (digest === NOTHING ? NOTHING : (runs.find(({ manifestSha256 }) => manifestSha256 === digest) ?? [])));
};

const factOf = async ({ baseline, decision, filed, policy }: ChangeHere, projectRoot: string): Promise<ApprovalFact> => {
  const given: GivenFact[] = [];
  for (const one of filed) {
    const fact = await givenFact(one, decision, projectRoot);
    if (fact !== undefined) given.push(fact);
  }
  return {
    kind: 'asked',
    ...(baseline === undefined ? {} : { baseline }),
    decision: decision.kind,
    because: decision.because,
    hasRules: decision.rules.length > 0,
    isSolo: policy.isSolo,
    given,
  };
};

const givenFact = async ({ path, judged }: FiledApproval, decision: ChangeHere['decision'], projectRoot: string): Promise<GivenFact | undefined> => {
  if (!('approval' in judged) || judged.approval === undefined) return undefined;
  const { person, role, meaning, reason, approvedAt } = judged.approval;
  const refused = decision.notCounted.find(({ approval }) => approval.person === person && approval.role === role && (approval.isReview ?? false) === (meaning === 'review'));
  const because = judged.kind === 'approval' ? refused?.because : judged.because;
  const pointer = await pointerTo(projectRoot, path);
  if (pointer === undefined) return undefined;
  return {
    person,
    role,
    meaning,
    reason,
    approvedAt,
    isSigned: judged.kind === 'approval',
    counts: because === undefined,
    ...(because === undefined ? {} : { because }),
    evidence: { ...pointer, pointer: '/predicate' },
  };
};
