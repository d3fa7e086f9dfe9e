/** Whether a policy can be understood, speaks of every change, and can be satisfied by enough people. */
import type { Problem } from '#base';
import { lintPolicy, type LintFinding, type Policy } from '#approval';
import { keyHoldersOf } from './policy/key-holders.ts';
import { policyFile, type PolicyPlace } from './policy/policy-file.ts';
import { standingOf } from './trust-file/standing-of.ts';
import type { Environment } from './trust-file/trust-places.ts';

export type CheckPolicyOptions = PolicyPlace & { readonly env: Environment; /** A pin file for this question. */ readonly pin?: string };

export type CheckedPolicy =
  | { readonly kind: 'invalid'; readonly path: string; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'checked';
      readonly path: string;
      readonly policy: Policy;
      readonly findings: readonly LintFinding[];
      /** By which version of the trust file people have keys; where there is none, why nobody knows. */
      readonly keys: { readonly kind: 'known'; readonly version: number } | { readonly kind: 'unknown'; readonly because: string };
    };

/** Throws TL0002, TL1201, TL1302. */
export const checkPolicy = async ({ env, pin, ...place }: CheckPolicyOptions): Promise<CheckedPolicy> => {
  const file = await policyFile(place);
  if (file.kind === 'invalid') return file;
  const { path, policy } = file;
  const { projectRoot, workingDirectory } = place;
  const now = new Date().toISOString();
  const standing = await standingOf({ projectRoot, workingDirectory, env, now, ...(pin === undefined ? {} : { pin }) });
  if (standing.kind === 'accepted')
    return { kind: 'checked', path, policy, findings: lintPolicy(policy, keyHoldersOf(standing.trust, now)), keys: { kind: 'known', version: standing.trust.version } };
  return { kind: 'checked', path, policy, findings: lintPolicy(policy), keys: { kind: 'unknown', because: 'because' in standing ? standing.because : 'there is no trust file' } };
};
