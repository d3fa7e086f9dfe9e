import { describe, expect, it } from 'vitest';
import { allFields, CAUSE_CLASSES, isCauseClass } from '#manifest';
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

  const ONE =
    'version: 1\nroles: { approver-model: [ann, ben], approver-data: [ann, ben] }\nrules: [{ id: one, why: so, changed: [policy, CHANGED], require: [{ role: approver-model }] }]\n';
  const uncovered = (...patterns: readonly string[]): string | undefined =>
    lintPolicy(policyOf(ONE.replace('CHANGED', patterns.join(', ')))).find(({ kind }) => kind === 'uncovered')?.message;

  it('tells the shortest paths that no rule speaks of, and how many more there are', () => {
    const words = (...without: readonly string[]): readonly string[] => CAUSE_CLASSES.filter((word) => !without.includes(word));
    expect(uncovered(...CAUSE_CLASSES)).toBeUndefined();
    // A rule that speaks of one field speaks of nothing that holds it.
    expect(uncovered(...words('data'), '/data/*/contentSha256')).toMatch(/^no rule speaks of \d+ fields, so every change of them is denied: \/data$/);
    // What only a path speaks of is spoken of.
    expect(uncovered(...words('criteria'), '/evaluation/**')).toBeUndefined();
    expect(uncovered(...words('criteria'))).toMatch(/^no rule speaks of \d+ fields, so every change of them is denied: \/evaluation\/criteria(, [^,]+){0,7}$/);
    const [, told, more] = /denied: (.*) and (\d+) more$/.exec(uncovered('data')!)!;
    const paths = told!.split(', ');
    expect(paths).toHaveLength(8);
    // Nothing is told beside what holds it.
    for (const path of paths) expect(paths.some((other) => other !== path && path.startsWith(`${other}/`))).toBe(false);
    expect(Number(more)).toBeGreaterThan(0);
  });

  it('tells exactly eight without more', () => {
    const tops = uncoveredTops();
    const eight = tops.slice(8).flatMap((path) => [path, `${path}/**`]);
    expect(uncovered('data', ...eight)).toMatch(new RegExp(`denied: ${tops.slice(0, 8).join(', ').replaceAll('*', '\\*')}$`));
    expect(uncovered('data', ...eight.slice(2))).toMatch(/ and 1 more$/);
  });

  it.each<[string, string, KeyHolders | undefined, string]>([
    ['one', 'approver-model: [ann]', undefined, 'rule one: ann may satisfy it; with fewer than 2 people it teaches everybody to go round it'],
    [
      'one with a key',
      'approver-model: [ann, ben]',
      holdersOf({ ben: ['approver-model'] }),
      'rule one: ben may satisfy it with a key that counts; with fewer than 2 people it teaches everybody to go round it',
    ],
    [
      'nobody with a key',
      'approver-model: [ann, ben]',
      holdersOf({}),
      'rule one: nobody may satisfy it with a key that counts; with fewer than 2 people it teaches everybody to go round it',
    ],
  ])('names who may satisfy a rule: %s', (_, roles, holders, message) => {
    const text = `version: 1\nroles:\n  ${roles}\nrules: [{ id: one, why: so, changed: ['**'], require: [{ role: approver-model }] }]\n`;
    expect(lintPolicy(policyOf(text), holders)[0]).toEqual({ kind: 'too-few-people', pointer: '/rules/0/require', message });
  });

  it('names two people with the same roles once, and asks for the keys of roles that approve', () => {
    const text =
      "version: 1\nroles: { initiator: [zoe], approver-data: [ann, ben], approver-model: [ben, cleo] }\nrules: [{ id: one, why: so, changed: ['**'], require: [{ role: approver-data }, { role: approver-model, count: 1 }] }]\n";
    expect(lintPolicy(policyOf(text))).toEqual([]);
    expect(lintPolicy(policyOf(text.replace('count: 1', 'count: 2')))).toEqual([
      { kind: 'unsatisfiable', pointer: '/rules/0/require', message: 'rule one cannot be satisfied when ann made the change' },
    ]);
    const holders = holdersOf({ ann: ['approver-data'], ben: ['approver-data', 'approver-model'], cleo: ['approver-model', 'approver-data'] });
    expect(lintPolicy(policyOf(text), holders)).toEqual([]);
    // A key counts in its role only.
    expect(lintPolicy(policyOf(text), holdersOf({ ann: ['approver-model'], ben: ['approver-data', 'approver-model'], cleo: ['approver-model'] }))).toEqual([
      { kind: 'unsatisfiable', pointer: '/rules/0/require', message: 'rule one cannot be satisfied when ben made the change' },
      { kind: 'without-key', pointer: '/roles/approver-data/0', message: 'the trust file has no key of ann with the role approver-data' },
    ]);
  });

  it('asks of each who could make a change, not only of the first', () => {
    const text =
      "version: 1\nroles: { approver-data: [ann, ben], approver-model: [cleo] }\nrules: [{ id: one, why: so, changed: ['**'], require: [{ role: approver-data }, { role: approver-model }] }]\n";
    expect(lintPolicy(policyOf(text))).toEqual([{ kind: 'unsatisfiable', pointer: '/rules/0/require', message: 'rule one cannot be satisfied when cleo made the change' }]);
  });

  const SOLO = "version: 1\nsolo: true\nroles: { approver-model: [ann] }\nrules: [{ id: all, why: alone, changed: ['**'], require: [{ role: approver-model }] }]\n";
  const strict = (name: string): object => ({
    kind: 'never-allowed',
    pointer: `/environments/${name}`,
    message: `${name} is strict, and refuses whatever one person alone has approved: say strict: false, or name a second person`,
  });
  const exception = (name: string): object => ({
    kind: 'too-few-people',
    pointer: `/environments/${name}/exceptions`,
    message: `${name}: an exception needs two persons, one of them with the role approver-data; there are too few`,
  });
  const glass = (name: string): object => ({
    kind: 'too-few-people',
    pointer: `/environments/${name}/breakGlass`,
    message: `${name}: a break-glass needs two persons with the role approver-data, one to confirm and one to review; there are too few`,
  });
  const EXCEPTIONS = '{ exceptions: { role: approver-data, days: 30 } }';
  const GLASS = '{ breakGlass: { role: approver-data, hours: 4, reviewDays: 7 } }';
  const people = (data: string, model: string): string =>
    `version: 1\nroles: { approver-data: [${data}], approver-model: [${model}] }\nrules: [{ id: all, why: so, changed: ['**'], require: [{ role: approver-model }] }]\n`;
  it.each<[string, string, KeyHolders | undefined, readonly object[]]>([
    ['a strict environment where one person does everything', `${SOLO}environments: { production: {} }\n`, undefined, [strict('production')]],
    [
      'nobody with a key where one person does everything',
      SOLO,
      holdersOf({}),
      [
        {
          kind: 'too-few-people',
          pointer: '/rules/0/require',
          message: 'rule all: nobody may satisfy it with a key that counts; with fewer than 1 person it teaches everybody to go round it',
        },
        { kind: 'without-key', pointer: '/roles/approver-model/0', message: 'the trust file has no key of ann with the role approver-model' },
      ],
    ],
    ['none that is not strict there', `${SOLO}environments: { staging: { strict: false } }\n`, undefined, []],
    [
      'no exception that one person makes, who does everything',
      `${SOLO}environments: { staging: { strict: false, exceptions: { role: approver-model, days: 3 } } }\n`,
      undefined,
      [],
    ],
    ['none where enough people are', `${people('ann', 'ann, ben')}environments: { production: ${EXCEPTIONS} }\n`, undefined, []],
    [
      'an exception for which nobody has the key',
      `${people('ann', 'ben, cleo')}environments: { production: ${EXCEPTIONS} }\n`,
      holdersOf({ ben: ['approver-model'], cleo: ['approver-model'] }),
      [{ kind: 'without-key', pointer: '/roles/approver-data/0', message: 'the trust file has no key of ann with the role approver-data' }, exception('production')],
    ],
    [
      'an exception that one person alone could declare',
      `${people('ann', 'ann')}environments: { production: ${EXCEPTIONS} }\n`,
      undefined,
      [
        { kind: 'too-few-people', pointer: '/rules/0/require', message: 'rule all: ann may satisfy it; with fewer than 2 people it teaches everybody to go round it' },
        exception('production'),
      ],
    ],
    ['an emergency that nobody could review', `${people('ann', 'ann, ben')}environments: { production: ${GLASS} }\n`, undefined, [glass('production')]],
    ['none that two could', `${people('ann, ben', 'ann, ben')}environments: { production: ${GLASS} }\n`, undefined, []],
  ])('finds %s', (_, text, holders, findings) => {
    expect(lintPolicy(policyOf(text), holders)).toEqual(findings);
  });
});

/** The shortest paths of causes beside data, as lint tells them. */
const uncoveredTops = (): readonly string[] => {
  const open = new Set(
    allFields()
      .filter((field) => isCauseClass(field.class) && field.class !== 'data')
      .map(({ path }) => path),
  );
  return [...open].filter((path) => !open.has(path.slice(0, path.lastIndexOf('/'))));
};
