import { describe, expect, it } from 'vitest';
import { utf8 } from '#base';
import { digestOf } from '../../test/fixtures/training-manifest.ts';
import { lockAsPip } from './lock-as-pip.ts';
import { lockOfResolution } from './lock-of-resolution.ts';
import { readPipReport } from './read-pip-report.ts';
import { trainingManifest } from '../../test/fixtures/training-manifest.ts';

const SHA = digestOf('archive');
const COMMIT = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

const item = (download: unknown, metadata: unknown = { name: 'Some.Thing', version: '1.0' }, isDirect = false): unknown => ({
  download_info: download,
  is_direct: isDirect,
  metadata,
});
const archive = (url: string): unknown => ({ url, archive_info: { hashes: { sha256: SHA } } });
const read = (...install: readonly unknown[]): ReturnType<typeof readPipReport> => readPipReport(utf8(JSON.stringify({ version: '1', install })));

describe('readPipReport', () => {
  it.each<readonly [string, unknown, object]>([
    ['an archive of an index has no address', item(archive('https://files.example.com/a-1.0-py3-none-any.whl')), { sha256: SHA }],
    ['one that was named by its address', item(archive('https://example.com/a.whl'), undefined, true), { sha256: SHA, url: 'https://example.com/a.whl' }],
    ['a commit', item({ url: 'https://example.com/a.git', vcs_info: { vcs: 'git', commit_id: COMMIT } }, undefined, true), { url: 'https://example.com/a.git', commit: COMMIT }],
    ['an archive without a hash', item({ url: 'https://example.com/a.whl', archive_info: {} }), {}],
  ])('%s', (_, one, expected) => expect(read(one)).toEqual({ kind: 'accepted', value: [{ name: 'some-thing', version: '1.0', ...expected }] }));

  it.each<readonly [string, readonly unknown[]]>([
    ['no name', [item(archive('https://x/a'), { version: '1.0' })]],
    ['a name that is an option', [item(archive('https://x/a'), { name: '--index-url', version: '1.0' })]],
    ['a version that ends a line', [item(archive('https://x/a'), { name: 'a', version: '1.0\n-r b' })]],
    ['a folder', [item({ url: 'file:///x', dir_info: {} })]],
    ['an address with a password', [item(archive('https://ann:secret@example.com/a.whl'), undefined, true)]],
    ['an address that a shell would take apart', [item(archive('https://x/$(id)'), undefined, true)]],
    ['a hash that is none', [item({ url: 'https://x/a', archive_info: { hashes: { sha256: 'abc' } } })]],
    ['a branch for a commit', [item({ url: 'https://x/a.git', vcs_info: { commit_id: 'main' } })]],
    ['one package twice', [item(archive('https://x/a')), item(archive('https://x/b'), { name: 'some_thing', version: '2.0' })]],
    ['something that is no package', [7]],
  ])('takes nothing of a report with %s', (_, install) => expect(read(...install).kind).toBe('rejected'));

  it.each(['', '{}', '[]', '{"install": {}}', 'null'])('takes nothing of %s', (text) => expect(readPipReport(utf8(text)).kind).toBe('rejected'));

  it('becomes a lock that says what is otherwise', () => {
    const reading = read(item(archive('https://x/a')));
    if (reading.kind !== 'accepted') throw new Error('rejected');
    const manifest = trainingManifest();
    const { text } = lockAsPip(lockOfResolution(reading.value, { run: { id: manifest.run.id }, changes: ['some-thing 0.9 -> 1.0\n-r evil'], manifest }));
    expect(text).toContain(`some-thing==1.0 \\\n    --hash=sha256:${SHA}`);
    expect(text).toContain('with other versions of some packages');
    expect(text).not.toContain('\n-r evil');
  });
});
