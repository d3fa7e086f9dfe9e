import { describe, expect, it } from 'vitest';
import { policyOf } from '../../test/fixtures/policies.ts';
import { initialPolicy, type Team } from './initial-policy.ts';
import { lintPolicy } from './lint-policy.ts';

const RULES = `
# Rules add: where several apply, all must be satisfied. A change that no rule speaks of is denied.
rules:
  - id: data-change
    why: Training data decides behaviour; somebody who did not prepare it must look.
    changed: [data, split]
    require: [{ role: approver-data }]
  - id: dependency-change
    why: A library or a machine can change every number.
    changed: [package, native, threads, hardware, config]
    require: [{ role: approver-dependency }]
  - id: model-change
    why: Code, parameters, seeds and the goal itself are what the model is.
    changed: [code, parameter, seed, criteria]
    require: [{ role: approver-model }]
  - id: policy-change
    why: Whoever changes the policy changes what everything else needs.
    changed: [policy]
    require: [{ role: approver-model }]
`;

const STAGING = `
# Where models run, and what trainlock gate asks before one may. Whatever is not said is asked of a strict environment.
environments:
  staging:
    strict: false
`;

const PRODUCTION = `  production:
    why: What the model says here has consequences.
    approvalDays: 180
    exceptions: { role: approver-model, days: 30 }
`;

const team = (more: Partial<Team>): Team => ({ people: ['ann', 'ben', 'cleo'], machines: [], admins: [], ...more });

describe('a policy to begin with', () => {
  it('lets everybody approve what somebody else has changed, and names machines and admins', () => {
    expect(initialPolicy(team({ people: ['ann', 'ben', 'cleo', 'dee'], machines: ['ci', 'cluster'], admins: ['cleo', 'dee'] }))).toBe(
      `# Who may approve what. Read by trainlock policy lint, test and explain; reviewed like code.
version: 1

roles:
  initiator: [ann, ben, cleo, dee, ci, cluster]
  signer: [ann, ben, cleo, dee, ci, cluster]
  approver-data: [ann, ben]
  approver-dependency: [ann, ben]
  approver-model: [ann, ben]
  deployer: [ann, ben]
  admin: [cleo, dee]

# Names that are no persons: they never satisfy a rule.
machines: [ci, cluster]
${RULES}${STAGING}${PRODUCTION}`,
    );
  });

  it('says nothing of machines and admins that are not there', () => {
    expect(initialPolicy(team({ people: ['ann', 'ben'] }))).toBe(
      `# Who may approve what. Read by trainlock policy lint, test and explain; reviewed like code.
version: 1

roles:
  initiator: [ann, ben]
  signer: [ann, ben]
  approver-data: [ann, ben]
  approver-dependency: [ann, ben]
  approver-model: [ann, ben]
  deployer: [ann, ben]
${RULES}${STAGING}${PRODUCTION}`,
    );
  });

  it('says that one person is alone, and promises nothing strict', () => {
    expect(initialPolicy(team({ people: ['ann'], admins: ['ann'] }))).toBe(
      `# Who may approve what. Read by trainlock policy lint, test and explain; reviewed like code.
version: 1
# One person does everything: approvals of the own changes count, and are self-attested.
solo: true

roles:
  initiator: [ann]
  signer: [ann]
  approver-data: [ann]
  approver-dependency: [ann]
  approver-model: [ann]
  deployer: [ann]
  admin: [ann]
${RULES}${STAGING}`,
    );
  });

  it.each<[string, Team, readonly string[]]>([
    ['of a team', team({ machines: ['ci'], admins: ['cleo'] }), []],
    ['of one person', team({ people: ['ann'], admins: ['ann'] }), []],
    ['of two, one of them admin', team({ people: ['ann', 'ben'], admins: ['ben'] }), ['too-few-people']],
  ])('%s is understood, and lint says what it lacks', (_, one, kinds) => {
    expect([...new Set(lintPolicy(policyOf(initialPolicy(one))).map(({ kind }) => kind))]).toEqual(kinds);
  });

  // YAML would take the first ones for truth values and nothing, and others for numbers, lists, comments or an end.
  const names = ['yes', 'no', 'on', 'off', 'true', 'false', 'null', 'y', 'n', '1', '1e3', 'a b', 'a@example.com', 'Ann', 'on-call', 'ann-1', '-', '[x]', 'a: b', '#a', 'Zoë'];
  it('quotes what YAML would take for something else, and nothing else', () => {
    const text = initialPolicy(team({ people: names }));
    expect([...policyOf(text).roles.get('initiator')!]).toEqual(names);
    expect(text.split('\n').find((line) => line.startsWith('  initiator:'))).toBe(
      '  initiator: ["yes", "no", "on", "off", "true", "false", "null", "y", "n", "1", "1e3", "a b", "a@example.com", "Ann", on-call, ann-1, "-", "[x]", "a: b", "#a", "Zoë"]',
    );
  });
});
