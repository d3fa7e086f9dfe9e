import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementOf } from '#assembly';
import { nodeCrypto } from '#files';
import { edited, trainingManifest } from '../../test/fixtures/training-manifest.ts';
import { validateFiles } from './validate-files.ts';

let folder: string;
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trainlock-validate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = trainingManifest();
const text = JSON.stringify(manifest, null, 2);

describe('validateFiles', () => {
  it('accepts a statement and a bare manifest', async () => {
    const files = await validateFiles([write('s.json', statementOf(manifest, nodeCrypto).bytes), write('m.json', text)]);
    expect(files.map((file) => file.kind === 'valid' && file.form)).toEqual(['statement', 'manifest']);
  });

  it.each<[string, () => string, object]>([
    ['a cut file', () => write('cut.json', text.slice(0, -40)), { kind: 'invalid', problems: [{ line: expect.any(Number) }] }],
    [
      'a key that occurs twice',
      () => write('twice.json', text.replace('"schemaVersion": "1.0",', '"schemaVersion": "1.0",\n"schemaVersion": "1.0",')),
      { kind: 'invalid', problems: [{ pointer: '/schemaVersion', line: 3, message: 'the key occurs twice' }] },
    ],
    [
      'a wrong type',
      () => write('type.json', JSON.stringify(edited(manifest, { '/run/command': 'python train.py' }), null, 1)),
      { kind: 'invalid', problems: [{ pointer: '/run/command', message: '"python train.py" must be a list' }] },
    ],
    ['a newer major version', () => write('new.json', JSON.stringify({ schemaVersion: '2.0' })), { kind: 'newer', schemaVersion: '2.0' }],
    ['an empty file', () => write('empty.json', ''), { kind: 'invalid', problems: [{ message: 'the document ends too early' }] }],
    ['a missing file', () => join(folder, 'missing.json'), { kind: 'unreadable', because: expect.stringMatching(/does not exist/) }],
    [
      'a folder',
      () => {
        mkdirSync(join(folder, 'folder'), { recursive: true });
        return join(folder, 'folder');
      },
      { kind: 'unreadable' },
    ],
  ])('tells of %s', async (_, path, expected) => {
    expect(await validateFiles([path()])).toMatchObject([expected]);
  });

  const digest = 'ab'.repeat(32);
  const snapshot = {
    schemaVersion: '0.1',
    takenAt: '2026-11-24T08:00:00Z',
    tool: 'trainlock 0.1.0',
    path: '${project}/data',
    origin: { kind: 'local' },
    list: { sha256: digest, treeRoot: digest, fileCount: 1, totalBytes: 1 },
    complete: true,
  };
  const erasure = { schemaVersion: '0.1', erasedAt: '2026-11-24T08:00:00Z', by: 'ann', reason: 'request 114', listSha256: digest, treeRoot: digest, fileCount: 1 };
  const pretty = (value: unknown): string => JSON.stringify(value, null, 1);
  const { list, ...withoutList } = snapshot;

  it.each<[string, unknown, object]>([
    ['a snapshot', snapshot, { kind: 'valid', form: 'snapshot', schemaVersion: '0.1', unknown: [] }],
    ['an erasure', erasure, { kind: 'valid', form: 'erasure', schemaVersion: '0.1', unknown: [] }],
    [
      'a snapshot of a newer minor version',
      { ...snapshot, schemaVersion: '0.9', list: { ...list, colour: 'red' } },
      { kind: 'valid', form: 'snapshot', schemaVersion: '0.9', unknown: ['/list/colour'] },
    ],
    ['a snapshot of a newer major version', { ...snapshot, schemaVersion: '2.0' }, { kind: 'newer', form: 'snapshot', schemaVersion: '2.0', problems: [{ line: 2 }] }],
    [
      'a snapshot with a misspelled key in its list',
      { ...snapshot, list: { ...list, fileCont: 1 } },
      { kind: 'invalid', form: 'snapshot', problems: [{ pointer: '/list/fileCont', line: 14, message: 'the key "fileCont" is not known here', hint: 'did you mean fileCount?' }] },
    ],
    [
      'a snapshot that lacks its list',
      { ...withoutList, takenAt: 'yesterday' },
      {
        kind: 'invalid',
        form: 'snapshot',
        problems: [
          { pointer: '', line: 1, message: 'the key list is missing' },
          { pointer: '/takenAt', line: 3, message: expect.stringMatching(/^"yesterday" does not have the right form/) },
        ],
      },
    ],
    [
      'an erasure without version, with a misspelled key',
      { ...erasure, schemaVersion: undefined, reasn: 'x' },
      {
        kind: 'invalid',
        form: 'erasure',
        problems: [
          { pointer: '', message: 'the key schemaVersion is missing' },
          { pointer: '/reasn', message: 'the key "reasn" is not known here', hint: 'did you mean reason?' },
        ],
      },
    ],
    ['a manifest with a stray key of a snapshot', { ...manifest, list }, { kind: 'invalid', form: 'manifest', problems: [{ pointer: '/list' }] }],
    ['a version alone', { schemaVersion: '0.1' }, { kind: 'invalid', form: 'manifest' }],
  ])('tells of %s', async (_, document, expected) => {
    expect(await validateFiles([write('document.json', pretty(document))])).toMatchObject([expected]);
  });

  it('does not read a file of 100 MB into memory', async () => {
    const path = write('huge.json', '{');
    truncateSync(path, 100 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    expect(await validateFiles([path])).toMatchObject([{ kind: 'unreadable', because: expect.stringMatching(/it has 100 MiB; at most 16(\.0)? MiB are read/) }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });

  it('goes on after a file that cannot be read', async () => {
    expect((await validateFiles([join(folder, 'missing.json'), write('m2.json', text)])).map(({ kind }) => kind)).toEqual(['unreadable', 'valid']);
  });
});
