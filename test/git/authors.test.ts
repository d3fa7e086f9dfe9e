import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

type Raw = { readonly author?: string; readonly committer?: string; readonly more?: string; readonly message?: string };

/** A commit whose header is written as it is, byte for byte: git itself takes such names from nobody, but obeys them. */
const rawCommit = (
  repository: TestRepository,
  { author = 'author ann <ann@example.com> 1700000000 +0000\n', committer = author.replace('author', 'committer'), more = '', message = 'raw' }: Raw,
): void => {
  repository.write({ 'data.csv': `${Math.random()}\n` });
  repository.git(['add', '-A']);
  const [tree, parent] = [repository.git(['write-tree']), repository.git(['rev-parse', 'HEAD'])];
  const input = Buffer.from(`tree ${tree}\nparent ${parent}\n${author}${committer}${more}\n${message}\n`, 'latin1');
  const id = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], { cwd: repository.folder, input, encoding: 'utf8' }).trim();
  repository.git(['update-ref', 'HEAD', id]);
};

const rawAuthor = (who: string): Raw => ({ author: `author ${who} 1700000000 +0000\n` });

describe('who took part by commits', () => {
  it.each<readonly [string, readonly string[], (repository: TestRepository) => void]>([
    ['authors and committers', ['ben', 'eve'], ({ commit }) => void commit({ 'data.csv': '2\n' }, { as: 'eve', committer: 'ben' })],
    ['nobody by a commit that changes nothing', [], ({ commit }) => void commit({}, { as: 'eve' })],
    ['who is named by a separator that we might have used', ['a\\x01b\\x02c'], (repository) => rawCommit(repository, rawAuthor('a\u0001b\u0002c <e@example.com>'))],
    ['who has no name', [''], (repository) => rawCommit(repository, rawAuthor(' <e@example.com>'))],
    [
      'co-authors',
      ['Ben B', 'Dee', 'eve'],
      ({ commit }) =>
        void commit({ 'data.csv': '2\n' }, { as: 'eve', message: 'more\n\nCo-authored-by: Ben B <ben@example.com>\n\nco-authored-BY:Dee<dee@example.com>\n\nSee it.' }),
    ],
    [
      'who claims an encoding that makes nothing of the name',
      ['Ben B', 'eve'],
      ({ git, write }) => {
        write({ 'data.csv': '2\n' });
        git(['-c', 'i18n.commitEncoding=IBM037', 'commit', '-q', '-a', '-m', 'x\n\nCo-authored-by: Ben B <ben@example.com>'], { as: 'eve' });
      },
    ],
    ['who writes in an encoding of old and does not say so', ['Zo\u00eb'], (repository) => rawCommit(repository, rawAuthor('Zo\u00eb <z@example.com>'))],
    // Not taken at its word alone: the bytes count as they are, too.
    [
      'who writes in an encoding and says so',
      ['\u00bd\u00d0\u00d4\u00ef', '\u041d\u0430\u0434\u044f'],
      (repository) => rawCommit(repository, { ...rawAuthor('\u00bd\u00d0\u00d4\u00ef <n@example.com>'), more: 'encoding ISO-8859-5\n' }),
    ],
    [
      'two authors, of whom git shows one',
      ['ann', 'cat', 'eve'],
      (repository) =>
        rawCommit(repository, { author: 'author eve <e@example.com> 1 +0000\nauthor ann <a@example.com> 1 +0000\n', committer: 'committer cat <c@example.com> 1 +0000\n' }),
    ],
    [
      'a co-author whose address has no end',
      ['Ben B', 'ann'],
      (repository) => rawCommit(repository, { message: `x\n\nCo-authored-by: Ben B <ben@example.com\nCo-authored-by:${' '.repeat(100_000)}<` }),
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

  it.each<readonly [string, string, Raw]>([
    ['no author', 'author', { author: '', committer: 'committer eve <e@example.com> 1 +0000\n' }],
    ['no committer', 'committer', { committer: '' }],
    ['an author without name and address', 'author', rawAuthor(' < >')],
    ['an author without an end', 'author', rawAuthor('eve <e@example.com')],
    ['a second author who is nobody', 'author', { author: 'author eve <e@example.com> 1 +0000\nauthor \n' }],
  ])('refuses a commit with %s', async (_, role, raw) => {
    let id = '';
    const made = tookPart((repository) => {
      rawCommit(repository, { committer: 'committer ann <a@example.com> 1 +0000\n', ...raw });
      id = repository.git(['rev-parse', 'HEAD']);
      repository.commit({ 'data.csv': '3\n' });
    });
    await expect(made).rejects.toMatchObject({ code: 'TL1701', message: expect.stringMatching(new RegExp(`${id.slice(0, 12)}.*names no ${role}$`)) });
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

const UNSHALLOW = expect.stringContaining('git fetch --unshallow');

/** Main has some commits below `base`; the change has a commit of Eve, then one of Ann. */
const twoAuthors = (): { readonly repository: TestRepository; readonly base: string; readonly eve: string; readonly head: string } => {
  const repository = makeRepository();
  for (const i of [4, 3, 2]) repository.commit({ 'data.csv': `-${i}\n` });
  const base = repository.commit({ 'data.csv': '1\n' });
  repository.git(['checkout', '-q', '-b', 'change']);
  const eve = repository.commit({ 'data.csv': '2\n' }, { as: 'eve' });
  return { repository, base, eve, head: repository.commit({ 'data.csv': '3\n' }) };
};

/** A clone that has main and the change, with so many commits of each. */
const shallowClone = (from: TestRepository, depth: number): TestRepository => {
  const clone = makeRepository();
  clone.git(['fetch', '-q', `--depth=${depth}`, `file://${from.folder}`, 'main:refs/heads/base', 'change:refs/heads/change']);
  clone.git(['checkout', '-q', 'change']);
  return clone;
};

const peopleIn = async ({ folder, git }: TestRepository, base: string, head = 'HEAD'): Promise<readonly string[]> =>
  namesOf(await commitAuthors(await repositoryOf(folder), git(['rev-parse', base]), git(['rev-parse', head])));

describe('a history of which a part is hidden', () => {
  it.each([1, 2])('is refused where the clone ends among the commits of the change: depth %i', async (depth) => {
    const { repository, base } = twoAuthors();
    const clone = shallowClone(repository, depth);
    await expect(peopleIn(clone, base)).rejects.toMatchObject({ code: 'TL1701', fix: UNSHALLOW });
    clone.git(['fetch', '-q', '--unshallow', `file://${repository.folder}`, 'main', 'change']);
    expect(await peopleIn(clone, base)).toEqual(['ann', 'ann@example.com', 'eve', 'eve@example.com']);
  });

  it('is refused where the clone ends between the base and what both have in common, and in a linked working tree too', async () => {
    const { repository } = twoAuthors();
    repository.git(['checkout', '-q', 'main']);
    for (const i of [1, 2, 3, 4]) repository.commit({ main: `${i}\n` });
    repository.git(['checkout', '-q', 'change']);
    const clone = shallowClone(repository, 4);
    await expect(peopleIn(clone, 'base')).rejects.toMatchObject({ code: 'TL1701', fix: UNSHALLOW });
    clone.git(['worktree', 'add', '-q', '--detach', 'linked', 'HEAD']);
    await expect(peopleIn({ ...clone, folder: join(clone.folder, 'linked') }, 'base')).rejects.toMatchObject({ code: 'TL1701', fix: UNSHALLOW });
  });

  it.each([1, 2])('is refused where the clone does not say that it has an end: depth %i', async (depth) => {
    const { repository, base } = twoAuthors();
    const clone = shallowClone(repository, depth);
    rmSync(join(clone.folder, '.git/shallow'));
    await expect(peopleIn(clone, base)).rejects.toMatchObject({ code: 'TL1701' });
  });

  it('is refused where a merge of the change hides what it merged', async () => {
    const { repository, base, eve } = twoAuthors();
    const ann = repository.git(['commit-tree', `${base}^{tree}`, '-p', base, '-m', 'side']);
    const merge = repository.git(['commit-tree', 'HEAD^{tree}', '-p', ann, '-p', 'HEAD', '-m', 'merge']);
    repository.git(['reset', '-q', '--hard', merge]);
    expect(await peopleIn(repository, base)).toContain('eve');
    // As of a fetch with that commit as its end.
    appendFileSync(join(repository.folder, '.git/shallow'), `${eve}\n`);
    await expect(peopleIn(repository, base)).rejects.toMatchObject({ code: 'TL1701', fix: UNSHALLOW });
  });

  it.each([3, 4])('is read where the clone ends at or below what both have in common: depth %i', async (depth) => {
    const { repository, base } = twoAuthors();
    const clone = makeRepository();
    clone.git(['fetch', '-q', `--depth=${depth}`, `file://${repository.folder}`, 'change']);
    clone.git(['checkout', '-q', '--detach', 'FETCH_HEAD']);
    expect(clone.git(['rev-parse', '--is-shallow-repository'])).toBe('true');
    expect(await peopleIn(clone, base)).toEqual(['ann', 'ann@example.com', 'eve', 'eve@example.com']);
  });

  it.each(['graft', 'comment'])('is refused where a file of grafts may change it: %s', async (kind) => {
    const { repository, base, head } = twoAuthors();
    appendFileSync(join(repository.folder, '.git/info/grafts'), '');
    expect(await peopleIn(repository, base)).toContain('eve');
    appendFileSync(join(repository.folder, '.git/info/grafts'), kind === 'graft' ? `${head} ${base}\n` : '# none\n');
    await expect(peopleIn(repository, base)).rejects.toMatchObject({ code: 'TL1701', message: expect.stringContaining('grafts'), fix: UNSHALLOW });
  });

  it('is refused where base and change have nothing in common', async () => {
    const { repository, base } = twoAuthors();
    repository.git(['checkout', '-q', '--orphan', 'other']);
    repository.commit({ 'data.csv': '4\n' });
    await expect(peopleIn(repository, base)).rejects.toMatchObject({ code: 'TL1701', fix: UNSHALLOW });
  });

  it('is not what replaced objects make of it', async () => {
    const { repository, base, head } = twoAuthors();
    repository.git(['replace', '--graft', head, base]);
    expect(await peopleIn(repository, base)).toContain('eve');
  });
});
