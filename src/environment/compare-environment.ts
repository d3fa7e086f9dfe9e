import type { Manifest } from '#manifest';
import { compareAccelerators } from './compare-accelerators.ts';
import { compareDispatch } from './compare-dispatch.ts';
import { compareDistributions } from './compare-distributions.ts';
import { compareInterpreter } from './compare-interpreter.ts';
import { compareNative } from './compare-native.ts';
import { compareThreads } from './compare-threads.ts';
import type { EnvironmentHere } from './environment-here.ts';
import type { CompareOptions, EnvironmentFinding } from './finding.ts';

/**
 * Everything of the environment of a run that is not so here, or of which nobody can tell, by id of the finding and then by severity.
 * Nothing found means: everything that was recorded was compared and is the same.
 */
export const compareEnvironment = (manifest: Manifest, here: EnvironmentHere, options: CompareOptions): readonly EnvironmentFinding[] => {
  const compared = [compareInterpreter, compareDistributions, compareNative, compareDispatch, compareThreads, compareAccelerators];
  return compared.flatMap((compare) => compare(manifest, here, options)).toSorted(byIdAndSeverity);
};

const RANK = { high: 0, medium: 1, low: 2 } as const;

const byIdAndSeverity = (a: EnvironmentFinding, b: EnvironmentFinding): number =>
  a.id === b.id ? RANK[a.severity] - RANK[b.severity] || (a.state === b.state ? 0 : a.state === 'different' ? -1 : 1) : a.id < b.id ? -1 : 1;
