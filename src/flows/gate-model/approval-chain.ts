import { escapeControl, TrainlockError } from '#base';
import { approveCommand, NOBODY_KNOWN, replayCommand } from '#approval';
import type { ApprovalFact } from '#gate';
import type { Approval } from '#statements';
import { unreadApprovals } from '../approvals/judged-approvals.ts';
import { mayTakeBack } from '../signed-documents/unread-document.ts';
import { type ChangeHere, changeHere, type ChangePlace, type ProjectRead, type RecordReference } from '../policy/change-here.ts';

/** A record, with the digest of its bytes. */
type Link = { readonly record: RecordReference; readonly manifestSha256: string };

export type ChainPlace = Omit<ChangePlace, 'baseline' | 'candidate'> & {
  readonly read: ProjectRead;
  /** The environment that is asked about. */
  readonly environment: string;
  readonly candidate: Link;
  /** What it is to follow, without a baseline nothing; whatever its approvals name, or nothing, if it is not said. */
  readonly against?: { readonly baseline?: RecordReference };
};

/** Longest chain that is followed. */
const LONGEST = 200;

/**
 * A chain of changes that were each allowed, from nothing to the candidate: what a record follows counts only if it was approved itself.
 * The records in between must be here, because what differs between two of them is compared anew. Never throws for what it finds there.
 */
export const approvalChain = async (place: ChainPlace): Promise<ApprovalFact> => {
  // Whoever may not approve says nothing here: another baseline would be another question.
  const approvals = place.read.filed.flatMap(({ judged, withdrawnBecause }) =>
    judged.kind === 'approval' && judged.approval.meaning !== 'review' ? [{ ...judged.approval.change, isWithdrawn: withdrawnBecause !== undefined }] : [],
  );
  const given: ApprovalsOf = (sha256) => approvals.filter(({ candidate }) => candidate.manifestSha256 === sha256);
  return follow({ place, given, seen: new Set() }, place.candidate, place.against);
};

/** What was approved of a record by people who may, whatever became of it. */
type ApprovalsOf = (manifestSha256: string) => readonly (Pick<Approval['change'], 'baseline'> & { readonly isWithdrawn: boolean })[];
type Following = { readonly place: ChainPlace; readonly given: ApprovalsOf; readonly seen: ReadonlySet<string> };

/** What its approvals follow; nothing, where there are none. */
const baselinesOf = (given: ReturnType<ApprovalsOf>): readonly (RecordReference | undefined)[] => {
  const named = new Set(given.length === 0 ? [undefined] : given.map(({ baseline }) => baseline?.manifestSha256));
  return [...named].map((manifestSha256) => (manifestSha256 === undefined ? undefined : { manifestSha256 }));
};

const follow = async (following: Following, candidate: Link, against?: ChainPlace['against']): Promise<ApprovalFact> => {
  const { given, seen } = following;
  if (seen.has(candidate.manifestSha256) || seen.size >= LONGEST) return undecided('what was approved follows itself, or a chain that is too long', []);
  const approvals = given(candidate.manifestSha256);
  const facts: ApprovalFact[] = [];
  for (const baseline of against === undefined ? baselinesOf(approvals) : [against.baseline]) {
    const fact = await link({ ...following, seen: new Set([...seen, candidate.manifestSha256]) }, candidate, baseline);
    if (fact.kind === 'allowed') return fact;
    facts.push(fact);
  }
  // That it is denied against one baseline is not made better by another, nor is it that somebody took an approval back.
  const worst = facts.find(({ kind }) => kind === 'denied') ?? facts[0] ?? undecided('nobody has approved it', []);
  return { ...worst, isTakenBack: worst.isTakenBack === true || approvals.some(({ isWithdrawn }) => isWithdrawn) };
};

const undecided = (because: string, remedies: readonly string[]): ApprovalFact => ({ kind: 'undecided', reasons: [{ because, remedies }], chain: [] });

const link = async (following: Following, candidate: Link, baseline: RecordReference | undefined): Promise<ApprovalFact> => {
  const { place } = following;
  try {
    const here = await changeHere({ ...place, candidate: candidate.record, ...(baseline === undefined ? {} : { baseline }) });
    const { kind, because } = here.decision;
    if (kind !== 'allowed')
      return {
        kind,
        reasons: because.map((reason) => ({ because: reason, remedies: remediesOf(here, reason, place) })),
        chain: [],
      };
    const name = here.candidate.name ?? here.candidate.runId.slice(0, 8);
    if (here.baseline === undefined) return { kind, reasons: [], chain: [name] };
    const before = await follow(following, { record: { manifestSha256: here.baseline.manifestSha256 }, manifestSha256: here.baseline.manifestSha256 });
    return before.kind === 'allowed' ? { ...before, chain: [...before.chain, name] } : onlyBefore(before, here);
  } catch (error) {
    if (!(error instanceof TrainlockError) || error.code === 'TL1304') throw error;
    return undecided(`what it follows cannot be compared here: ${error.message}`, error.fix === undefined ? [] : [error.fix]);
  }
};

const onlyBefore = (before: ApprovalFact, { baseline }: ChangeHere): ApprovalFact => ({
  ...before,
  reasons: before.reasons.map(({ because, remedies }) => ({
    because: `what it follows (${baseline?.name ?? baseline?.runId.slice(0, 8)}) was not approved itself: ${because}`,
    remedies,
  })),
});

/** For a rule that is open one command for each role that is missing, and for a replay; and who may give it. */
const remediesOf = (here: ChangeHere, reason: string, place: ChainPlace): readonly string[] => {
  if (here.actors.length === 0 && reason === NOBODY_KNOWN)
    return [
      `say who made it, by a name of the policy: --actor NAME${here.stranger === undefined ? '' : `   # the record names ${escapeControl(here.stranger)}, whom the policy does not know`}`,
    ];
  if (unreadApprovals(place.read.filed).some((one) => reason === mayTakeBack('approval', one))) return ['git checkout -- .trainlock/approvals   # brings back what git has'];
  return forRules(here, reason, place);
};

const forRules = (here: ChangeHere, reason: string, place: ChainPlace): readonly string[] =>
  here.decision.rules
    .filter(({ id }) => reason.startsWith(`rule ${id} `))
    .flatMap(({ requirements, replay }) => [
      ...requirements.filter(({ missing }) => missing > 0).map((requirement) => approveCommand(requirement, { ...here, environment: place.environment })),
      ...(replay?.state === 'missing' ? [replayCommand(replay, here)] : []),
    ]);
