/** May this model run in this environment? Fetches everything that the policy asks for, and leaves the judgement to the room gate. */
import type { OnProgress } from '#files';
import { type GateDecision, type GateFacts, isProvenRecord, judgeGate } from '#gate';
import type { RunRecord, Store } from '#store';
import { filedApprovals } from './approvals/judged-approvals.ts';
import { evaluationsHere } from './evaluations/evaluations-here.ts';
import { approvalChain, type ChainPlace } from './gate-model/approval-chain.ts';
import { canaryFact, servingFacts, servingPython } from './gate-model/canary-fact.ts';
import { environmentFacts } from './gate-model/environment-facts.ts';
import { exceptionFacts, NOTHING_EXCUSED } from './gate-model/exception-facts.ts';
import { type Candidate, type CandidatePlace, findCandidate } from './gate-model/find-candidate.ts';
import { lifeFact } from './gate-model/life-fact.ts';
import { replayEvidence } from './gate-model/replay-evidence.ts';
import { upstreamFact } from './gate-model/upstream-fact.ts';
import { reviewFact } from './gate-model/review-fact.ts';
import { withdrawalsInLog } from './gate-model/withdrawals-in-log.ts';
import { environmentIn } from './policy/environment-in.ts';
import type { ProjectRead } from './policy/change-here.ts';
import type { ExactRecord } from './policy/exact-record.ts';
import { policyHere } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { judge, type VerifyOptions } from './verify-run.ts';

export { factsText } from '#gate';

export type GateOptions = CandidatePlace &
  Pick<VerifyOptions, 'pin' | 'logKeys' | 'at'> & {
    readonly environment: string;
    /** A policy in place of that of the project. */
    readonly file?: string;
    /** What it is to follow, or none for nothing; what its approvals name if it is not said. */
    readonly against?: string;
    readonly actors: readonly string[];
    /** The interpreter that serves. */
    readonly python?: string;
    /** A table of live inputs, or - for standard input. */
    readonly liveSample?: string;
    /** Most rows of it that are looked at. Unit: row. */
    readonly rows?: number;
    /** A depot that has what is not here: a folder, or an http(s) address. */
    readonly from?: string;
    readonly onProgress?: OnProgress;
  };

export type GateAnswer = {
  readonly decision: GateDecision;
  readonly run: { readonly id: string; readonly name?: string };
  readonly manifestSha256?: string;
  readonly environment: string;
  readonly policy: { readonly path: string; readonly sha256: string };
  /** The files that were asked about, with the digests of their bytes. */
  readonly models: readonly { readonly path: string; readonly sha256?: string }[];
  /** Exactly what was judged: whoever has it can judge it again. */
  readonly facts: GateFacts;
};

/** Throws TL0001, TL0002, TL0301 to TL0304, TL1201, TL1301, TL1304; with a depot also TL0801 to TL0805. */
export const gateModel = async (options: GateOptions): Promise<GateAnswer> => {
  const { from, ...here } = options;
  if (from === undefined) return gateHere(here);
  // A question that nobody could answer fetches nothing.
  environmentIn((await policyHere(options)).policy, options.environment);
  const { withRecordsFrom } = await import('./depot/with-records-from.ts');
  const filed = async (): ReturnType<typeof filedApprovals> => filedApprovals(here.projectRoot, await trustOf(here), new Date().toISOString());
  return withRecordsFrom({ ...here, from, filed }, (found) => gateHere({ ...here, ...found, isFetched: true }));
};

/** The depot is no part of the question any more. */
type GateHere = Omit<GateOptions, 'from'> & { /** Records were brought from elsewhere, and only those of this model. */ readonly isFetched?: boolean };

const trustOf = ({ projectRoot, workingDirectory, env, at, pin }: GateHere): ReturnType<typeof standingOf> =>
  standingOf({ projectRoot, workingDirectory, env, now: at ?? new Date().toISOString(), ...(pin === undefined ? {} : { pin }) });

const gateHere = async (options: GateHere): Promise<GateAnswer> => {
  const { projectRoot, env, environment } = options;
  const { path, policy } = await policyHere(options);
  const rules = environmentIn(policy, environment);
  const candidate = await findCandidate(options);
  const { run, record, store, models } = candidate;
  const trust = await trustOf(options);
  const question = { leavesOutputs: true, model: false, data: false, environment: false, signature: true, time: false, log: rules.log !== 'none' };
  // What was read once is what is judged, compared and started: the file may have changed since.
  const { verdict } = await judge({ ...options, reference: run.statementPath, question, ...(record === undefined ? {} : { found: { run, statement: record.statement } }) });
  const place = { ...options, trust };
  const read = { path, policy, store, filed: await filedApprovals(projectRoot, trust, new Date().toISOString()) };
  const approvals = await chainOf({ ...place, read }, candidate);
  // No program that a record names is started before the record is proven and approved, not even to ask its version.
  const excused = record === undefined ? NOTHING_EXCUSED : await exceptionFacts({ ...place, policy }, record);
  const isTrusted = isProvenRecord(verdict) && isCleared({ approvals, exceptions: excused.exceptions });
  const [withdrawals, aboutRecord, review] = await Promise.all([
    rules.log === 'required' ? withdrawalsInLog(place) : { kind: 'not-asked' as const, because: 'withdrawals are known as far as there are files of them' },
    record === undefined ? nothingKnown(options) : factsOfRecord({ ...place, policy, rules, isTrusted }, { store, record }),
    record === undefined ? UNREAD : reviewFact({ ...place, ...read }, record),
  ]);
  const { life, serving } = aboutRecord;
  const hindrance = hindranceOf({ verdict, approvals, life, exceptions: excused.exceptions });
  const facts: GateFacts = {
    reference: run.id.slice(0, 8),
    environment,
    rules,
    isSolo: policy.isSolo,
    verdict,
    ...(record === undefined ? {} : { manifest: { evaluation: record.manifest.evaluation } }),
    withdrawals,
    review,
    approvals,
    models,
    ...aboutRecord,
    canary:
      record === undefined
        ? { kind: 'none', because: candidate.because }
        : await canaryFact({ store, manifest: record.manifest, projectRoot, env, ...pythonOf(options) }, { models, serving, ...(hindrance === undefined ? {} : { hindrance }) }),
    ...excused,
  };
  return {
    decision: judgeGate(facts),
    run: named(run),
    environment,
    policy: { path, sha256: policy.sha256 },
    models: models.map(({ path: name, sha256 }) => ({ path: name, ...(sha256 === undefined ? {} : { sha256 }) })),
    facts,
    ...(record === undefined ? {} : { manifestSha256: record.sha256 }),
  };
};

type AboutRecord = Pick<GateFacts, 'serving' | 'differences' | 'life' | 'replays' | 'replaysLeftOut' | 'upstream' | 'evaluations'>;

const nothingKnown = ({ liveSample }: Pick<GateOptions, 'liveSample'>): AboutRecord => ({
  serving: [],
  differences: [],
  life: { undecided: ['the record cannot be read, so nobody can tell what is said of it'], deprecated: [], told: [] },
  replays: [],
  replaysLeftOut: 0,
  upstream: liveSample === undefined ? { kind: 'none' } : { kind: 'unknown', because: 'the record cannot be read, so nobody knows what the model was trained on', remedies: [] },
  evaluations: [],
});

/** Of a record that cannot be read the step before tells it. */
const UNREAD = { kind: 'not-asked', because: 'the record cannot be read' } as const;

type AskingRecord = GateHere & Pick<ChainPlace, 'trust'> & Pick<ProjectRead, 'policy'> & Pick<GateFacts, 'rules'> & { readonly isTrusted: boolean };

/** What is told by things around a record: the project, the machine, what people said of it, and who repeated it. */
const factsOfRecord = async (options: AskingRecord, { store, record }: { readonly store: Store; readonly record: ExactRecord }): Promise<AboutRecord> => {
  const { run, manifest, sha256 } = record;
  const sample = options.liveSample === undefined ? {} : { sample: options.liveSample, ...(options.rows === undefined ? {} : { rows: options.rows }) };
  const [serving, differences, life, repeated, upstream, evaluations] = await Promise.all([
    servingFacts({ manifest, projectRoot: options.projectRoot }),
    environmentFacts({ ...options, ...(options.isTrusted ? servingPython(manifest, options) : pythonOf(options)) }, { run, manifest }),
    lifeFact(options, { manifest, manifestSha256: sha256 }),
    options.rules.replay === 'none' ? { replays: [], replaysLeftOut: 0 } : replayEvidence(store, record, options),
    upstreamFact({ store, manifest, workingDirectory: options.workingDirectory, ...sample }),
    options.rules.evaluations === undefined ? [] : evaluationFacts(options, { store, record }),
  ]);
  return { serving, differences, life, ...repeated, upstream, evaluations };
};

/** Which runs there were says the log, where the policy asks it. A depot brings the records of one model, and of no other that looked at the test set. */
const evaluationFacts = async (options: AskingRecord, { store, record }: { readonly store: Store; readonly record: ExactRecord }): Promise<GateFacts['evaluations']> => {
  const unseen = options.isFetched === true ? ['records of other runs are not fetched'] : [];
  const counted = await evaluationsHere(store, record, options.rules.evaluations?.isProven === true ? options : undefined);
  return counted.map(({ name, runs, atLeast }) => ({ name, count: runs.length, atLeast: [...atLeast, ...unseen] }));
};

const pythonOf = ({ python }: GateOptions): { readonly python?: string } => (python === undefined ? {} : { python });

/** Why nothing of this record is started here; undefined if it may be. Whoever may sign a record could have anything started by it otherwise. */
export const hindranceOf = ({ verdict, approvals, life, exceptions }: Pick<GateFacts, 'verdict' | 'approvals' | 'life' | 'exceptions'>): string | undefined => {
  if (!isProvenRecord(verdict)) return 'the record is not proven';
  if (!isCleared({ approvals, exceptions })) return 'the change is not approved';
  return life.undecided.length > 0 || life.deprecated.some(({ isRun }) => isRun) ? 'the record is deprecated, or nobody can tell' : undefined;
};

/** Approved; or two persons answer for it in an emergency, where nobody refused it or took an approval back. */
const isCleared = ({ approvals: { kind, isTakenBack }, exceptions }: Pick<GateFacts, 'approvals' | 'exceptions'>): boolean =>
  kind === 'allowed' || (kind === 'undecided' && isTakenBack !== true && exceptions.some(({ id, level }) => id === 'TL1003' && level === 'break-glass'));

const named = ({ id, name }: RunRecord): GateAnswer['run'] => ({ id, ...(name === undefined ? {} : { name }) });

/** Of a record that cannot be read nobody can have approved anything. */
const chainOf = async (options: GateHere & Pick<ChainPlace, 'trust' | 'read'>, { record, because }: Candidate): Promise<GateFacts['approvals']> => {
  const { against, reference: _, ...place } = options;
  if (record === undefined) return { kind: 'undecided', reasons: [{ because, remedies: [] }], chain: [] };
  return approvalChain({
    ...place,
    ...(against === undefined ? {} : { against: against === 'none' ? {} : { baseline: against } }),
    candidate: { record, manifestSha256: record.sha256 },
  });
};
