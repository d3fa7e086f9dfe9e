import { bindingOf, changesOf, changesOfFirst, type ChangeDecision, differenceDigest, type GivenReplays, judgeChange, peopleOf, type Policy } from '#approval';
import { escapeControl, nearest, toHex, TrainlockError } from '#base';
import { compareManifests } from '#diff';
import { nodeCrypto } from '#files';
import type { Manifest } from '#manifest';
import type { TrustStanding } from '#trust';
import { type FiledApproval, givenApprovals, unreadApprovals } from '../approvals/judged-approvals.ts';
import { mayTakeBack } from '../signed-documents/unread-document.ts';
import { signersOf } from './signers-of.ts';
import { takingPart } from './who-took-part.ts';

/** A record, wherever its bytes come from. */
export type ComparedRecord = {
  readonly manifest: Manifest;
  readonly statement: Uint8Array;
  /** Bundles beside it; hostile. */
  readonly bundles: readonly Uint8Array[];
};

export type ChangeToDecide = {
  readonly policy: Policy;
  /** Absent where the candidate follows nothing. */
  readonly baseline?: ComparedRecord | undefined;
  readonly candidate: ComparedRecord;
  /** Who took part, as somebody named them; the policy must know each. */
  readonly named: readonly string[];
  /** Who else took part, for example by commits; those whom the policy does not know are nobody here: `unknownAuthors` tells them. */
  readonly alsoTook?: readonly string[];
  /** Whose approvals count. */
  readonly trust: TrustStanding;
  /** Every approval and withdrawal of the project. */
  readonly filed: readonly FiledApproval[];
  /** Recorded replays of the candidate; absent where no rule asks for one. */
  readonly replays?: GivenReplays | undefined;
  readonly environment?: string | undefined;
  /** RFC 3339 in UTC. */
  readonly now: string;
};

/** A run as an approval names it. */
export type ComparedRun = { readonly runId: string; readonly manifestSha256: string; readonly name?: string };

export type DecidedChange = {
  readonly baseline?: ComparedRun;
  readonly candidate: ComparedRun;
  readonly actors: readonly string[];
  /** Where the record names somebody whom the policy does not know. */
  readonly stranger?: string;
  readonly differenceSha256: string;
  readonly decision: ChangeDecision;
  /** Approvals of this change, whatever they are worth. */
  readonly filed: readonly FiledApproval[];
};

/** What changed between two records, what the policy asks for, and what was approved. Throws TL0001 for named people whom the policy does not know. */
export const decideChange = (question: ChangeToDecide): DecidedChange => {
  const { policy, filed: all, environment, replays, now } = question;
  const [baseline, candidate] = [question.baseline === undefined ? undefined : runOf(question.baseline), runOf(question.candidate)];
  const { actors, stranger } = actorsOf(question);
  const changes = question.baseline === undefined ? changesOfFirst() : changesBetween(question.baseline.manifest, question.candidate.manifest);
  const differenceSha256 = differenceDigest(changes, nodeCrypto);
  const identity = { baselineSha256: baseline?.manifestSha256, candidateSha256: candidate.manifestSha256, differenceSha256, policySha256: policy.sha256 };
  const filed = all.filter(({ judged }) => {
    const about = 'approval' in judged ? judged.approval?.change : undefined;
    return about?.candidate.manifestSha256 === identity.candidateSha256 && about.baseline?.manifestSha256 === identity.baselineSha256;
  });
  const asked = { changes, actors, approvals: givenApprovals(filed), binds: bindingOf(identity, nodeCrypto), now, ...(replays === undefined ? {} : { replays }) };
  const decision = judgeChange(policy, environment === undefined ? asked : { ...asked, environment });
  return {
    ...(baseline === undefined ? {} : { baseline }),
    candidate,
    actors,
    ...(stranger === undefined ? {} : { stranger }),
    differenceSha256,
    decision: withoutUnread(decision, all),
    filed,
  };
};

const changesBetween = (...manifests: readonly [Manifest, Manifest]): ReturnType<typeof changesOf> => changesOf({ comparison: compareManifests(manifests), manifests });

const runOf = ({ manifest, statement }: ComparedRecord): ComparedRun => {
  const { id, name } = manifest.run;
  return { runId: id, manifestSha256: toHex(nodeCrypto.sha256(statement)), ...(name === undefined ? {} : { name }) };
};

/** What cannot be read may be a withdrawal: then nothing is allowed before somebody has looked. */
export const withoutUnread = (decision: ChangeDecision, filed: readonly FiledApproval[]): ChangeDecision => {
  const unread = unreadApprovals(filed).map((one) => mayTakeBack('approval', one));
  if (decision.kind !== 'allowed' || decision.rules.length === 0 || unread.length === 0) return decision;
  return { ...decision, kind: 'undecided', because: unread };
};

/**
 * Everybody of whom something says that they took part: who started the run by any of the names in its record, whose keys signed it, who
 * committed, and who was named. To name somebody adds, and never takes away. Names are found without regard to case; what a person names
 * themselves must be a name of the policy.
 */
export const actorsOf = ({
  policy,
  candidate,
  named,
  alsoTook = [],
  trust,
}: Pick<ChangeToDecide, 'policy' | 'candidate' | 'named' | 'alsoTook' | 'trust'>): { readonly actors: readonly string[]; readonly stranger: string | undefined } => {
  refuseUnknown(named, peopleOf(policy));
  const { email, name, account } = candidate.manifest.run.participant;
  const recorded = takingPart(
    policy,
    [email, name, account].filter((one) => one !== undefined),
  );
  const others = takingPart(policy, [...signersOf(candidate.bundles, trust), ...alsoTook]);
  return { actors: [...new Set([...recorded, ...others, ...named])], stranger: recorded.length === 0 ? (email ?? name) : undefined };
};

/** Throws TL0001 for a name that the policy does not know. */
export const refuseUnknown = (named: readonly string[], people: ReadonlySet<string>): void => {
  const unknown = named.find((name) => !people.has(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, people);
  throw new TrainlockError('TL0001', `the policy does not know ${unknown === '' ? 'a person without a name' : escapeControl(unknown)}`, {
    notes: near === undefined ? [] : [`did you mean ${near}?`],
    fix: 'trainlock policy show   # lists the names',
  });
};
