/** Asks a policy what its cases ask, and compares the answers. */
import { join, resolve } from 'node:path';
import { escapeControl, type Problem, TrainlockError } from '#base';
import { type CaseAnswer, readPolicyTests, runPolicyCase } from '#approval';
import { readBoundedIfThere } from '#files';
import { policyHere, type PolicyPlace } from './policy/policy-file.ts';

export type TestPolicyOptions = PolicyPlace & { /** The cases; .trainlock/policy-tests.yaml if nothing is said. */ readonly cases?: string };

export type TestedPolicy =
  | { readonly kind: 'invalid'; readonly path: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'tested'; readonly path: string; readonly policySha256: string; readonly answers: readonly CaseAnswer[] };

const MAX_CASES = 1024 * 1024;

/** Throws TL0002, TL1301, TL1302. */
export const testPolicy = async ({ cases, ...place }: TestPolicyOptions): Promise<TestedPolicy> => {
  const { policy } = await policyHere(place);
  const path = cases === undefined ? join(place.projectRoot, '.trainlock', 'policy-tests.yaml') : resolve(place.workingDirectory, cases);
  const bytes = await readBoundedIfThere(path, MAX_CASES);
  if (bytes === undefined) throw new TrainlockError('TL0002', `cannot read ${escapeControl(cases ?? path)}: it does not exist`, { where: path, fix: 'trainlock help policy test' });
  const reading = readPolicyTests(bytes, policy);
  if (reading.kind === 'rejected') return { kind: 'invalid', path, problems: reading.problems };
  return { kind: 'tested', path, policySha256: policy.sha256, answers: reading.value.cases.map((one) => runPolicyCase(policy, one)) };
};
