import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { policyOf } from '../../test/fixtures/policies.ts';
import { readPolicyTests } from './read-policy-tests.ts';

const read = (text: string) => readPolicyTests(utf8(text), policyOf());

const problems = (text: string): readonly string[] => {
  const reading = read(text);
  return reading.kind === 'accepted' ? [] : reading.problems.map(({ line, pointer, message, hint }) => `${line} ${pointer}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
};

const CASES = `version: 1
cases:
  - name: new rows
    changed: [/data/*/contentSha256]
    actors: [ann, ci]
    approvals: [{ person: cleo, role: approver-data }]
    replays: [{ person: ben, host: other }, { outcome: nothing }]
    expect: allowed
    rules: [data-change, anything]
  - name: nothing given
    changed: [/code/repository/commit]
    expect: denied
`;

const changed = (from: string, to: string): string => {
  expect(CASES).toContain(from);
  return CASES.replace(from, to);
};

describe('the cases of a policy', () => {
  it('are read with their lines', () => {
    expect(read(CASES)).toEqual({
      kind: 'accepted',
      value: {
        cases: [
          {
            name: 'new rows',
            line: 3,
            changed: ['/data/*/contentSha256'],
            actors: ['ann', 'ci'],
            approvals: [{ person: 'cleo', role: 'approver-data' }],
            replays: [{ person: 'ben', host: 'other' }, { outcome: 'nothing' }],
            expect: 'allowed',
            rules: ['data-change', 'anything'],
          },
          { name: 'nothing given', line: 10, changed: ['/code/repository/commit'], expect: 'denied' },
        ],
      },
    });
  });

  it.each<[string, string, readonly (string | RegExp)[]]>([
    ['text that is no YAML', '"', [/quote/]],
    ['an anchor', changed('[ann, ci]', '&all [ann, ci]'), [/an anchor \(&all\) is not allowed/]],
    ['an unknown key of a case', changed('actors:', 'actor:'), [/^5 \/cases\/0\/actor: .*\(did you mean actors\?\)$/]],
    ['an unknown key', changed('cases:', 'case:'), ['1 : the key cases is missing', /^2 \/case: .*\(did you mean cases\?\)$/]],
    ['another answer', changed('expect: allowed', 'expect: yes'), [/\/cases\/0\/expect/]],
    [
      'a path that no manifest has',
      changed('/data/*/contentSha256', '/data/*/contentSha'),
      ['4 /cases/0/changed/0: no manifest has anything at /data/*/contentSha (did you mean /data/*/contentSha256?)'],
    ],
    [
      'a path that is like none',
      changed('[/code/repository/commit]', '[/code/repository/commit, /qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq]'),
      ['11 /cases/1/changed/1: no manifest has anything at /qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'],
    ],
    ['an actor whom the policy does not know', changed('[ann, ci]', '[ann, bem]'), ['5 /cases/0/actors/1: bem has no role in the policy (did you mean ben?)']],
    ['an approval by a stranger', changed('person: cleo', 'person: clea'), ['6 /cases/0/approvals/0/person: clea has no role in the policy (did you mean cleo?)']],
    ['a replay by a stranger', changed('person: ben', 'person: bem'), ['7 /cases/0/replays/0/person: bem has no role in the policy (did you mean ben?)']],
    ['a replay by somebody who is like nobody', changed('person: ben', 'person: quetzalcoatl'), ['7 /cases/0/replays/0/person: quetzalcoatl has no role in the policy']],
    [
      'a rule that it does not have',
      changed('[data-change, anything]', '[data-change, data-chance]'),
      ['9 /cases/0/rules/1: the policy has no rule data-chance (did you mean data-change?)'],
    ],
    ['a name that would move the cursor', changed('[ann, ci]', '[ann, "\\e[2J"]'), [/^5 \/cases\/0\/actors\/1: "\\u001b\[2J" does not/]],
  ])('with %s are rejected, with line and remedy', (_, text, expected) => {
    const found = problems(text);
    expect(found).toHaveLength(expected.length);
    for (const [at, one] of expected.entries()) expect(found[at]).toEqual(typeof one === 'string' ? one : expect.stringMatching(one));
  });

  it('tell everything that is wrong at once, and look for what was meant only so often', () => {
    const many = Array.from({ length: 25 }, (_, at) => `ben${String.fromCodePoint(97 + at)}`).join(', ');
    const found = problems(changed('actors: [ann, ci]', `actors: [${many}]`).replace('rules: [data-change', 'rules: [data-chance'));
    expect(found).toHaveLength(26);
    expect(found.filter((one) => one.includes('did you mean ben?'))).toHaveLength(20);
    expect(found[19]).toBe('5 /cases/0/actors/19: bent has no role in the policy (did you mean ben?)');
    expect(found[20]).toBe('5 /cases/0/actors/20: benu has no role in the policy');
    expect(found[25]).toMatch(/^9 \/cases\/0\/rules\/0/);
  });
});
