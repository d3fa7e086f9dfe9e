import { describe, expect, it } from 'vitest';
import { commitAuthors, namesOf } from '../../src/flows/git/authors.ts';
import { changedFiles } from '../../src/flows/git/git-files.ts';
import { repositoryOf } from '../../src/flows/git/repository.ts';
import { makeRepository, type TestRepository } from '../harness/repository.ts';

const WORD = '0123456789abcdef';

/** Whoever takes part in what `make` adds to a first commit of Ann, by their names. */
const tookPart = async (make: (repository: TestRepository) => void, place?: Parameters<typeof commitAuthors>[3]): Promise<readonly string[]> => {
  const repository = makeRepository();
  const base = repository.commit({ 'data.csv': '1\n', '.gitignore': 'x\n' });
  make(repository);
  const authors = await commitAuthors(await repositoryOf(repository.folder), base, repository.git(['rev-parse', 'HEAD']), place);
  return [...new Set(authors.map(({ name }) => name))].toSorted();
};

/** A commit whose header is written as it is: git itself takes such names from nobody, but obeys them. */
const rawCommit = (repository: TestRepository, who: string, message = 'raw'): void => {
  repository.write({ 'data.csv': `${Math.random()}\n` });
  repository.git(['add', '-A']);
  const [tree, parent] = [repository.git(['write-tree']), repository.git(['rev-parse', 'HEAD'])];
  const input = `tree ${tree}\nparent ${parent}\nauthor ${who} 1700000000 +0000\ncommitter ${who} 1700000000 +0000\n\n${message}\n`;
  repository.git(['update-ref', 'HEAD', repository.git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], { input })]);
};

describe('who took part by commits', () => {
  it.each<readonly [string, readonly string[], (repository: TestRepository) => void]>([
    ['authors and committers', ['ben', 'eve'], ({ commit }) => void commit({ 'data.csv': '2\n' }, { as: 'eve', committer: 'ben' })],
    ['nobody by a commit that changes nothing', [], ({ commit }) => void commit({}, { as: 'eve' })],
    ['who is named by a separator that we might have used', ['a\\x01b\\x02c'], (repository) => rawCommit(repository, 'a\u0001b\u0002c <e@example.com>')],
    ['who has no name', [''], (repository) => rawCommit(repository, ' <e@example.com>')],
    [
      'co-authors',
      ['Ben B', 'Dee', 'eve'],
      ({ commit }) =>
        void commit({ 'data.csv': '2\n' }, { as: 'eve', message: 'more\n\nCo-authored-by: Ben B <ben@example.com>\n\nco-authored-BY:Dee<dee@example.com>\n\nSee it.' }),
    ],
    ['who adds and takes back', ['eve'], ({ commit }) => void [commit({ 'data.csv': '2\n' }, { as: 'eve' }), commit({ 'data.csv': '1\n' }, { as: 'eve' })]],
  ])('%s', async (_, expected, make) => {
    expect(await tookPart(make)).toEqual(expected);
  });

  it.each<readonly [string, readonly string[], (repository: TestRepository) => void]>([
    ['that git makes so by itself: nobody', ['dee', 'eve'], ({ git }) => void git(['merge', '-q', '--no-ff', 'side'], { as: 'ben' })],
    ['that takes back what the other side has', ['ben', 'dee', 'eve'], ({ git }) => void git(['merge', '-q', '-s', 'ours', 'side'], { as: 'ben' })],
    [
      'that has something of its own',
      ['ben', 'dee', 'eve'],
      ({ git, write }) => {
        git(['merge', '-q', '--no-commit', 'side'], { as: 'ben' });
        write({ 'data.csv': '9\n' });
        git(['commit', '-q', '-a', '-m', 'merge'], { as: 'ben' });
      },
    ],
    [
      'with an older commit, to which it rolls back',
      ['ben', 'dee'],
      ({ git }) => {
        const [tree, old, now] = [git(['rev-parse', 'HEAD~1^{tree}']), git(['rev-parse', 'HEAD~1']), git(['rev-parse', 'HEAD'])];
        git(['reset', '-q', '--hard', git(['commit-tree', tree, '-p', now, '-p', old, '-m', 'merge'], { as: 'ben' })]);
      },
    ],
    [
      'with an older commit that changes nothing: nobody',
      ['dee'],
      ({ git }) => {
        const [tree, old, now] = [git(['rev-parse', 'HEAD^{tree}']), git(['rev-parse', 'HEAD~1']), git(['rev-parse', 'HEAD'])];
        git(['reset', '-q', '--hard', git(['commit-tree', tree, '-p', old, '-p', now, '-m', 'merge'], { as: 'ben' })]);
      },
    ],
    [
      'of three',
      ['ben', 'dee', 'eve', 'fay'],
      ({ git, commit }) => {
        git(['checkout', '-q', '-b', 'third', 'side~1']);
        commit({ third: '1\n' }, { as: 'fay' });
        git(['checkout', '-q', 'main']);
        git(['merge', '-q', 'side', 'third'], { as: 'ben' });
      },
    ],
  ])('a merge %s', async (_, expected, merge) => {
    const people = await tookPart((repository) => {
      repository.git(['checkout', '-q', '-b', 'side']);
      repository.commit({ side: '1\n' }, { as: 'eve' });
      repository.git(['checkout', '-q', 'main']);
      repository.commit({ main: '1\n' }, { as: 'dee' });
      merge(repository);
    });
    expect(people).toEqual(expected);
  });

  it.each<readonly [string, boolean]>([
    [`ml/.trainlock/approvals/${WORD}.statement.json`, false],
    [`ml/.trainlock/approvals/${WORD}.statement.sigstore.json`, false],
    [`ml/.trainlock/exceptions/${WORD}.proofs/signed-${WORD}.leaf`, false],
    [`ml/.trainlock/history/${WORD}.statement.json.sig`, false],
    [`store/approvals/${WORD}.statement.json`, false],
    [`other/.trainlock/approvals/${WORD}.statement.json`, false],
    [`.trainlock/approvals/${WORD}.statement.json`, true],
    [`ml/.trainlock/approvals/${WORD}.proofs/train.py`, true],
    [`ml/.trainlock/approvals/train.py`, true],
    [`ml/.trainlock/approvals/${WORD}.train.py`, true],
    [`src/.trainlock/approvals/${WORD}.statement.json`, true],
    ['ml/.trainlock/policy.yaml', true],
    [`ml/.trainlock/approvals/${WORD}.statement.json/train.py`, true],
  ])('of %s: %s', async (path, isCounted) => {
    const people = await tookPart(({ commit }) => void commit({ [path]: '1\n' }, { as: 'eve' }), { projects: ['ml/', 'other/'], stores: ['store/'] });
    expect(people).toEqual(isCounted ? ['eve'] : []);
  });

  it('sees submodules, whatever the change says of them', async () => {
    const repository = makeRepository();
    const base = repository.commit({ file: '1\n' });
    repository.write({ '.gitmodules': '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n\tignore = all\n' });
    repository.git(['add', '-A']);
    repository.git(['update-index', '--add', '--cacheinfo', `160000,${base},sub`]);
    repository.git(['commit', '-q', '-m', 'sub']);
    const from = repository.git(['rev-parse', 'HEAD']);
    repository.git(['update-index', '--cacheinfo', `160000,${from},sub`]);
    repository.git(['commit', '-q', '-m', 'other sub'], { as: 'eve' });
    const [here, head] = [await repositoryOf(repository.folder), repository.git(['rev-parse', 'HEAD'])];
    expect(namesOf(await commitAuthors(here, from, head))).toEqual(['eve', 'eve@example.com']);
    expect(await changedFiles(here, from, { kind: 'tree', id: head })).toMatchObject([{ path: 'sub' }]);
    expect(await changedFiles(here, from, { kind: 'index' })).toMatchObject([{ path: 'sub' }]);
  });
});
