import { describe, expect, it } from 'vitest';
import { CAUSE_CLASSES } from '#manifest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { type KeyHolders, lintPolicy } from './lint-policy.ts';

const changed = (from: string, to: string): string => {
  expect(TEAM_POLICY).toContain(from);
  return TEAM_POLICY.replace(from, to);
};

const ANYTHING = TEAM_POLICY.slice(TEAM_POLICY.indexOf('  - id: anything'));

const OF_POLICY = '  - { id: policy-change, why: it decides, changed: [policy], require: [{ role: approver-model }] }\n';

const holdersOf = (entries: Readonly<Record<string, readonly string[]>>): KeyHolders => new Map(Object.entries(entries).map(([person, roles]) => [person, new Set(roles)]));

const EVERYBODY = {
  ann: ['initiator', 'approver-dependency', 'approver-model'],
  ben: ['initiator', 'approver-data', 'approver-model'],
  cleo: ['approver-data', 'approver-dependency', 'approver-model'],
  dee: ['admin'],
  ci: ['initiator', 'signer'],
};

describe('lint of a policy', () => {
  it('finds nothing where every cause is spoken of and every rule has enough people', () => {
    expect(lintPolicy(policyOf())).toEqual([]);
    expect(lintPolicy(policyOf(), holdersOf(EVERYBODY))).toEqual([]);
  });

  it.each<[string, string, string, RegExp]>([
    ['changes that no rule speaks of', TEAM_POLICY.replace(ANYTHING, OF_POLICY), 'uncovered', /^no rule speaks of \d+ fields, so every change of them is denied: .*\/code/],
    [
      'a change of the policy itself that no rule speaks of',
      TEAM_POLICY.replace(ANYTHING, `  - { id: all, why: it decides, changed: [${CAUSE_CLASSES.join(', ')}], require: [{ role: approver-model }] }\n`),
      'uncovered',
      /^no rule speaks of policy, so every change of the policy itself is denied$/,
    ],
    ['a rule for one person', changed('approver-data: [ben, cleo]', 'approver-data: [ben]'), 'too-few-people', /^rule data-change: ben may satisfy it; with fewer than 2 people/],
    ['a rule that asks for everybody', changed('count: 2', 'count: 3'), 'unsatisfiable', /^rule criteria-change cannot be satisfied when ben made the change$/],
    ['a rule that asks for more people than there are', changed('count: 2', 'count: 4'), 'unsatisfiable', /^rule criteria-change asks for more people than there are$/],
    [
      'two requirements that only the same people can satisfy',
      changed('require: [{ role: approver-data }]', 'require: [{ role: approver-data }, { role: approver-data, count: 1 }]'),
      'unsatisfiable',
      /^rule data-change cannot be satisfied when ben made the change$/,
    ],
  ])('finds %s', (_, text, kind, message) => {
    expect(lintPolicy(policyOf(text))).toEqual([{ kind, pointer: expect.stringMatching(/^\/rules/), message: expect.stringMatching(message) }]);
  });

  it('finds people without a key that counts', () => {
    const { cleo: _, ...without } = EVERYBODY;
    const found = lintPolicy(policyOf(), holdersOf(without));
    expect(found.map(({ kind }) => kind)).toEqual(['too-few-people', 'too-few-people', 'unsatisfiable', 'without-key', 'without-key', 'without-key']);
    expect(found[3]).toMatchObject({ pointer: '/roles/approver-data/1', message: 'the trust file has no key of cleo with the role approver-data' });
  });

  it('finds an emergency that too few people could confirm and review', () => {
    const glass = 'environments:\n  production: { breakGlass: { role: approver-data, hours: 4, reviewDays: 7 } }\n';
    expect(lintPolicy(policyOf(`${TEAM_POLICY}${glass}`))).toEqual([]);
    const { ben: _, ...without } = EVERYBODY;
    expect(lintPolicy(policyOf(`${TEAM_POLICY}${glass}`), holdersOf(without)).at(-1)).toMatchObject({ kind: 'too-few-people', pointer: '/environments/production/breakGlass' });
  });

  it('asks for one person only where one person does everything', () => {
    const solo = 'version: 1\nsolo: true\nroles: { approver-model: [ann] }\nrules: [{ id: all, why: alone, changed: ["**"], require: [{ role: approver-model }] }]\n';
    expect(lintPolicy(policyOf(solo))).toEqual([]);
    expect(lintPolicy(policyOf(solo.replace('solo: true\n', ''))).map(({ kind }) => kind)).toEqual(['too-few-people']);
  });
});
