import { describe, expect, it } from 'vitest';
import { readingOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';

const problemsOf = (text: string): readonly string[] => {
  const reading = readingOf(text);
  return reading.kind === 'accepted' ? [] : reading.problems.map(({ line, pointer, message, hint }) => `${line} ${pointer}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
};

const changed = (from: string, to: string): string => {
  expect(TEAM_POLICY).toContain(from);
  return TEAM_POLICY.replace(from, to);
};

describe('a policy', () => {
  it('is read with its digest', () => {
    const reading = readingOf(TEAM_POLICY);
    expect(reading).toMatchObject({ kind: 'accepted', value: { isSolo: false, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rules: [{ id: 'data-change' }, {}, {}, {}] } });
  });

  it.each<[string, string, readonly RegExp[]]>([
    ['with an unknown key', changed('machines:', 'machine:'), [/^9 \/machine: .*did you mean machines\?/]],
    ['with an unknown role', changed('approver-data: [ben', 'aprover-data: [ben'), [/aprover-data.*did you mean approver-data\?/]],
    ['with an unknown class', changed('[data, split]', '[data, splits]'), [/^13 .*splits is no class of change.*did you mean split\?/]],
    [
      'with a path that no manifest has',
      changed('/evaluation/criteria/**', '/evaluation/criterium'),
      [/no manifest has anything at \/evaluation\/criterium.*did you mean \/evaluation\/criteria\?/],
    ],
    ['with ** inside a path', changed('/evaluation/criteria/**', '/**/criteria'), [/no manifest has anything at/]],
    ['with an empty list of people', changed('approver-data: [ben, cleo]', 'approver-data: []'), [/\/roles\/approver-data/]],
    ['with a role that nobody has', changed('  approver-dependency: [ann, cleo]\n', ''), [/nobody has the role approver-dependency/, /nobody has the role approver-dependency/]],
    ['with a name twice', changed('[ann, ben, cleo]', '[ann, ben, ann]'), [/\/roles\/approver-model\/2: ann stands here a second time/]],
    ['with one name in two ways', changed('[ann, ben, cleo]', '[Ann, ben, cleo]'), [/Ann could be the same as ann/]],
    ['with a name that looks like another', changed('[ann, ben, cleo]', '["ann\u00a0", ben, cleo]'), [/could be the same as ann/]],
    ['with a rule twice', changed('id: dependency-change', 'id: data-change'), [/\/rules\/1\/id: data-change stands here a second time/]],
    ['with a machine that approves', changed('[ann, ben, cleo]', '[ann, ben, ci]'), [/ci is a machine, and the role approver-model is for persons/]],
    ['with a machine that has no role', changed('machines: [ci]', 'machines: [ci, bot]'), [/bot has no role/]],
    ['with an admin who approves', changed('admin: [dee]', 'admin: [ann]'), [/ann is an admin/, /ann is an admin/]],
    ['with a role that approves nothing', changed('{ role: approver-data }', '{ role: signer }'), [/the role signer approves nothing/]],
    ['with role and anyOf', changed('{ role: approver-data }', '{ role: approver-data, anyOf: [approver-data, approver-model] }'), [/needs either role or anyOf/]],
    ['with neither', changed('{ role: approver-data }', '{ count: 1 }'), [/needs either role or anyOf/]],
    ['with a count of nobody', changed('count: 2', 'count: 0'), [/\/rules\/2\/require\/0\/count/]],
    ['without a reason', changed('    why: A library can change every number.\n', ''), [/\/rules\/1: .*why/]],
    ['without rules', TEAM_POLICY.slice(0, TEAM_POLICY.indexOf('rules:')), [/rules/]],
    ['with an anchor', changed('[ben, cleo]', '&x [ben, cleo]'), [/an anchor \(&x\) is not allowed/]],
    ['of another version', changed('version: 1', 'version: 2'), [/\/version/]],
    ['that is a list', '- 1\n', [/./]],
    ['that is empty', '', [/./]],
  ])('%s is rejected, with line and remedy', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(Math.max(expected.length, problems.length));
    for (const [at, one] of expected.entries()) expect(problems[at]).toMatch(one);
  });
});

describe('an environment of a policy', () => {
  const withEnvironment = (text: string): string => `${TEAM_POLICY}environments: ${text}\n`;
  it.each<[string, string, readonly RegExp[]]>([
    ['with an unknown key', '{ production: { canarry: bit } }', [/canarry.*did you mean canary\?/]],
    ['with a name that nobody could type', '{ "Prod uction": {} }', [/environments/]],
    ['that asks for a part of upstream', '{ production: { upstream: some } }', [/\/environments\/production\/upstream/]],
    ['that asks for another canary', '{ production: { canary: maybe } }', [/\/environments\/production\/canary/]],
    ['with a bound that is no number', '{ production: { acceptance: [{ metric: accuracy, operator: ">=", value: "high" }] } }', [/acceptance\/0\/value/]],
    ['with a bound that is not in quotes', '{ production: { acceptance: [{ metric: accuracy, operator: ">=", value: 0.9 }] } }', [/acceptance\/0\/value/]],
    ['without any', '{}', [/environments/]],
    ['with exceptions by a role that approves nothing', '{ production: { exceptions: { role: auditor, days: 1 } } }', [/the role auditor approves nothing/]],
    ['with exceptions for ever', '{ production: { exceptions: { role: approver-model, days: 4000 } } }', [/exceptions\/days/]],
  ])('%s is not understood', (_, text, expected) => {
    const problems = problemsOf(withEnvironment(text)).join('\n');
    for (const pattern of expected) expect(problems).toMatch(pattern);
  });

  it('is strict, and asks everything, if nothing is said', () => {
    const reading = readingOf(withEnvironment('{ production: {}, staging: { strict: false } }'));
    const rules = reading.kind === 'accepted' ? reading.value.environments : new Map();
    expect(rules.get('production')).toEqual({
      isStrict: true,
      log: 'required',
      criteria: 'required',
      acceptance: [],
      canary: 'tolerance',
      replay: 'none',
      upstream: 'none',
      tolerates: 'none',
    });
    expect(rules.get('staging')).toEqual({
      isStrict: false,
      log: 'none',
      criteria: 'declared',
      acceptance: [],
      canary: 'none',
      replay: 'none',
      upstream: 'none',
      tolerates: 'low',
    });
  });
});
