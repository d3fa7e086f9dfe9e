/** One page about a run: what was asked about it now, and what changed since the run that it is compared with. */
import { type BaselineRun, type CaseFacts, type RunAnswers, runAnswers } from '#evidence';
import { compareManifests, type Comparison } from '#diff';
import { collectEvidence, type CollectedEvidence, type EvidenceOptions } from './collect-evidence.ts';
import { lastApproved } from './case-facts/approval-fact.ts';

export type RunReport = {
  readonly facts: CaseFacts;
  readonly answers: RunAnswers;
  readonly baseline:
    | { readonly kind: 'none'; readonly because: string }
    | { readonly kind: 'run'; readonly run: BaselineRun; readonly how: 'named' | 'approved' | 'approval'; readonly comparison: Comparison };
};

/** Throws as collectEvidence does. */
export const reportRun = async (options: EvidenceOptions): Promise<RunReport> => {
  const collected = await collectEvidence(options);
  return { facts: collected.facts, answers: runAnswers(collected.facts), baseline: await baselineOf(collected, options) };
};

const baselineOf = async ({ facts, run, store, place }: CollectedEvidence, { against, workingDirectory }: EvidenceOptions): Promise<RunReport['baseline']> => {
  const named = against === undefined ? undefined : await store.find(against, workingDirectory);
  const approved = named ?? (await lastApproved(store, run, place));
  const { approval } = facts;
  const found = approved ?? (approval.kind === 'asked' && approval.baseline !== undefined ? await store.find(approval.baseline.runId, workingDirectory) : undefined);
  if (found === undefined) {
    const because = approval.kind === 'not-asked' ? approval.because : 'no run before it was approved';
    return { kind: 'none', because: `no approved run is known: ${because}` };
  }
  const { id: runId, name, manifestSha256 = '' } = found;
  const comparison = compareManifests([await found.manifest(), facts.manifest]);
  const how = named !== undefined ? 'named' : approved !== undefined ? 'approved' : 'approval';
  return { kind: 'run', run: { runId, manifestSha256, ...(name === undefined ? {} : { name }) }, how, comparison };
};
