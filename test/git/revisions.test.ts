import { describe, expect, it } from 'vitest';
import { repositoryOf } from '../../src/flows/git/repository.ts';
import { commitOf } from '../../src/flows/git/revisions.ts';
import { makeRepository } from '../harness/repository.ts';

/** Two commits; `names` are references, each with the commit that it is for: 0 or 1. */
const repositoryWith = (names: Readonly<Record<string, 0 | 1>>): { readonly ids: readonly [string, string]; readonly of: (revision: string) => Promise<string> } => {
  const repository = makeRepository();
  const ids = [repository.commit({ file: '0' }), repository.commit({ file: '1' })] as const;
  for (const [name, at] of Object.entries(names)) repository.git(['update-ref', name, ids[at]]);
  return { ids, of: async (revision) => commitOf(await repositoryOf(repository.folder), revision) };
};

describe('a revision', () => {
  it('that is not there is mended by what the repository has', async () => {
    const empty = makeRepository();
    const fixOf = async (folder: string, revision: string): Promise<unknown> =>
      commitOf(await repositoryOf(folder), revision).catch((error: { readonly fix: string; readonly notes: readonly string[] }) => [error.fix, ...error.notes]);
    expect(await fixOf(empty.folder, 'HEAD')).toEqual(['git commit --allow-empty -m "first commit"', 'it has no commit yet']);
    empty.git(['remote', 'add', 'upstream', '/nowhere']);
    expect(await fixOf(empty.folder, 'HEAD')).toEqual(['git commit --allow-empty -m "first commit"', 'it has no commit yet']);
    expect(await fixOf(empty.folder, 'upstream/main')).toEqual(['git fetch upstream']);
    const alone = makeRepository();
    alone.git(['update-ref', 'refs/heads/trunk', alone.commit({ file: '0' })]);
    expect(await fixOf(alone.folder, 'origin/trunc')).toEqual(['git branch --all   # shows the branches that can be named', 'it has no remote', 'did you mean trunk?']);
    expect(await fixOf(alone.folder, 'nowhere')).toEqual([expect.stringContaining('git branch'), 'it has no remote', expect.stringMatching(/^its branches are .*trunk/)]);
  });

  it.each<readonly [string, string, Readonly<Record<string, 0 | 1>>]>([
    ['a tag in place of a branch of the remote', 'origin/main', { 'refs/tags/origin/main': 1, 'refs/remotes/origin/main': 0 }],
    ['a branch in place of a branch of the remote', 'origin/main', { 'refs/heads/origin/main': 1, 'refs/remotes/origin/main': 0 }],
    ['a tag in place of a branch', 'base', { 'refs/tags/base': 1, 'refs/heads/base': 0 }],
    ['a tag in place of a remote', 'origin', { 'refs/tags/origin': 1, 'refs/remotes/origin/HEAD': 0 }],
    ['what lies beside them all', 'base', { 'refs/base': 1, 'refs/heads/base': 0 }],
    ['with something behind the name', 'base^{}', { 'refs/tags/base': 1, 'refs/heads/base': 0 }],
  ])('is refused where it may mean two commits: %s', async (_, revision, names) => {
    await expect(repositoryWith(names).of(revision)).rejects.toMatchObject({
      code: 'TL1703',
      message: expect.stringContaining('may mean different commits'),
      fix: expect.stringContaining('in full'),
    });
  });

  it('is refused where a tag has the name of a short id', async () => {
    const repository = makeRepository();
    const [first, second] = [repository.commit({ file: '0' }), repository.commit({ file: '1' })];
    repository.git(['tag', first.slice(0, 9), second]);
    await expect(commitOf(await repositoryOf(repository.folder), first.slice(0, 9))).rejects.toMatchObject({ code: 'TL1703' });
    expect(await commitOf(await repositoryOf(repository.folder), first)).toBe(first);
    expect(await commitOf(await repositoryOf(repository.folder), first.slice(0, 10))).toBe(first);
  });

  it.each<readonly [string, string, 0 | 1, Readonly<Record<string, 0 | 1>>]>([
    ['that is named in full', 'refs/remotes/origin/main', 0, { 'refs/tags/origin/main': 1, 'refs/remotes/origin/main': 0, 'refs/tags/refs/remotes/origin/main': 1 }],
    ['with two names for one commit', 'origin/main', 0, { 'refs/tags/origin/main': 0, 'refs/remotes/origin/main': 0 }],
    ['that is checked out', 'HEAD', 1, { 'refs/tags/HEAD': 0, 'refs/heads/HEAD': 0 }],
    ['before another', 'main~1', 0, {}],
    ['by its other name', '@', 1, {}],
  ])('is one %s', async (_, revision, at, names) => {
    const { ids, of } = repositoryWith(names);
    expect(await of(revision)).toBe(ids[at]);
  });
});
