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
      () => write('twice.json', text.replace('"schemaVersion": "0.1",', '"schemaVersion": "0.1",\n"schemaVersion": "0.1",')),
      { kind: 'invalid', problems: [{ pointer: '/schemaVersion', line: 3, message: 'the key occurs twice' }] },
    ],
    [
      'a wrong type',
      () => write('type.json', JSON.stringify(edited(manifest, { '/run/command': 'python train.py' }), null, 1)),
      { kind: 'invalid', problems: [{ pointer: '/run/command', message: '"python train.py" must be a list' }] },
    ],
    ['a newer major version', () => write('new.json', JSON.stringify({ schemaVersion: '1.0' })), { kind: 'newer', schemaVersion: '1.0' }],
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
