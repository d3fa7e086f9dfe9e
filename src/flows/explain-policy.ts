/** What a policy asks for between two runs: which rules apply, to which differences, and who may approve. */
import { type ChangeDecision, changesOf, judgeChange, type Policy } from '#approval';
import { compareManifests } from '#diff';
import type { Manifest } from '#manifest';
import { openStore } from '#store';
import { policyHere, type PolicyPlace } from './policy/policy-file.ts';

export type ExplainPolicyOptions = PolicyPlace & {
  readonly storeFolder: string;
  /** The run that counts now, and the one that is to follow it. */
  readonly baseline: string;
  readonly candidate: string;
  /** Who made the change, by the names of the policy; who started the candidate, if nobody is named. */
  readonly actors: readonly string[];
};

export type ExplainedPolicy = {
  readonly path: string;
  readonly policySha256: string;
  readonly isSolo: boolean;
  readonly baseline: { readonly id: string; readonly name?: string };
  readonly candidate: { readonly id: string; readonly name?: string };
  readonly actors: readonly string[];
  /** Where the record names somebody whom the policy does not know. */
  readonly stranger?: string;
  readonly decision: ChangeDecision;
};

/** Throws TL0301 to TL0304, TL1301, TL1302. */
export const explainPolicy = async (options: ExplainPolicyOptions): Promise<ExplainedPolicy> => {
  const { path, policy } = await policyHere(options);
  const store = await openStore({ projectRoot: options.projectRoot, storeFolder: options.storeFolder });
  const manifestOf = async (reference: string): Promise<Manifest> => (await store.find(reference, options.workingDirectory)).manifest();
  const [baseline, candidate] = [await manifestOf(options.baseline), await manifestOf(options.candidate)];
  const { actors, stranger } = options.actors.length > 0 ? { actors: options.actors, stranger: undefined } : actorsOf(candidate, policy);
  const changes = changesOf(compareManifests([baseline, candidate]));
  const decision = judgeChange(policy, { changes, actors, approvals: [], binds: '', now: new Date().toISOString() });
  return {
    path,
    policySha256: policy.sha256,
    isSolo: policy.isSolo,
    baseline: named(baseline),
    candidate: named(candidate),
    actors,
    ...(stranger === undefined ? {} : { stranger }),
    decision,
  };
};

const named = ({ run }: Manifest): ExplainedPolicy['baseline'] => ({ id: run.id, ...(run.name === undefined ? {} : { name: run.name }) });

/** Who started a run, if the policy knows the name: somebody under another name could otherwise approve the own change. */
const actorsOf = ({ run: { participant } }: Manifest, { roles }: Policy): { readonly actors: readonly string[]; readonly stranger: string | undefined } => {
  const people = new Set([...roles.values()].flat());
  const { email, name, account } = participant;
  const known = [email, name, account].find((one) => one !== undefined && people.has(one));
  return known === undefined ? { actors: [], stranger: email ?? name } : { actors: [known], stranger: undefined };
};
