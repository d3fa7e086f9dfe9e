import { describe, expect, it } from 'vitest';
import { policyOf, TEAM_POLICY } from '../../test/fixtures/policies.ts';
import { judgeStart, type StartQuestion } from './judge-start.ts';

const GOOD: StartQuestion = {
  purpose: 'with the new rows',
  starters: ['ann@example.com', 'ann'],
  repository: { kind: 'clean' },
  data: { kind: 'approved', by: 'one' },
  software: { kind: 'approved', by: 'one' },
};

const refusals = (changed: Partial<StartQuestion>): readonly string[] => judgeStart(policyOf(), { ...GOOD, ...changed }).map(({ because }) => because);

describe('a run under a policy', () => {
  it('may start if everything is known and right', () => {
    expect(refusals({})).toEqual([]);
    expect(refusals({ starters: ['ci'] })).toEqual([]);
  });

  it.each<[string, Partial<StartQuestion>, RegExp]>([
    ['without a purpose', { purpose: ' ' }, /^it has no purpose$/],
    ['of somebody who may not start runs', { starters: ['cleo'] }, /^cleo does not have the role initiator$/],
    ['of nobody', { starters: [] }, /^whoever starts it does not have the role initiator$/],
    ['with changes that are not committed', { repository: { kind: 'dirty', changedFiles: 1 } }, /^1 file of the project is not committed$/],
    ['in no repository', { repository: { kind: 'none', because: 'it is in no repository' } }, /^nobody can tell whether the code is committed/],
    ['in a repository that cannot be read', { repository: { kind: 'unknown', because: 'dubious ownership' } }, /dubious ownership$/],
    ['with other data', { data: { kind: 'other', because: 'data.csv: other bytes' } }, /^no approved record has the data that are here: data\.csv: other bytes$/],
    ['with data of which nobody knows', { data: { kind: 'unknown', because: 'gone' } }, /^whether the data here were approved is not known: gone$/],
    ['with other packages', { software: { kind: 'other', because: 'numpy' } }, /^no approved record has the packages that are here: numpy$/],
    ['with packages of which nobody knows', { software: { kind: 'unknown', because: 'no python' } }, /^whether the packages here were approved is not known/],
  ])('%s may not', (_, changed, expected) => {
    expect(refusals(changed)).toEqual([expect.stringMatching(expected)]);
  });

  it('is told every reason at once', () => {
    expect(
      judgeStart(policyOf(), { starters: [], repository: { kind: 'dirty', changedFiles: 2 }, data: { kind: 'other', because: 'x' }, software: { kind: 'unknown', because: 'y' } }),
    ).toHaveLength(5);
  });

  it.each<[string, Partial<StartQuestion>, string, string]>([
    ['a purpose', { purpose: '' }, 'it has no purpose', 'trainlock run --enforce --why "what it is for" -- …'],
    ['somebody who may', { starters: ['cleo'] }, 'cleo does not have the role initiator', 'trainlock policy show   # lists who has'],
    ['one commit', { repository: { kind: 'dirty', changedFiles: 1 } }, '1 file of the project is not committed', 'git commit'],
    ['a commit of more', { repository: { kind: 'dirty', changedFiles: 2 } }, '2 files of the project are not committed', 'git commit'],
    ['a repository', { repository: { kind: 'none', because: 'there is none' } }, 'nobody can tell whether the code is committed: there is none', 'git init, and commit the code'],
    [
      'approved data',
      { data: { kind: 'other', because: 'x' } },
      'no approved record has the data that are here: x',
      'trainlock run without --enforce, and have the new record approved',
    ],
    [
      'approved packages',
      { software: { kind: 'unknown', because: 'x' } },
      'whether the packages here were approved is not known: x',
      'install what was approved (trainlock env diff RUN), or run without --enforce and have the new record approved',
    ],
  ])('is told what it needs: %s', (_, changed, because, fix) => {
    expect(judgeStart(policyOf(), { ...GOOD, ...changed })).toEqual([{ because, fix }]);
  });

  it('may be started by nobody where the policy names nobody who may', () => {
    const nobody = policyOf(TEAM_POLICY.replace('  initiator: [ann, ben, ci]\n', ''));
    expect(judgeStart(nobody, GOOD).map(({ because }) => because)).toEqual(['ann@example.com does not have the role initiator']);
  });
});
