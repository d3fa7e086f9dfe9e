import { describe, expect, it } from 'vitest';
import { policyOf, readingOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { changeAt, POLICY_CHANGE } from './change-pattern.ts';
import { type ChangeQuestion, type GivenApproval, judgeChange } from './judge-change.ts';
import type { GivenReplay, GivenReplays } from './judge-replays.ts';

const text = (asked: string): string => TEAM_POLICY.replace('require: [{ role: approver-data }]', `require: [{ role: approver-data }, { replay: ${asked} }]`);
const policies = { any: policyOf(text('any')), independent: policyOf(text('independent')) };
const cleo: GivenApproval = { person: 'cleo', isPerson: true, role: 'approver-data', binds: 'this' };
const replay = (more: Partial<GivenReplay> = {}): GivenReplay => ({ runId: 'abcdef0123', outcome: 'same', because: 'as recorded', host: 'other', by: ['ben'], ...more });
const DIFFERENT = replay({ runId: '0badc0de99', outcome: 'different', because: 'metric loss: differs by 1' });

const ask = (asked: 'any' | 'independent', given: readonly GivenReplay[], more: Partial<ChangeQuestion> & { readonly leftOut?: number } = {}) => {
  const { leftOut = 0, ...rest } = more;
  const replays: GivenReplays = { given, leftOut };
  return judgeChange(policies[asked], {
    changes: [changeAt('/data/*/contentSha256')!],
    approvals: [cleo],
    replays,
    actors: ['ann'],
    binds: 'this',
    now: '2026-11-26T12:00:00Z',
    ...rest,
  });
};

type Kind = 'allowed' | 'denied' | 'undecided';

describe('a rule that asks for a replay', () => {
  it.each<[string, readonly GivenReplay[], Kind, Kind, RegExp]>([
    ['has none', [], 'undecided', 'undecided', /rule data-change needs a replay by another person on another host: none is recorded here$/],
    ['has one by another person on another host', [replay()], 'allowed', 'allowed', /rule data-change is satisfied/],
    ['has one by who made the change', [replay({ by: ['ann'] })], 'allowed', 'undecided', /nobody but who made the change has signed one$/],
    ['has one that a machine signed', [replay({ by: [] })], 'allowed', 'undecided', /nobody but who made the change has signed one$/],
    ['has one on the same host', [replay({ host: 'same' })], 'allowed', 'undecided', /none ran on a host that is another one for certain$/],
    ['has one on a host that nobody knows', [replay({ host: 'unknown' })], 'allowed', 'undecided', /none ran on a host that is another one for certain$/],
    ['has one by another person, and one on another host', [replay({ host: 'same' }), replay({ by: ['ann'] })], 'allowed', 'undecided', /another one for certain$/],
    ['has one that proves nothing', [replay({ outcome: 'nothing', because: 'its outcome is not noted' })], 'undecided', 'undecided', /: its outcome is not noted$/],
    [
      'has one that came out different',
      [DIFFERENT],
      'denied',
      'denied',
      /rule data-change asks for a replay, and the replay 0badc0de came out different: metric loss: differs by 1/,
    ],
    ['has one that came out different beside good ones', [replay(), DIFFERENT, replay()], 'denied', 'denied', /came out different/],
    ['has one that came out different, by nobody', [replay(), { ...DIFFERENT, by: [], host: 'unknown' }], 'denied', 'denied', /came out different/],
    ['has the same one twice', [replay({ by: ['ann'] }), replay({ by: ['ann'] })], 'allowed', 'undecided', /nobody but who made the change/],
  ])('and %s', (_, given, any, independent, because) => {
    expect(ask('any', given).kind).toBe(any);
    const decision = ask('independent', given);
    expect(decision.kind).toBe(independent);
    expect(decision.because.join('; ')).toMatch(because);
  });

  it('is undecided where replays were not looked at: one of them may have come out different', () => {
    const decision = ask('independent', [replay()], { leftOut: 3 });
    expect(decision.kind).toBe('undecided');
    expect(decision.because[0]).toBe('rule data-change needs a replay by another person on another host: 3 older replays not looked at');
    expect(decision.rules[0]!.replay!.runs).toEqual([]);
    expect(ask('any', [DIFFERENT], { leftOut: 3 }).kind).toBe('denied');
  });

  it('is told with the replays that count, or the one that contradicts', () => {
    const answer = (asked: 'any' | 'independent', given: readonly GivenReplay[]) => ask(asked, given).rules[0]!.replay;
    expect(answer('independent', [replay(), replay({ runId: 'else', host: 'same' })])).toEqual({
      asked: 'independent',
      state: 'met',
      because: '1 replay with the same outcome',
      runs: ['abcdef0123'],
    });
    expect(answer('any', [replay(), DIFFERENT])).toMatchObject({ state: 'contradicted', runs: ['0badc0de99'] });
    expect(answer('any', [])).toEqual({ asked: 'any', state: 'missing', because: 'none is recorded here', runs: [] });
    expect(ask('any', []).because[0]).toBe('rule data-change needs a replay: none is recorded here');
  });

  it('needs its people all the same', () => {
    expect(ask('independent', [replay()], { approvals: [] })).toMatchObject({
      kind: 'undecided',
      because: expect.arrayContaining(['rule data-change needs 1 more × approver-data']),
    });
    expect(ask('independent', [], { approvals: [] }).because[0]).toBe(
      'rule data-change needs 1 more × approver-data and a replay by another person on another host: none is recorded here',
    );
    expect(ask('independent', [replay()], { actors: [] }).kind).toBe('denied');
    expect(ask('independent', [replay()], { actors: ['ann', 'ben', 'cleo'] }).kind).toBe('denied');
  });

  it('has none where nobody says whether there are any', () => {
    const silent: ChangeQuestion = { changes: [changeAt('/data/*/contentSha256')!], approvals: [cleo], actors: ['ann'], binds: 'this', now: '2026-11-26T12:00:00Z' };
    expect(judgeChange(policies.any, silent).kind).toBe('undecided');
  });

  it('adds to other rules, and is added to', () => {
    const stricter = policyOf(`${text('independent')}  - { id: more, why: so, changed: [data], require: [{ role: approver-model, count: 2 }, { replay: any }] }\n`);
    const question: ChangeQuestion = {
      changes: [changeAt('/data/*/contentSha256')!],
      approvals: [cleo],
      replays: { given: [replay({ host: 'same' })], leftOut: 0 },
      actors: ['ann'],
      binds: 'this',
      now: '2026-11-26T12:00:00Z',
    };
    const { rules } = judgeChange(stricter, question);
    expect(rules.map(({ id, replay: answer }) => [id, answer?.state])).toEqual([
      ['data-change', 'missing'],
      ['anything', undefined],
      ['more', 'met'],
    ]);
  });

  it('asks for none of a change of the policy itself, which nobody could replay, and for its people all the same', () => {
    const everything = policyOf(
      TEAM_POLICY.replace('approver-model, approver-data, approver-dependency] }]', 'approver-model, approver-data, approver-dependency] }, { replay: independent }]'),
    );
    const question = { changes: [POLICY_CHANGE], actors: ['ann'], binds: 'this', now: '2026-11-26T12:00:00Z' };
    expect(judgeChange(everything, { ...question, approvals: [] }).kind).toBe('undecided');
    expect(judgeChange(everything, { ...question, approvals: [cleo] })).toMatchObject({ kind: 'allowed', rules: [{ id: 'anything' }] });
    expect(judgeChange(everything, { ...question, approvals: [cleo] }).rules[0]).not.toHaveProperty('replay');
  });
});

describe('a policy whose rule asks for a replay', () => {
  const problems = (require: string, solo = ''): string => {
    const reading = readingOf(`${solo}${TEAM_POLICY.replace('require: [{ role: approver-data }]', `require: ${require}`)}`);
    return reading.kind === 'accepted' ? '' : reading.problems.map(({ pointer, message, hint }) => `${pointer}: ${message}${hint === undefined ? '' : ` (${hint})`}`).join('\n');
  };
  it.each<[string, string, RegExp]>([
    ['and for no person', '[{ replay: independent }]', /^\/rules\/0\/require: asks for no person \(name a role beside the replay\)$/],
    ['of a kind that nobody knows', '[{ role: approver-data }, { replay: identical }]', /\/rules\/0\/require\/1\/replay/],
    ['under a misspelt word', '[{ role: approver-data }, { reply: independent }]', /reply.*did you mean replay\?/],
    ['and for a person in one', '[{ role: approver-data, replay: any }, { role: approver-data }]', /\/rules\/0\/require\/0: needs either role or anyOf, or replay/],
    ['twice', '[{ role: approver-data }, { replay: any }, { replay: independent }]', /\/rules\/0\/require\/2\/replay: a rule asks for one replay/],
    ['so many times', '[{ role: approver-data }, { replay: any, count: 2 }]', /\/rules\/0\/require\/1\/count: persons are counted, and replays are not/],
    ['without saying which', '[{ role: approver-data }, { replay: }]', /\/rules\/0\/require\/1\/replay/],
  ])('%s is not understood', (_, require, expected) => {
    expect(problems(require)).toMatch(expected);
  });

  it('by another person is not understood where one person does everything', () => {
    const solo = (asked: string): string =>
      `version: 1\nsolo: true\nroles: { approver-model: [ann] }\nrules: [{ id: all, why: alone, changed: ["**"], require: [{ role: approver-model }, { replay: ${asked} }] }]\n`;
    expect(readingOf(solo('any')).kind).toBe('accepted');
    expect(readingOf(solo('independent'))).toMatchObject({ kind: 'rejected', problems: [{ message: 'one person alone has nobody who could replay it independently' }] });
  });
});
