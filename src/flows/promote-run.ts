/** A person says what an environment runs from now on: a signed statement, if the policy allows the change. */
import { approveCommand, replayCommand } from '#approval';
import { escapeControl, TrainlockError } from '#base';
import { type DeprecationHit, deprecationHits, type EnvironmentState, type HistoryDocument, standingDeprecations } from '#history';
import type { Promotion } from '#statements';
import { openStore, type Store } from '#store';
import { type FiledApproval, filedApprovals } from './approvals/judged-approvals.ts';
import { emptyEnvironment, environmentsHere, uncountedPromotions } from './life/environments-here.ts';
import { type HistoryHere, historyHere } from './life/filed-history.ts';
import { type NamedRun, type PromotionTarget, promotionTarget, type PromotionWish } from './life/promotion-target.ts';
import { checkWord, openSpeaker, say, type Said, type SayOptions, type Speaker } from './life/say.ts';
import { undecidedHistory } from './life/undecided.ts';
import { type ChangeHere, changeHere, type ChangePlace } from './policy/change-here.ts';
import { exactRecord } from './policy/exact-record.ts';
import { policyIfThere, understood } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';

export type PromoteOptions = SayOptions & {
  readonly environment: string;
  readonly reason: string;
  readonly wish: /** A run by reference. */
    { readonly kind: 'run'; readonly reference: string; readonly against?: string; readonly sharePercent: number } | Exclude<PromotionWish, { readonly kind: 'run' }>;
  /** A policy in place of that of the project. */
  readonly file?: string;
  /** Who took part in making the change, by the names of the policy. */
  readonly actors: readonly string[];
};

/** A run with the name that people use for it. */
export type CalledRun = NamedRun & { readonly name?: string };

export type PlannedPromotion = {
  /** not-allowed: the policy denies the change, or asks for approvals that nobody gave. */
  readonly kind: 'ready' | 'not-allowed' | 'deprecated';
  readonly environment: string;
  readonly record: CalledRun;
  readonly replaces?: CalledRun;
  readonly sharePercent: number;
  readonly isReturn: boolean;
  readonly takesBack?: string;
  /** What the policy says of the change; absent where there is none, or it is not asked. */
  readonly change?: ChangeHere;
  /** The commands that give the approvals which are missing. */
  readonly asks: readonly string[];
  /** Of the run, and of what it uses. */
  readonly deprecations: readonly DeprecationHit[];
  /** Whether the project has a policy. */
  readonly hasPolicy: boolean;
  readonly person: string;
  readonly known: 'listed' | 'self';
  readonly sign: () => Promise<Said>;
};

/**
 * Looks at the environment, the change and whoever would promote. Throws TL1501 where the promotion would not count, TL1503 where nobody
 * knows what was promoted, TL0001 for a wish that means nothing there, TL0301 to TL0304, TL1301, TL1101 to TL1106.
 */
export const planPromotion = async (options: PromoteOptions): Promise<PlannedPromotion> => {
  const { environment, projectRoot, storeFolder } = options;
  const here = await historyHere(options);
  const state = (await environmentsHere(options, here)).find((one) => one.environment === environment) ?? emptyEnvironment(environment);
  refuseUnknown(here, state);
  if (state.past.length === 0 && !(options.wish.kind === 'run' && options.wish.against !== undefined)) refuseFirst(here, environment);
  const store = await openStore({ projectRoot, storeFolder });
  const target = promotionTarget(state, await wishOf(options, store));
  const policy = await policyIfThere(options);
  const read = policy === undefined ? undefined : understood(policy);
  const { replaces } = target;
  const now = new Date().toISOString();
  const trust = await standingOf({ ...options, now });
  const change =
    read === undefined || target.isReturn ? undefined : await changeOf(options, target, { trust, read: { ...read, store, filed: await filedApprovals(projectRoot, trust, now) } });
  const speaker = await openSpeaker(options);
  const documentAt = (promotedAt: string): HistoryDocument => ({ kind: 'promotion', promotion: promotionOf(options, { state, target, change, speaker, promotedAt }) });
  const { known, isAdmin } = checkWord(documentAt(new Date().toISOString()), speaker);
  if (read !== undefined) refuseVain(speaker.person, isAdmin, read.policy);
  else if (isAdmin) throw vain(`${escapeControl(speaker.person)} is an admin, and admins neither approve nor deploy`);
  const deprecations = await deprecationsHere(here, target.record, store);
  const isDeprecated =
    target.sharePercent > 0 && deprecations.some(({ deprecation, state: { kind }, about }) => deprecation.of.kind === 'run' && about === 'this run' && kind === 'in-force');
  const isAllowed = change === undefined || change.decision.kind === 'allowed';
  return {
    kind: isDeprecated ? 'deprecated' : isAllowed ? 'ready' : 'not-allowed',
    environment,
    ...target,
    record: await called(target.record, store),
    ...(replaces === undefined ? {} : { replaces: await called(replaces, store) }),
    ...(change === undefined ? {} : { change }),
    asks: change === undefined ? [] : missingCommands(change, environment),
    deprecations,
    hasPolicy: read !== undefined,
    person: speaker.person,
    known,
    sign: () => say(documentAt(new Date().toISOString()), speaker, options),
  };
};

/** One for each role that somebody could still fill, and one for a replay. */
const missingCommands = ({ decision, baseline, candidate }: ChangeHere, environment: string): readonly string[] => {
  const missing = decision.rules.flatMap(({ requirements }) => requirements.filter((one) => one.missing > 0 && one.eligible.length > 0));
  const roles = new Map(missing.map((one) => [one.roles[0], one]));
  const replays = decision.rules.flatMap(({ replay }) => (replay?.state === 'missing' ? [replayCommand(replay, { candidate })] : []));
  // One by another person on another host is a replay by anybody too.
  const [replay] = replays.toSorted((a, b) => b.length - a.length);
  return [
    ...[...roles.values()].map((one) => approveCommand(one, { ...(baseline === undefined ? {} : { baseline }), candidate, environment })),
    ...(replay === undefined ? [] : [replay]),
  ];
};

/** What cannot be read may be a newer promotion, and in a circle nothing is the newest; a fork is settled by what follows. */
const refuseUnknown = ({ unread }: HistoryHere, { environment, findings }: EnvironmentState): void => {
  const [first] = unread;
  if (first !== undefined)
    throw new TrainlockError('TL1503', `what ${escapeControl(environment)} runs is undecided: a file cannot be judged`, {
      where: first.path,
      notes: [first.because],
      fix: 'bring the file back from git, or remove it if it never was a statement',
    });
  if (findings.some(({ kind }) => kind === 'cycle')) throw undecidedHistory(`what ${escapeControl(environment)} runs is`, findings);
};

/** What was promoted by somebody who does not count any more is no reason to ask nobody. */
const refuseFirst = (here: HistoryHere, environment: string): void => {
  const [one] = uncountedPromotions(here).filter((uncounted) => uncounted.environment === environment);
  if (one === undefined) return;
  throw new TrainlockError('TL1503', `whether this is the first run of ${escapeControl(environment)} is undecided: a promotion to it does not count`, {
    where: one.path,
    notes: [one.because],
    fix: 'say which run it replaces: --against RUN',
  });
};

const wishOf = async ({ wish, workingDirectory }: PromoteOptions, store: Store): Promise<PromotionWish> => {
  if (wish.kind !== 'run') return wish;
  const runAt = async (reference: string): Promise<NamedRun> => {
    // Read, so that what is promoted is a record.
    const { manifest, sha256 } = await exactRecord(await store.find(reference, workingDirectory));
    return { runId: manifest.run.id, manifestSha256: sha256 };
  };
  const record = await runAt(wish.reference);
  return { kind: 'run', record, sharePercent: wish.sharePercent, ...(wish.against === undefined ? {} : { against: await runAt(wish.against) }) };
};

/** By the digests of the records: a name may have been given to another run since. The first run of an environment follows nothing, and everything in it is new. */
const changeOf = (options: PromoteOptions, { record, replaces }: PromotionTarget, known: Pick<ChangePlace, 'trust' | 'read'>): Promise<ChangeHere> =>
  changeHere({
    ...options,
    ...known,
    ...(replaces === undefined ? {} : { baseline: { manifestSha256: replaces.manifestSha256 } }),
    candidate: { manifestSha256: record.manifestSha256 },
  });

type Promoting = {
  readonly state: EnvironmentState;
  readonly target: PromotionTarget;
  readonly change: ChangeHere | undefined;
  readonly speaker: Speaker;
  readonly promotedAt: string;
};

const promotionOf = ({ environment, reason }: PromoteOptions, { state, target, change, speaker, promotedAt }: Promoting): Promotion => {
  const { isReturn: _, ...what } = target;
  return {
    ...what,
    environment,
    follows: state.heads.map(({ sha256 }) => sha256).toSorted(),
    ...(change === undefined
      ? {}
      : { allowedBy: { policySha256: change.policy.sha256, differenceSha256: change.differenceSha256, actors: change.actors, approvals: approvalsOf(change, environment) } }),
    person: speaker.person,
    reason,
    promotedAt,
  };
};

/** The approvals on which a rule relied, by digest. */
const approvalsOf = ({ decision, filed }: ChangeHere, environment: string): readonly string[] => {
  const needed = decision.rules.flatMap(({ requirements }) => requirements);
  const counts = ({ judged, hasExpired, withdrawnBecause }: FiledApproval): readonly string[] => {
    if (judged.kind !== 'approval' || hasExpired || withdrawnBecause !== undefined || judged.approval.meaning === 'review') return [];
    const { change, role } = judged.approval;
    if (change.environment !== undefined && change.environment !== environment) return [];
    return needed.some(({ roles, by }) => roles.includes(role) && by.includes(judged.by.person)) ? [judged.sha256] : [];
  };
  return [...new Set(filed.flatMap(counts))].toSorted();
};

const vain = (because: string): TrainlockError =>
  new TrainlockError('TL1501', `this promotion would not count: ${because}`, { fix: 'trainlock policy show   # deployers stand under roles; sign with a key of one: --key NAME' });

/** Eligibility needs both files: the trust file says whose key it is, the policy what the person may. */
const refuseVain = (person: string, isAdmin: boolean, { roles, isSolo }: ChangeHere['policy']): void => {
  if (roles.get('deployer')?.includes(person) !== true) throw vain(`the policy does not give ${escapeControl(person)} the role deployer`);
  if (!isSolo && (isAdmin || roles.get('admin')?.includes(person) === true)) throw vain(`${escapeControl(person)} is an admin, and admins neither approve nor deploy`);
};

const deprecationsHere = async ({ counted }: HistoryHere, { manifestSha256 }: NamedRun, store: Store): Promise<readonly DeprecationHit[]> => {
  const standing = standingDeprecations({ ...counted, now: new Date().toISOString() });
  if (standing.length === 0) return [];
  const record = await store.find(manifestSha256);
  return deprecationHits(standing, { manifest: await record.manifest(), manifestSha256 }).filter(({ state }) => state.kind !== 'reverted');
};

/** A run that is not in the store has no name here. */
const called = async (run: NamedRun, store: Store): Promise<CalledRun> => {
  const name = (await store.runs()).find(({ manifestSha256 }) => manifestSha256 === run.manifestSha256)?.name;
  return { ...run, ...(name === undefined ? {} : { name }) };
};
