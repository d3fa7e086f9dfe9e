import { describe, expect, it } from 'vitest';
import { policyOf } from '../../test/fixtures/policies.ts';
import { judgeChange } from './judge-change.ts';
import { changeAt, POLICY_CHANGE } from './change-pattern.ts';

const policy = (changed: string): ReturnType<typeof policyOf> =>
  policyOf(
    `version: 1\nroles:\n  approver-model: [ann, ben]\n  approver-data: [ann, ben]\nrules:\n  - { id: one, why: it decides, changed: [${changed}], require: [{ role: approver-model }] }\n`,
  );

const ask = (text: string, { actors = ['ann'], by }: { readonly actors?: readonly string[]; readonly by?: string } = {}): string =>
  judgeChange(policy(text), {
    changes: [POLICY_CHANGE],
    actors,
    approvals: by === undefined ? [] : [{ person: by, isPerson: true, role: 'approver-model', binds: 'x' }],
    binds: 'x',
    now: '2026-01-01T00:00:00Z',
  }).kind;

describe('a change of the policy itself', () => {
  it.each([
    ['a rule of its own', 'policy', 'ben', 'allowed'],
    ['a rule for everything', '"**"', 'ben', 'allowed'],
    ['nobody yet', 'policy', undefined, 'undecided'],
    ['the author alone', 'policy', 'ann', 'undecided'],
    ['no rule', 'data, code', 'ben', 'denied'],
    ['a rule for every place of the manifest', '/data/**, /code/**, /run/**', 'ben', 'denied'],
  ])('with %s', (_, changed, by, expected) => {
    expect(ask(changed, by === undefined ? {} : { by })).toBe(expected);
  });

  it('is denied where nobody knows who made it', () => {
    expect(ask('policy', { by: 'ben', actors: [] })).toBe('denied');
  });

  it('is no change of a record: a rule for it does not cover data', () => {
    const question = { changes: [changeAt('/data')!], actors: ['ann'], approvals: [], binds: 'x', now: '2026-01-01T00:00:00Z' };
    expect(judgeChange(policy('policy'), question).because).toEqual([expect.stringMatching(/^no rule speaks of /)]);
  });
});
