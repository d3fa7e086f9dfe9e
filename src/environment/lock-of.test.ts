import { describe, expect, it } from 'vitest';
import type { Manifest } from '#manifest';
import { digestOf, distribution, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { lockAsPip } from './lock-as-pip.ts';
import { lockAsPylock } from './lock-as-pylock.ts';
import type { EnvironmentLock, ProvenArchive } from './lock.ts';
import { lockOf } from './lock-of.ts';

type Distribution = Manifest['dependencies']['distributions'][number];

const COMMIT = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const HASH = digestOf('archive');

const manifestOf = (distributions: readonly Distribution[], more: Partial<Manifest['dependencies']> = {}): Manifest => {
  const base = trainingManifest();
  return { ...base, dependencies: { ...base.dependencies, distributions: [...distributions], ...more } };
};

const lock = (distributions: readonly Distribution[], more: Partial<Manifest['dependencies']> = {}, archives: ReadonlyMap<string, ProvenArchive> = new Map()): EnvironmentLock =>
  lockOf(manifestOf(distributions, more), { archives, neededOnly: false });

const BAD_ADDRESS = 'gap: it came from version control, and its recorded address is none that an installer takes';
const AGREES = { lock: { kind: 'uv', path: '${project}/uv.lock', agrees: 'yes' } } as const;

describe('lockOf', () => {
  it.each<readonly [string, Partial<Distribution>, Partial<Manifest['dependencies']>, string]>([
    ['a package of an index', {}, {}, 'pin'],
    ['the hash of a lock file that agrees', { wheelSha256: HASH }, AGREES, 'archive lock-file'],
    ['the hash of a lock file that does not agree', { wheelSha256: HASH }, { lock: { ...AGREES.lock, agrees: 'no' } }, 'pin'],
    ['a hash that the installer wrote', { wheelSha256: HASH, source: { kind: 'url', url: 'https://example.com/a-1.0-py3-none-any.whl' } }, {}, 'archive installer'],
    ['an address without a hash', { source: { kind: 'url', url: 'https://example.com/a.zip' } }, {}, 'url'],
    ['a commit', { source: { kind: 'vcs', url: 'https://example.com/a.git', commit: COMMIT } }, {}, 'vcs'],
    ['a branch', { source: { kind: 'vcs', url: 'https://example.com/a.git', commit: 'main' } }, {}, 'gap: it came from version control, and the record has no commit of it'],
    ['an address that ends a line', { source: { kind: 'vcs', url: 'https://example.com/a.git\n-r b', commit: COMMIT } }, {}, BAD_ADDRESS],
    ['an address that starts a program', { source: { kind: 'vcs', url: 'ext::sh', commit: COMMIT } }, {}, BAD_ADDRESS],
    ['an address that a shell would take apart', { source: { kind: 'vcs', url: 'https://x/$(id)', commit: COMMIT } }, {}, BAD_ADDRESS],
    ['an editable folder', { source: { kind: 'editable', url: 'file:///x' } }, {}, 'gap: it is an editable install of a folder, and the record has no commit of it'],
    ['a local folder', { source: { kind: 'local', url: 'file:///x' } }, {}, 'gap: it is an install of a folder or file, and the record has no commit of it'],
    ['a package of the system', { source: { kind: 'system' } }, {}, 'gap: it came from the package manager of the system'],
    ['a package of conda', { installer: 'conda' }, {}, 'gap: conda installed it, and an index of Python has other files'],
    ['changed files', { sizesAgree: 'no' }, {}, 'gap: its files were changed after they were installed, and no archive has them'],
    ['a name that is an option', { name: '--index-url' }, {}, 'gap: its name or version is none that an installer knows'],
    ['a version that goes on', { version: '1.0 --hash=x' }, {}, 'gap: its name or version is none that an installer knows'],
  ])('%s', (_, facts, more, expected) => {
    const { entries, gaps } = lock([distribution('a', '1.0', facts)], more);
    const told = entries.map((entry) => (entry.kind === 'archive' ? `archive ${entry.archive.provenBy}` : entry.kind));
    expect([...told, ...gaps.map(({ because }) => `gap: ${because}`)]).toEqual([expected]);
  });

  it('locks the project itself at its commit, if nothing was changed', () => {
    const own = distribution('own', '1.0', { source: { kind: 'editable', url: 'file:///home/ann/digits' } });
    const at = (dirty: 'yes' | 'no'): EnvironmentLock => {
      const manifest = manifestOf([own]);
      const repository = { kind: 'git', remote: 'https://example.com/digits.git', commit: COMMIT, dirty } as const;
      return lockOf({ ...manifest, code: { ...manifest.code, repository: { ...manifest.code.repository, ...repository } } }, { archives: new Map(), neededOnly: false });
    };
    expect(at('no').entries).toEqual([{ name: 'own', version: '1.0', kind: 'vcs', url: 'https://example.com/digits.git', commit: COMMIT }]);
    expect(at('yes').gaps[0]!.because).toContain('with changes that were not committed');
  });

  it('writes the short address of Git in the way of installers', () => {
    const { entries } = lock([distribution('a', '1.0', { source: { kind: 'vcs', url: 'git@example.com:team/a.git', commit: COMMIT } })]);
    expect(entries[0]).toMatchObject({ url: 'ssh://git@example.com/team/a.git' });
  });

  it('says what cannot be checked afterwards', () => {
    const { recordSha256: _, ...without } = distribution('a', '1.0');
    expect(lock([without]).gaps[0]!.because).toBe('it has neither a proven archive nor a RECORD: what is installed for it cannot be checked');
  });

  it('leaves out what the run did not need, if asked', () => {
    const manifest = manifestOf([distribution('a', '1.0'), distribution('b', '1.0', { relation: 'unrelated', imported: false })]);
    expect(lockOf(manifest, { archives: new Map(), neededOnly: true })).toMatchObject({ entries: [{ name: 'a' }], leftOut: 1 });
  });
});

const WHEEL: ProvenArchive = { sha256: HASH, provenBy: 'wheel', file: 'a-1.0-py3-none-any.whl', path: 'wheels/a-1.0-py3-none-any.whl', sizeBytes: 12 };
const proven = lock([distribution('a', '1.0')], {}, new Map([['a', WHEEL]]));
const mixed = lock(
  [distribution('a', '1.0'), distribution('b', '2.0'), distribution('c', '3.0', { source: { kind: 'vcs', url: 'https://x/c.git', commit: COMMIT } })],
  {},
  new Map([['a', WHEEL]]),
);

describe('lockAsPip', () => {
  it('has every hash, or none outside of comments', () => {
    expect(lockAsPip(proven).text).toContain(`a==1.0 \\\n    --hash=sha256:${HASH}`);
    const { text, missing, unhashed } = lockAsPip(mixed);
    expect(text).toContain('# PARTLY WITHOUT HASHES: of 3 packages 2 have no archive whose hash is proven');
    expect(text).not.toContain('--hash');
    expect(text).toContain(`a==1.0  # RECORD sha256:${digestOf('a1.0')}; archive sha256:${HASH}`);
    expect(text).toContain(`c @ git+https://x/c.git@${COMMIT}  # RECORD`);
    expect([missing, unhashed]).toEqual([[], 2]);
  });

  it('keeps recorded text in its comment', () => {
    const { text } = lockAsPip(lock([distribution('a\n-r evil', '1.0'), distribution('b', '1.0')]));
    expect(text.split('\n').filter((line) => !line.startsWith('#'))).toEqual([`b==1.0  # RECORD sha256:${digestOf('b1.0')}`]);
  });
});

describe('lockAsPylock', () => {
  it('has only packages with address and hash, and says what is missing', () => {
    expect(lockAsPylock(proven).missing).toEqual([]);
    const { text, missing } = lockAsPylock(mixed);
    expect(missing.map(({ name }) => name)).toEqual(['b']);
    expect(text).toContain('complete = false');
    expect(text).toContain(`[[tool.trainlock.pinned]]\nname = "b"\nversion = "2.0"\nrecord-sha256 = "${digestOf('b2.0')}"`);
    expect(text).toContain(`vcs = { type = "git", url = "https://x/c.git", commit-id = "${COMMIT}" }`);
  });

  it('writes strings that end where they should', () => {
    const { text } = lockAsPylock(lock([distribution('a"\n[evil]\\', '1.0')]));
    expect(text).toContain('name = "a\\"\\u000a[evil]\\\\"');
    expect(text.split('\n').filter((line) => line.startsWith('['))).toEqual(['[tool.trainlock]', '[[tool.trainlock.missing]]']);
  });
});
