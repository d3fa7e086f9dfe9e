import { describe, expect, it } from 'vitest';
import { approveCommand, replayCommand } from './approve-command.ts';

const BASELINE = { runId: '11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa' };
const CANDIDATE = { runId: '22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb' };
const asked = (eligible: readonly string[]): Parameters<typeof approveCommand>[0] => ({ roles: ['approver-data', 'approver-model'], count: 1, missing: 1, eligible, by: [] });

describe('approveCommand', () => {
  it.each<[string, Parameters<typeof approveCommand>[1], readonly string[], string]>([
    [
      'names both runs, the first role, the environment, and who may',
      { baseline: BASELINE, candidate: CANDIDATE, environment: 'production' },
      ['ann', 'ben'],
      'trainlock approve 22222222 --against 11111111 --role approver-data --environment production --reason "…"   # as ann or ben',
    ],
    [
      'says that the first follows nothing',
      { candidate: CANDIDATE, environment: 'a b' },
      ['ann'],
      `trainlock approve 22222222 --against none --role approver-data --environment 'a b' --reason "…"   # as ann`,
    ],
    [
      'says where nobody may, and leaves out an environment that is not asked about',
      { baseline: BASELINE, candidate: CANDIDATE },
      [],
      'trainlock approve 22222222 --against 11111111 --role approver-data --reason "…"   # nobody may: see trainlock policy lint',
    ],
  ])('%s', (_, change, eligible, expected) => {
    expect(approveCommand(asked(eligible), change)).toBe(expected);
  });
});

describe('replayCommand', () => {
  it('says whose replay is asked for', () => {
    expect(replayCommand({ asked: 'any' }, { candidate: CANDIDATE })).toBe('trainlock replay 22222222');
    expect(replayCommand({ asked: 'independent' }, { candidate: CANDIDATE })).toBe('trainlock replay 22222222   # by another person, on another host');
  });
});
