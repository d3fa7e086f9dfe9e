import { canonicalJson, type Crypto, exhaustive, toHex } from '#base';
import type { Evaluation } from '#manifest';
import { buildStatement, type BuiltStatement } from './built-statement.ts';
import { judgeCriteria } from './judge-criteria.ts';
import type { TrainingRun } from './training-run-statement.ts';

/** The name under which the criteria are the configuration of the test: by it, a result of ours is told from one of another tool. */
export const CRITERIA_NAME = 'trainlock criteria';

/**
 * The in-toto test result of the evaluation: which declared criteria the run met. undefined where none were declared: nothing was
 * tested, so nothing passed. A criterion whose metric is missing is a warned test, and the result is then WARNED, never PASSED; the same
 * where the record itself states a worse verdict than its metrics give.
 * Source: in-toto attestation, spec/predicates/test-result.md v0.1.
 */
export const testResult = (run: TrainingRun, crypto: Crypto): BuiltStatement<'test-result'> | undefined => {
  const { evaluation } = run.manifest;
  const { criteria = [] } = evaluation;
  if (criteria.length === 0) return undefined;
  const judged = judgeCriteria(evaluation);
  const named = (outcome: (typeof judged)[number]['outcome']): readonly string[] => judged.filter((one) => one.outcome === outcome).map(({ name }) => name);
  const [passedTests, failedTests, warnedTests] = [named('met'), named('failed'), named('missing')];
  const seen: Result = failedTests.length > 0 ? 'FAILED' : warnedTests.length > 0 ? 'WARNED' : 'PASSED';
  const predicate = {
    result: worse(seen, statedResult(evaluation.verdict.kind)),
    configuration: [{ name: CRITERIA_NAME, digest: { sha256: toHex(crypto.sha256(canonicalJson(criteria))) }, mediaType: 'application/json' }],
    passedTests,
    warnedTests,
    failedTests,
  };
  return buildStatement({ kind: 'test-result', subjects: run.subjects, predicate }, crypto);
};

type Result = 'PASSED' | 'WARNED' | 'FAILED';

const RANK: Readonly<Record<Result, number>> = { PASSED: 0, WARNED: 1, FAILED: 2 };

const worse = (a: Result, b: Result): Result => (RANK[a] >= RANK[b] ? a : b);

const statedResult = (verdict: Evaluation['verdict']['kind']): Result => {
  switch (verdict) {
    case 'met':
      return 'PASSED';
    case 'not-met':
      return 'FAILED';
    case 'undecided':
    case 'none':
      return 'WARNED';
    default:
      return exhaustive(verdict);
  }
};
