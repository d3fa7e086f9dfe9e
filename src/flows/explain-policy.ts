/** What a policy asks for between two runs: which rules apply, to which differences, who has approved, and who may. */
import { type ChangeHere, changeHere, type ChangePlace } from './policy/change-here.ts';
import { standingOf } from './trust-file/standing-of.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type ExplainPolicyOptions = Omit<ChangePlace, 'trust'> & { readonly env: Environment };

export type ExplainedPolicy = Omit<ChangeHere, 'policy'> & { readonly policySha256: string };

/** Throws TL0301 to TL0304, TL1201, TL1301, TL1302. */
export const explainPolicy = async ({ env, ...place }: ExplainPolicyOptions): Promise<ExplainedPolicy> => {
  const { projectRoot, workingDirectory } = place;
  const trust = await standingOf({ projectRoot, workingDirectory, env, now: new Date().toISOString() });
  const { policy, ...here } = await changeHere({ ...place, trust });
  return { ...here, policySha256: policy.sha256 };
};
