import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

const EXAMPLE = `import { compare, ERROR_CODES, record, verify } from 'trainlock';
import schema from 'trainlock/schema/manifest/v0.schema.json' with { type: 'json' };

const workingDirectory = process.cwd();
const recorded = await record({ workingDirectory, command: ['sh', '-c', 'echo trained > model.txt'], output: 'discard' });
const verdict = await verify({ workingDirectory, reference: 'last' });
console.log(recorded.exit.code, verdict.kind, typeof compare, Object.keys(ERROR_CODES).length > 0, schema.type);
`;

// The package's dependencies come from the registry: the full stack is where that may be asked for.
describe.runIf(process.env['TRAINLOCK_TEST_STACK'] === 'full')('the npm package', () => {
  const base = mkdtempSync(join(tmpdir(), 'trainlock-package-'));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const npm = (words: readonly string[], cwd: string): string => execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  let files: readonly string[] = [];

  beforeAll(() => {
    const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', base], '.')) as [
      { readonly filename: string; readonly files: readonly { readonly path: string }[] },
    ];
    files = packed.files.map((file) => file.path);
    writeFileSync(join(base, 'package.json'), '{ "private": true, "type": "module" }');
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', join(base, packed.filename)], base);
  }, 600_000);

  it('has its licence, schemas and shim, and no tests, caches or wheels', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'schema/manifest/v0.schema.json',
        'python/shim/sitecustomize.py',
        'python/content/content_digest.py',
        'dist/index.d.ts',
        'dist/bin/THIRD-PARTY-NOTICES.txt',
      ]),
    );
    expect(files.filter((path) => /__pycache__|\.pyc$|\.test\.|\.whl$|^(src|test|python\/tests)\//.test(path))).toEqual([]);
  });

  it('has the licences of what is bundled in it, and none that is copyleft', () => {
    const notices = readFileSync('dist/bin/THIRD-PARTY-NOTICES.txt', 'utf8');
    const packages = [...notices.matchAll(/^(\S+) \d\S* \((.+)\)$/gm)].map(([, name, licence]) => ({ name, licence }));
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['yaml', 'picomatch', 'smol-toml', 'apache-arrow', 'pg', '@aws-sdk/client-s3']));
    expect(new Set(packages.map(({ licence }) => licence))).toEqual(new Set(['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT']));
    expect(notices).toContain('Copyright Eemeli Aro');
  });

  it('is a command line', () => {
    expect(execFileSync(join(base, 'node_modules/.bin/trainlock'), ['--version'], { encoding: 'utf8' })).toBe(`trainlock ${version}\n`);
  });

  it('is a library', () => {
    writeFileSync(join(base, 'example.mjs'), EXAMPLE);
    expect(execFileSync(process.execPath, ['--no-warnings', 'example.mjs'], { cwd: base, encoding: 'utf8' })).toBe('0 proven function true object\n');
  });
});
