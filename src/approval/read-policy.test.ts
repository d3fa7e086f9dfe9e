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

describe('what is wrong with a policy', () => {
  const TAIL = 'environments: { production: ENVIRONMENT }\n';
  const environment = (text: string): string => `${TEAM_POLICY}${TAIL.replace('ENVIRONMENT', text)}`;
  const review = (triggers: string): string => `${TEAM_POLICY}review: { every: { other: 30 }, triggers: [${triggers}] }\n`;
  const requires = (text: string): string => changed('[{ role: approver-data }]', text);
  const CLASSES = 'code, data, split, parameter, seed, package, native, threads, hardware, config, criteria';

  it.each<[string, string, readonly string[]]>([
    ['a machine twice', changed('machines: [ci]', 'machines: [ci, ci]'), ['9 /machines/1: ci stands here a second time']],
    ['a person twice', changed('[ann, ben, cleo]', '[ann, ben, ann]'), ['7 /roles/approver-model/2: ann stands here a second time']],
    [
      'a machine that is like a person',
      changed('machines: [ci]', 'machines: [ci, Ann]'),
      ['9 /machines/1: Ann could be the same as ann (write each name in one way)', '9 /machines/1: Ann has no role'],
    ],
    [
      'a name with a space that nobody sees',
      changed('[ann, ben, cleo]', '[ann, "b\u200ben", cleo]'),
      ['7 /roles/approver-model/1: b\\u{200b}en could be the same as ben (write each name in one way)'],
    ],
    ['a name in wide letters', changed('[ann, ben, cleo]', '[ann, ｂｅｎ, cleo]'), ['7 /roles/approver-model/1: ｂｅｎ could be the same as ben (write each name in one way)']],
    [
      'a machine that approves',
      changed('approver-data: [ben, cleo]', 'approver-data: [ben, ci]'),
      ['5 /roles/approver-data/1: ci is a machine, and the role approver-data is for persons'],
    ],
    ['a machine that deploys', changed('  admin: [dee]', '  deployer: [ci]\n  admin: [dee]'), ['8 /roles/deployer/0: ci is a machine, and the role deployer is for persons']],
    ['a machine that audits', changed('  admin: [dee]', '  auditor: [ci]\n  admin: [dee]'), ['8 /roles/auditor/0: ci is a machine, and the role auditor is for persons']],
    ['a machine that keeps the policy', changed('admin: [dee]', 'admin: [dee, ci]'), ['8 /roles/admin/1: ci is a machine, and the role admin is for persons']],
    ['a machine without a role', changed('machines: [ci]', 'machines: [ci, bot]'), ['9 /machines/1: bot has no role']],
    [
      'an admin who approves',
      changed('approver-data: [ben, cleo]', 'approver-data: [ben, dee]'),
      ['5 /roles/approver-data/1: dee is an admin, and admins neither approve nor deploy (take one of the two roles away)'],
    ],
    [
      'an admin who deploys',
      changed('  admin: [dee]', '  deployer: [dee]\n  admin: [dee]'),
      ['8 /roles/deployer/0: dee is an admin, and admins neither approve nor deploy (take one of the two roles away)'],
    ],
    ['an admin who approves, where one person does everything', changed('version: 1', 'version: 1\nsolo: true').replace('[ben, cleo]', '[ben, cleo, dee]'), []],
    ['the same pattern twice', changed('[data, split]', '[data, split, data]'), ['13 /rules/0/changed/2: data stands here a second time']],
    ['a rule twice', changed('id: dependency-change', 'id: data-change'), ['15 /rules/1/id: data-change stands here a second time']],
    ['the same trigger twice', review('promotion, return, promotion'), ['27 /review/triggers/2: promotion stands here a second time']],
    ['other triggers', review('promotion, return'), []],
    [
      'a word that is like no class',
      changed('[data, split]', '[data, quetzalcoatl]'),
      [
        `13 /rules/0/changed/1: quetzalcoatl is no class of change, and no path of the manifest (classes are ${CLASSES} and policy; paths begin with / and are in docs/reference/manifest.md)`,
      ],
    ],
    [
      'a word that is nearly the policy',
      changed('[data, split]', '[data, polizy]'),
      ['13 /rules/0/changed/1: polizy is no class of change, and no path of the manifest (did you mean policy?)'],
    ],
    [
      'a role that approves nothing',
      requires('[{ role: deployer }]'),
      ['14 /rules/0/require/0/role: the role deployer approves nothing (roles that approve are approver-data, approver-dependency, approver-model)'],
    ],
    [
      'a role that nobody has',
      requires('[{ role: approver-dependency }]').replace('  approver-dependency: [ann, cleo]\n', ''),
      [
        '13 /rules/0/require/0/role: nobody has the role approver-dependency (name its people under roles: approver-dependency)',
        '17 /rules/1/require/0/role: nobody has the role approver-dependency (name its people under roles: approver-dependency)',
        '25 /rules/3/require/0/anyOf/2: nobody has the role approver-dependency (name its people under roles: approver-dependency)',
      ],
    ],
    ['the same role twice', requires('[{ anyOf: [approver-data, approver-data] }]'), ['14 /rules/0/require/0/anyOf/1: approver-data stands here a second time']],
    [
      'one of two roles that approves nothing',
      requires('[{ anyOf: [approver-data, signer] }]'),
      ['14 /rules/0/require/0/anyOf/1: the role signer approves nothing (roles that approve are approver-data, approver-dependency, approver-model)'],
    ],
    ['neither role nor anyOf nor replay', requires('[{ count: 1 }]'), ['14 /rules/0/require/0: needs either role or anyOf, or replay']],
    [
      'a role and a replay',
      requires('[{ role: approver-data, replay: any }]'),
      ['14 /rules/0/require/0: needs either role or anyOf, or replay', '14 /rules/0/require: asks for no person (name a role beside the replay)'],
    ],
    ['a counted replay', requires('[{ role: approver-data }, { replay: any, count: 2 }]'), ['14 /rules/0/require/1/count: persons are counted, and replays are not']],
    ['a replay alone', requires('[{ replay: any }]'), ['14 /rules/0/require: asks for no person (name a role beside the replay)']],
    ['two replays', requires('[{ role: approver-data }, { replay: any }, { replay: independent }]'), ['14 /rules/0/require/2/replay: a rule asks for one replay']],
    ['a replay beside a person', requires('[{ role: approver-data }, { replay: independent }]'), []],
    [
      'an independent replay, where one person does everything',
      requires('[{ role: approver-data }, { replay: independent }]').replace('version: 1', 'version: 1\nsolo: true'),
      ['15 /rules/0/require/1/replay: one person alone has nobody who could replay it independently'],
    ],
    ['a replay, where one person does everything', requires('[{ role: approver-data }, { replay: any }]').replace('version: 1', 'version: 1\nsolo: true'), []],
    [
      'exceptions by a role that approves nothing',
      environment('{ exceptions: { role: auditor, days: 1 } }'),
      ['27 /environments/production/exceptions/role: the role auditor approves nothing (roles that approve are approver-data, approver-dependency, approver-model)'],
    ],
    [
      'emergencies by a role that approves nothing',
      environment('{ breakGlass: { role: auditor, hours: 1, reviewDays: 1 } }'),
      ['27 /environments/production/breakGlass/role: the role auditor approves nothing (roles that approve are approver-data, approver-dependency, approver-model)'],
    ],
    ['neither', environment('{}'), []],
  ])('is told: %s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('is told of every pattern, and what was meant of the first twenty', () => {
    const many = Array.from({ length: 25 }, (_, at) => `dat${String.fromCodePoint(98 + at)}`);
    const found = problemsOf(changed('[data, split]', `[${many.join(', ')}]`));
    expect(found).toHaveLength(25);
    expect(found[19]).toBe('13 /rules/0/changed/19: datu is no class of change, and no path of the manifest (did you mean data?)');
    expect(found[20]).toBe('13 /rules/0/changed/20: datv is no class of change, and no path of the manifest');
  });

  it('is nothing of names that only sound alike', () => {
    expect(problemsOf(changed('[ann, ben, cleo]', '[anne, ben, cleo, "Zoë", Zoe]'))).toEqual([]);
  });

  it('is nothing, and rules have no replay that they do not ask for', () => {
    const reading = readingOf(requires('[{ role: approver-data }, { replay: independent }]'));
    const rules = reading.kind === 'accepted' ? reading.value.rules : [];
    const RULE = { why: 'Training data decides behaviour; somebody who did not prepare it must look.' };
    expect(rules[0]).toStrictEqual({
      ...RULE,
      id: 'data-change',
      changed: [
        { text: 'data', pattern: { kind: 'class', class: 'data' } },
        { text: 'split', pattern: { kind: 'class', class: 'split' } },
      ],
      require: [{ roles: ['approver-data'], count: 1 }],
      replay: 'independent',
    });
    expect(rules[1]).not.toHaveProperty('replay');
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
