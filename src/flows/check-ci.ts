/** What CI asks of a change: are its records whole, and is it approved by the rules of the branch that it is to go to? */
import type { ChangeDecision, GivenReplays, Policy } from '#approval';
import { type Comparison, compareManifests } from '#diff';
import { toHex } from '#base';
import { nodeCrypto } from '#files';
import type { ReportedFinding } from '#report';
import { type FiledApproval, judgeFiled } from './approvals/judged-approvals.ts';
import { anchorOf, changedIn, type CheckChangesOptions, type CheckedChanges, comparedStates, type ComparedStates, judgeUnits, kindOf, plainly } from './check-changes.ts';
import type { ChangedUnit } from './git-check/changed-units.ts';
import { documentPart } from './git-check/document-part.ts';
import { signedIn } from './git-check/judge-signed-here.ts';
import { filesOfUnit, type RecordFiles } from './git-check/judge-record-here.ts';
import { baselineOf, type KeptRecord, recordOf, replaysOf, sidecarOf } from './git-check/records-of-side.ts';
import { type Side, sidesOf } from './git-check/side-of.ts';
import { type SideTrust, type TrustAnchor, trustOfSide } from './git-check/trust-of-side.ts';
import { commitAuthors, namesOf } from './git/authors.ts';
import type { Author } from './git/raw-commits.ts';
import { decideChange, type DecidedChange } from './policy/decide-change.ts';
import { policyOfSide } from './policy/policy-at-base.ts';
import type { DocumentBytes } from './signed-documents/document-files.ts';
import { judgePolicyChange } from './policy/policy-change.ts';
import { unknownAuthors } from './policy/who-took-part.ts';
import { MAX_POLICY, type PolicyFile } from './policy/policy-file.ts';
import { asksReplays, replayOf } from './policy/replays-of.ts';
import { localKeys } from './trust-file/local-keys.ts';

export type CheckCiOptions = Omit<CheckChangesOptions, 'staged' | 'selfAnchored'> & { readonly base: string };

/** A record that came, against the one that it follows. */
export type JudgedChange = DecidedChange & { readonly file: string; readonly comparison: Comparison };

export type CheckedCi = CheckedChanges & {
  /** Whose rules counted; absent: the base has no policy. */
  readonly policy?: { readonly path: string; readonly sha256?: string };
  readonly trust: { readonly anchor: SideTrust['anchor']; readonly standing: SideTrust['standing']['kind'] };
  /** Who took part, as the commits say. */
  readonly authors: readonly string[];
  readonly changes: readonly JudgedChange[];
};

/** Throws TL1701, TL1703, TL1201. */
export const checkCi = async (options: CheckCiOptions): Promise<CheckedCi> => {
  const states = await comparedStates({ ...options, staged: false });
  const { side, end } = sidesOf(states.repository);
  try {
    const before = side({ kind: 'tree', id: states.base.commit });
    const anchor = await anchorOf({ ...options, staged: false, selfAnchored: true });
    const changed = await changedIn(states, side, { ...options, staged: false });
    const { project, stores, units } = changed;
    const checked = await judgeUnits(states, { ...changed, side, anchor, local: await localKeys(options.env) });
    const trust = await trustOfSide(before, project, anchor);
    const policy = await policyOfSide(before, project, states.base.revision);
    const projects = [...new Set([project, ...units.map((unit) => unit.project)])];
    const committers = await commitAuthors(states.repository, states.base.commit, states.head.commit!, { projects, stores });
    const authors = namesOf(committers);
    const place: Place = { project, stores, before, after: side(states.after), trust: trust.standing, now: anchor.now, authors, committers, states };
    const judged = await judgeByPolicy(
      policy,
      units.filter((unit) => isOwn(unit, place)),
      place,
    );
    const others = await judgeOthers(
      units.filter((unit) => !isOwn(unit, place)),
      place,
      anchor,
    );
    const findings = [...checked.findings, ...[...judged.findings, ...others.findings, ...anchorNote(trust)].map(plainly)];
    return {
      ...checked,
      kind: kindOf(findings),
      findings,
      ...(policy === undefined ? {} : { policy: { path: policy.path, ...(policy.kind === 'read' ? { sha256: policy.policy.sha256 } : {}) } }),
      trust: { anchor: trust.anchor, standing: trust.standing.kind },
      authors,
      changes: [...judged.changes, ...others.changes],
    };
  } finally {
    end();
  }
};

const anchorNote = ({ anchor, standing }: SideTrust): readonly ReportedFinding[] =>
  anchor === 'base' && standing.kind === 'accepted'
    ? [{ id: 'trust-of-base', severity: 'note', message: 'no root is pinned here, so the trust file of the base counts as it is: --trust names pinned roots' }]
    : [];

type Place = {
  readonly project: string;
  readonly stores: readonly string[];
  readonly before: Side;
  readonly after: Side;
  readonly trust: SideTrust['standing'];
  readonly now: string;
  readonly authors: readonly string[];
  readonly committers: readonly Author[];
  readonly states: ComparedStates;
};

type Judged = { readonly findings: readonly ReportedFinding[]; readonly changes: readonly JudgedChange[] };

const isOwn = ({ project, unit }: ChangedUnit, place: Place): boolean => project === place.project || place.stores.some((store) => unit.startsWith(store));

/** Each project has a policy of its own in the base, and is judged by that; where it has none, what is not asked is said. */
const judgeOthers = async (units: readonly ChangedUnit[], own: Place, anchor: TrustAnchor): Promise<Judged> => {
  const judged: Judged[] = [];
  for (const project of new Set(units.filter(({ kind }) => kind === 'record' || kind === 'policy' || kind === 'sidecar').map((unit) => unit.project))) {
    const its = units.filter((unit) => unit.project === project);
    const policy = await policyOfSide(own.before, project, own.states.base.revision);
    const place: Place = { ...own, project, stores: [], trust: (await trustOfSide(own.before, project, anchor)).standing };
    judged.push(policy === undefined ? { changes: [], findings: [notAsked(project, its)] } : await judgeByPolicy(policy, its, place));
  }
  return { changes: judged.flatMap(({ changes }) => changes), findings: judged.flatMap(({ findings }) => findings) };
};

const notAsked = (project: string, units: readonly ChangedUnit[]): ReportedFinding => ({
  id: 'other-project',
  severity: 'note',
  file: units[0]!.parts[0]!.path,
  message: `${project === '' ? 'the top of the repository' : project} is another project, and the base has no policy for it: whether its records are approved was not asked`,
});

const judgeByPolicy = async (file: PolicyFile | undefined, own: readonly ChangedUnit[], place: Place): Promise<Judged> => {
  const records = own.filter(({ kind, parts }) => kind === 'record' && parts.some(({ part, before }) => part === 'statement' && before === undefined));
  const beside = own.filter(({ kind, parts }) => kind === 'sidecar' && parts[0]?.after !== undefined);
  const policies = own.filter(({ kind, parts }) => kind === 'policy' && parts[0]?.after !== undefined);
  if (file === undefined) return { changes: [], findings: withoutPolicy(records.length + beside.length > 0, policies[0], place) };
  if (file.kind === 'invalid') {
    const message = 'the policy of the base cannot be understood, so it allows nothing';
    return {
      changes: [],
      findings:
        records.length + beside.length + policies.length === 0 ? [] : [{ id: 'policy-not-understood', severity: 'error', file: `${place.project}.trainlock/policy.yaml`, message }],
    };
  }
  const filed = judgeFiled({ documents: await approvalsOf(place) }, place.trust, place.now);
  const changes: JudgedChange[] = [];
  const findings: ReportedFinding[] = [];
  const candidates = await candidatesOf(records, beside, place);
  for (const candidate of candidates) {
    const judged = await judgeRecordChange(candidate, { policy: file.policy, filed, place });
    findings.push(...judged.findings);
    changes.push(...judged.changes);
  }
  if (candidates.length + policies.length > 0) findings.push(...strangersAmong(place.committers, file.policy));
  for (const unit of policies) findings.push(...(await judgePolicy(unit, { policy: file.policy, filed, place })));
  return { findings, changes };
};

/** Records that came, each once: one beside a model may be kept too. That one cannot be read has been told already. */
const candidatesOf = async (records: readonly ChangedUnit[], beside: readonly ChangedUnit[], { after, stores }: Place): Promise<readonly KeptRecord[]> => {
  const found = new Map<string, KeptRecord>();
  const add = (record: KeptRecord | undefined): void => {
    if (record === undefined) return;
    const key = toHex(nodeCrypto.sha256(record.statement));
    if (!found.has(key)) found.set(key, record);
  };
  for (const { unit } of records) add(await recordOf(after, { unit, parts: await filesOfUnit(after, unit, stores) }));
  for (const { parts } of beside) add(await sidecarOf(after, parts[0]!));
  return [...found.values()];
};

/** Commits of its web editor and its merges: the author stands beside it. */
const WEB_COMMITTER = 'noreply@github.com';

/** Who made a change must not approve it: of an author whom the policy does not know nobody can say that it is not an approver. */
const strangersAmong = (committers: readonly Author[], policy: Policy): readonly ReportedFinding[] => {
  const strangers = unknownAuthors(
    policy,
    committers.filter(({ mail }) => mail !== WEB_COMMITTER),
  );
  if (strangers.length === 0) return [];
  const told = strangers.slice(0, 5).join(', ');
  return [
    {
      id: 'author-unknown',
      severity: 'warning',
      message: `the policy does not know ${told}${strangers.length > 5 ? ` and ${strangers.length - 5} more` : ''}, so nobody can tell whether who made the change has approved it`,
      fix: 'commit under a name or an address of the policy; a service that commits is named there under machines',
    },
  ];
};

const withoutPolicy = (hasRecords: boolean, policy: ChangedUnit | undefined, { states }: Place): readonly ReportedFinding[] => {
  if (policy !== undefined)
    return [
      {
        id: 'policy-without-base',
        severity: 'warning',
        file: policy.unit,
        message: `${states.base.revision} has no policy that could judge this one: whoever may write that branch decides about the first`,
      },
    ];
  return hasRecords ? [{ id: 'no-policy', severity: 'note', message: `${states.base.revision} has no policy, so nobody asked whether the new records are approved` }] : [];
};

/** Every approval and withdrawal that will be there after the merge: those of the base too, where the change does not have them yet. */
const approvalsOf = async ({ project, stores, before, after }: Place): Promise<readonly DocumentBytes[]> => {
  const found = new Map<string, DocumentBytes>();
  for (const side of [before, after]) {
    const units = new Map<string, RecordFiles['parts'][number][]>();
    for (const [path, file] of await side.below([`${project}.trainlock/approvals`])) {
      const part = documentPart(path, stores);
      if (part?.kind === 'approval') units.set(part.unit, [...(units.get(part.unit) ?? []), { part: part.part, path, file }]);
    }
    for (const [unit, parts] of units) {
      if (!parts.some(({ part }) => part === 'statement' || part === 'bundle' || part === 'ssh-signature')) continue;
      const document = await signedIn(side, { unit, parts });
      const { statement, bundle, sshSignature } = document;
      found.set(toHex(nodeCrypto.sha256(Buffer.concat([statement ?? Buffer.alloc(0), bundle ?? Buffer.alloc(0), Buffer.from(`${unit}${sshSignature ?? ''}`)]))), document);
    }
  }
  return [...found.values()];
};

type Judging = { readonly policy: Policy; readonly filed: readonly FiledApproval[]; readonly place: Place };

const judgeRecordChange = async (candidate: KeptRecord, { policy, filed, place }: Judging): Promise<Judged> => {
  const { before, stores, project, trust, authors, now, states } = place;
  const { file } = candidate;
  const folders = [`${project}.trainlock/kept`, `${project}.trainlock/runs`, ...stores.map((store) => `${store}kept`)];
  const { baseline, unread } = await baselineOf(before, { folders, stores, candidate });
  if (baseline === undefined && unread > 0) {
    const message = 'no record of the base can be read, so nothing says what this one follows';
    return { changes: [], findings: [{ id: 'baseline-unknown', severity: 'warning', file, message }] };
  }
  const replays = asksReplays(policy) ? await keptReplays(candidate, place, folders) : undefined;
  const decided = decideChange({ policy, baseline, candidate, named: [], alsoTook: authors, trust, filed, now, replays });
  const to = decided.candidate.name ?? decided.candidate.runId.slice(0, 8);
  const words = { allowed: 'change-approved', undecided: 'approval-outstanding', denied: 'change-denied' } as const;
  const id8 = decided.candidate.runId.slice(0, 8);
  if (baseline === undefined) {
    const fix = `trainlock approve ${id8} --against none --role ROLE --reason WHY`;
    return { changes: [], findings: [decisionFinding(decided.decision, { id: words[decided.decision.kind], file, what: `the first record, ${to}, follows nothing`, fix })] };
  }
  const { id, name: from = id.slice(0, 8) } = baseline.manifest.run;
  const fix = `trainlock policy explain ${id.slice(0, 8)} ${id8} --base ${states.base.revision}`;
  return {
    changes: [{ ...decided, file, comparison: compareManifests([baseline.manifest, candidate.manifest]) }],
    findings: [decisionFinding(decided.decision, { id: words[decided.decision.kind], file, what: `from ${from} to ${to}`, fix })],
  };
};

/** Those that will be there after the merge. The notes beside them are not in git, and what people signed is. */
const keptReplays = async (candidate: KeptRecord, { after, stores, trust }: Place, folders: readonly string[]): Promise<GivenReplays> => {
  const { replays, leftOut } = await replaysOf(after, { folders, stores }, candidate);
  return { given: replays.map((record) => replayOf(candidate, { record }, trust)), leftOut };
};

const judgePolicy = async ({ unit, parts: [changed] }: ChangedUnit, { policy, filed, place }: Judging): Promise<readonly ReportedFinding[]> => {
  const { after, authors, now, states } = place;
  const bytes = await after.bytes(changed?.after, MAX_POLICY);
  if (bytes === undefined) return [];
  const decision = judgePolicyChange({ before: policy, toSha256: toHex(nodeCrypto.sha256(bytes)), actors: authors, filed, now });
  const words = { allowed: 'policy-change-approved', undecided: 'policy-approval-outstanding', denied: 'policy-change-denied' } as const;
  const fix = `trainlock policy approve --base ${states.base.revision} --role ROLE --reason WHY`;
  return [decisionFinding(decision, { id: words[decision.kind], file: unit, what: `the policy, judged by that of ${states.base.revision}`, fix })];
};

const SEVERITIES = { allowed: 'note', undecided: 'warning', denied: 'error' } as const;

const decisionFinding = (
  { kind, because }: ChangeDecision,
  { id, file, what, fix }: { readonly id: string; readonly file: string; readonly what: string; readonly fix: string },
): ReportedFinding => ({ id, severity: SEVERITIES[kind], file, message: `${what}: ${because.join('; ')}`, ...(kind === 'allowed' ? {} : { fix }) });
