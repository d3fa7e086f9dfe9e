import { utf8 } from '#base';
import { changeAt, judgeChange, lintPolicy, readPolicy, readPolicyTests, runPolicyCase } from '#approval';
import { nodeCrypto } from '#files';
import { policyOf, TEAM_POLICY } from '../../fixtures/policies.ts';
import { demand, readingTarget, type Target } from '../engine/target.ts';

const POLICY = policyOf();
const CHANGES = ['/data', '/code/files', '/dependencies/distributions', '/evaluation/criteria'].map((path) => changeAt(path)!);
const CASES = `version: 1
cases:
  - name: new data
    changed: [/data/*/contentSha256]
    actors: [ann]
    approvals: [{ person: cleo, role: approver-data, expired: true }]
    expect: undecided
    rules: [data-change, anything]
  - { name: nothing, changed: [], expect: allowed }
`;

/** YAML is read by a library that is not ours. Unit: millisecond. */
const SLOW_MS = 10_000;

const policy: Target = readingTarget('policy', 'lines', {
  slowMs: SLOW_MS,
  seeds: () => [TEAM_POLICY, 'version: 1\nsolo: true\nroles: {approver-model: [ann]}\nrules: [{id: a, why: b, changed: ["**"], require: [{role: approver-model}]}]\n'].map(utf8),
  read: (bytes) => readPolicy(bytes, nodeCrypto),
  holds: (value) => {
    for (const { require, changed } of value.rules) {
      demand(changed.length > 0 && require.length > 0, 'a rule that speaks of nothing, or asks for nothing');
      demand(
        require.every(({ roles, count }) => count >= 1 && roles.length > 0 && roles.every((role) => (value.roles.get(role)?.length ?? 0) > 0)),
        'a requirement that nobody need satisfy',
      );
    }
    lintPolicy(value);
    const question = { actors: ['ann'], binds: 'x', now: '2026-01-01T00:00:00Z' };
    for (const change of CHANGES) {
      demand(judgeChange(value, { ...question, changes: [change], approvals: [] }).kind !== 'allowed', 'a change is allowed that nobody has approved');
      const machines = [...value.machines].map((person) => ({ person, isPerson: true, role: 'approver-model' as const, binds: 'x' }));
      demand(judgeChange(value, { ...question, changes: [change], approvals: machines }).kind !== 'allowed', 'a change is allowed that only machines have approved');
    }
  },
});

const cases: Target = readingTarget('policy-tests', 'lines', {
  slowMs: SLOW_MS,
  seeds: () => [utf8(CASES)],
  read: (bytes) => readPolicyTests(bytes, POLICY),
  holds: ({ cases: all }) => {
    for (const one of all) runPolicyCase(POLICY, one);
  },
});

export const POLICIES: readonly Target[] = [policy, cases];
