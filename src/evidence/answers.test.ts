import { describe, expect, it } from 'vitest';
import { caseFacts, replayFact, verdictWith } from '../../test/fixtures/case-facts.ts';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { type AnswerWord, type CaseFacts, QUESTIONS, runAnswers } from './index.ts';

const given = { person: 'ben', role: 'approver-data', meaning: 'approval', reason: 'looked', approvedAt: '2026-11-24T10:00:00.000Z', isSigned: true, evidence: { file: 'a.json' } };
const asked = { kind: 'asked', baseline: { runId: 'one', manifestSha256: 'a'.repeat(64), name: 'one' }, because: ['rule data-change is satisfied'], isSolo: false } as const;

describe('runAnswers', () => {
  it('says not checked for everything that is not there', () => {
    const checks = { signature: 'unknown', trust: 'unknown', log: 'unknown', data: 'not-asked', time: 'unknown' } as const;
    const answers = runAnswers(caseFacts({ verdict: verdictWith(checks) }));
    expect(QUESTIONS.map((question) => answers[question].answer)).toEqual(QUESTIONS.map(() => 'not-checked'));
    expect(QUESTIONS.flatMap((question) => answers[question].evidence)).toEqual([]);
  });

  it.each<[string, keyof ReturnType<typeof runAnswers>, Partial<CaseFacts>, AnswerWord, RegExp]>([
    ['a signature that counts', 'signed', {}, 'yes', /trust was looked at/],
    ['a signature of a stranger', 'signed', { verdict: verdictWith({ trust: 'unknown' }) }, 'not-checked', /trust/],
    ['a broken signature', 'signed', { verdict: verdictWith({ signature: 'broken' }) }, 'no', /signature/],
    ['a key that does not count', 'signed', { verdict: verdictWith({ trust: 'broken' }) }, 'no', /trust/],
    ['a log that has it', 'in log', {}, 'yes', /log/],
    ['other bytes in the data', 'data verified', { verdict: verdictWith({ data: 'broken' }) }, 'no', /data/],
    ['data as recorded', 'data verified', {}, 'yes', /1 file or data set as recorded/],
    ['a record without data', 'data verified', { manifest: trainingManifest({ data: [] }) }, 'not-checked', /names no data/],
    ['a replay', 'replayed', { replays: [replayFact()] }, 'yes', /^bit-identical on 1 replay on the same host$/],
    [
      'replays on two hosts',
      'replayed',
      { replays: [replayFact(), replayFact(), replayFact({ outcome: 'within-tolerance', isBitIdentical: false, host: 'other' })] },
      'yes',
      /^bit-identical on 2 replays on the same host; within tolerance on 1 replay on another host$/,
    ],
    ['one replay that differs', 'replayed', { replays: [replayFact(), replayFact({ outcome: 'different' })] }, 'no', /different on 1 replay/],
    ['a replay that counts for nothing', 'replayed', { replays: [replayFact({ outcome: 'not-counted', because: 'it repeats another record' })] }, 'not-checked', /not counted/],
    ['equal metrics alone', 'replayed', { replays: [replayFact({ outcome: 'metric-equal', isBitIdentical: false })] }, 'not-checked', /metric equal/],
    ['an identical replay without files', 'replayed', { replays: [replayFact({ isBitIdentical: false })] }, 'yes', /no file among it/],
    ['replays that were left out', 'replayed', { replays: [replayFact()], replaysLeftOut: 3 }, 'yes', /3 older replays not looked at/],
    ['approvals that count', 'approved', { approval: { ...asked, decision: 'allowed', hasRules: true, given: [{ ...given, counts: true }] } }, 'yes', /by ben$/],
    ['a change that needs none', 'approved', { approval: { ...asked, decision: 'allowed', hasRules: false, given: [] } }, 'not-checked', /needs no approval/],
    ['an approval that is missing', 'approved', { approval: { ...asked, decision: 'undecided', hasRules: true, given: [] } }, 'no', /something is missing/],
    ['a change that is denied', 'approved', { approval: { ...asked, decision: 'denied', hasRules: true, given: [] } }, 'no', /denies/],
  ])('answers for %s', (_, question, changes, answer, because) => {
    const found = runAnswers(caseFacts(changes))[question];
    expect(found.answer).toBe(answer);
    expect(found.because).toMatch(because);
  });

  it('points at the bytes a yes rests on', () => {
    const facts = caseFacts({ manifest: edited(trainingManifest(), {}) });
    expect(runAnswers(facts).signed.evidence).toEqual([facts.files.bundle]);
    expect(runAnswers(facts)['data verified'].evidence).toEqual([{ ...facts.files.statement, pointer: '/predicate/data' }]);
  });
});
