/** May this model run in this environment? Fetches everything that the policy asks for, and leaves the judgement to the room gate. */
import { nodeCrypto, type OnProgress } from '#files';
import { toHex, TrainlockError } from '#base';
import { type GateDecision, type GateFacts, judgeGate } from '#gate';
import type { RunRecord } from '#store';
import { approvalChain, type ChainPlace } from './gate-model/approval-chain.ts';
import { canaryFact, servingFacts } from './gate-model/canary-fact.ts';
import { environmentFacts } from './gate-model/environment-facts.ts';
import { type Candidate, type CandidatePlace, findCandidate } from './gate-model/find-candidate.ts';
import { lifeFact } from './gate-model/life-fact.ts';
import { replayEvidence } from './gate-model/replay-evidence.ts';
import { withdrawalsInLog } from './gate-model/withdrawals-in-log.ts';
import { environmentIn } from './policy/environment-in.ts';
import { policyHere } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';
import { judge, type VerifyOptions } from './verify-run.ts';

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

/** Throws TL0001, TL0301 to TL0304, TL1201, TL1301, TL1304. */
export const gateModel = async (options: GateOptions): Promise<GateAnswer> => {
  const { projectRoot, workingDirectory, env, environment } = options;
  const { path, policy } = await policyHere(options);
  const rules = environmentIn(policy, environment);
  const candidate = await findCandidate(options);
  const { run, manifest, store, models } = candidate;
  const trust = await standingOf({ projectRoot, workingDirectory, env, now: options.at ?? new Date().toISOString(), ...(options.pin === undefined ? {} : { pin: options.pin }) });
  const question = { leavesOutputs: true, model: false, data: false, environment: false, signature: true, time: false, log: rules.log !== 'none' };
  const { verdict } = await judge({ ...options, reference: run.statementPath, question });
  const place = { ...options, trust };
  const [approvals, withdrawals, serving, differences, life, replays] = await Promise.all([
    chainOf(place, candidate),
    rules.log === 'required' ? withdrawalsInLog(place) : { kind: 'not-asked' as const, because: 'withdrawals are known as far as there are files of them' },
    manifest === undefined ? [] : servingFacts({ manifest, projectRoot }),
    manifest === undefined ? [] : environmentFacts(options, { run, manifest }),
    manifest === undefined || run.manifestSha256 === undefined ? NO_LIFE : lifeFact(options, { manifest, manifestSha256: run.manifestSha256 }),
    manifest === undefined || rules.replay === 'none' ? [] : replayEvidence({ ...place, now: new Date().toISOString() }, { store, run, manifest }),
  ]);
  const facts: GateFacts = {
    reference: run.id.slice(0, 8),
    environment,
    rules,
    isSolo: policy.isSolo,
    verdict,
    ...(manifest === undefined ? {} : { manifest: { evaluation: manifest.evaluation } }),
    withdrawals,
    life,
    approvals,
    models,
    serving,
    replays,
    canary:
      manifest === undefined
        ? { kind: 'none', because: 'the record cannot be read' }
        : await canaryFact({ store, manifest, projectRoot, env }, { models, serving, isProven: verdict.kind === 'proven' }),
    differences,
    exceptions: [],
  };
  return {
    decision: judgeGate(facts),
    run: named(run),
    environment,
    policy: { path, sha256: policy.sha256 },
    models: models.map(({ path: name, sha256 }) => ({ path: name, ...(sha256 === undefined ? {} : { sha256 }) })),
    facts,
    ...(run.manifestSha256 === undefined ? {} : { manifestSha256: run.manifestSha256 }),
  };
};

const NO_LIFE: GateFacts['life'] = { undecided: ['the record cannot be read, so nobody can tell what is said of it'], deprecated: [], told: [] };

const named = ({ id, name }: RunRecord): GateAnswer['run'] => ({ id, ...(name === undefined ? {} : { name }) });

/** Of a record that cannot be read nobody can have approved anything. */
const chainOf = async (options: GateOptions & Pick<ChainPlace, 'trust'>, { run }: Candidate): Promise<GateFacts['approvals']> => {
  const { against, reference: _, ...place } = options;
  try {
    const manifestSha256 = toHex(nodeCrypto.sha256(await run.statement()));
    const follows = against === undefined ? {} : { against: against === 'none' ? ('none' as const) : { reference: against } };
    return await approvalChain({ ...place, ...follows, candidate: { reference: manifestSha256, manifestSha256 } });
  } catch (error) {
    if (!(error instanceof TrainlockError) || error.code === 'TL1304') throw error;
    return { kind: 'undecided', reasons: [{ because: error.message, remedies: error.fix === undefined ? [] : [error.fix] }], chain: [] };
  }
};
