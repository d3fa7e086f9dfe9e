import { changeAt } from './change-pattern.ts';
import type { Approval, Replay } from './generated/policy-tests-types.ts';
import { type ChangeDecision, type GivenApproval, judgeChange } from './judge-change.ts';
import type { GivenReplay } from './judge-replays.ts';
import type { Policy } from './policy.ts';
import type { PolicyCase } from './read-policy-tests.ts';

export type CaseAnswer = {
  readonly name: string;
  readonly line?: number;
  readonly passed: boolean;
  /** What is not as expected, or the reasons of the answer. */
  readonly because: readonly string[];
  readonly decision: ChangeDecision;
};

/** Any moment, and one before it: a case says only whether an approval has expired. */
const NOW = '2026-01-02T00:00:00Z';
const BEFORE = '2026-01-01T00:00:00Z';

/** Asks a policy what a case asks. */
export const runPolicyCase = (policy: Policy, { name, line, changed, actors = [], approvals = [], replays = [], expect, rules }: PolicyCase): CaseAnswer => {
  const changes = changed.flatMap((path) => changeAt(path) ?? []);
  const given = { approvals: approvals.map((approval) => givenApproval(approval, policy)), replays: { given: replays.map((replay) => givenReplay(replay, policy)), leftOut: 0 } };
  const decision = judgeChange(policy, { changes, actors, ...given, binds: THIS, now: NOW });
  const applied = decision.rules.map(({ id }) => id);
  const misses = [
    ...(decision.kind === expect ? [] : [`the answer is ${decision.kind}, not ${expect}`]),
    ...(rules === undefined ? [] : rules.filter((id) => !applied.includes(id)).map((id) => `rule ${id} does not apply`)),
    ...(rules === undefined ? [] : applied.filter((id) => !rules.includes(id)).map((id) => `rule ${id} applies too`)),
  ];
  return { name, ...(line === undefined ? {} : { line }), passed: misses.length === 0, because: [...misses, ...decision.because], decision };
};

const THIS = 'this change';

const givenApproval = ({ person, role, expired = false, withdrawn = false, otherChange = false }: Approval, { machines }: Policy): GivenApproval => ({
  person,
  role,
  isPerson: !machines.has(person),
  binds: otherChange ? 'another change' : THIS,
  ...(expired ? { expiresAt: BEFORE } : {}),
  ...(withdrawn ? { isWithdrawn: true } : {}),
});

const givenReplay = ({ person, host = 'unknown', outcome = 'same' }: Replay, { machines }: Policy): GivenReplay => ({
  runId: 'case',
  outcome,
  because: 'the case says so',
  host,
  by: person === undefined || machines.has(person) ? [] : [person],
});
