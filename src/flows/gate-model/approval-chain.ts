import { TrainlockError } from '#base';
import { approveCommand, replayCommand } from '#approval';
import type { ApprovalFact } from '#gate';
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
  const baselinesOf = (sha256: string): readonly (string | undefined)[] => {
    const named = place.read.filed.flatMap(({ judged }) => {
      const about = 'approval' in judged ? judged.approval?.change : undefined;
      return about?.candidate.manifestSha256 === sha256 ? [about.baseline?.manifestSha256] : [];
    });
    return [...new Set([...named, undefined])];
  };
  return follow({ place, baselinesOf, seen: new Set() }, place.candidate, place.against);
};

type Following = { readonly place: ChainPlace; readonly baselinesOf: (sha256: string) => readonly (string | undefined)[]; readonly seen: ReadonlySet<string> };

const follow = async (following: Following, candidate: Link, against?: ChainPlace['against']): Promise<ApprovalFact> => {
  const { place, seen } = following;
  if (seen.has(candidate.manifestSha256) || seen.size >= LONGEST) return undecided('what was approved follows itself, or a chain that is too long', []);
  const baselines =
    against === undefined ? following.baselinesOf(candidate.manifestSha256).map((sha256) => (sha256 === undefined ? undefined : { manifestSha256: sha256 })) : [against.baseline];
  let best: ApprovalFact | undefined;
  for (const baseline of baselines) {
    const fact = await link({ ...following, place, seen: new Set([...seen, candidate.manifestSha256]) }, candidate, baseline);
    if (fact.kind === 'allowed') return fact;
    if (best === undefined || (best.kind === 'denied' && fact.kind === 'undecided')) best = fact;
  }
  return best ?? undecided('nobody has approved it', []);
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
        isTakenBack: here.filed.some(({ withdrawnBecause }) => withdrawnBecause !== undefined),
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
const remediesOf = (here: ChangeHere, reason: string, place: ChainPlace): readonly string[] =>
  here.decision.rules
    .filter(({ id }) => reason.startsWith(`rule ${id} `))
    .flatMap(({ requirements, replay }) => [
      ...requirements.filter(({ missing }) => missing > 0).map((requirement) => approveCommand(requirement, { ...here, environment: place.environment })),
      ...(replay?.state === 'missing' ? [replayCommand(replay, here)] : []),
    ]);
