import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openTableEngine } from './table-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainlock-engine-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('engine for tables', () => {
  it('is unavailable, with the command that brings it, where DuckDB is not installed', () => {
    const modules = join(folder, 'bare', 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync('node_modules')) if (name !== '@duckdb' && !name.startsWith('.')) symlinkSync(resolve('node_modules', name), join(modules, name));
    cpSync('package.json', join(folder, 'bare/package.json'));
    for (const room of ['base', 'content', 'digest', 'files', 'manifest', 'snapshot']) cpSync(`dist/${room}`, join(folder, 'bare/dist', room), { recursive: true });
    const program = "import { openTableEngine } from './dist/content/index.js'; console.log(JSON.stringify(await openTableEngine()));";
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: join(folder, 'bare'), encoding: 'utf8' });
    expect(JSON.parse(stdout || stderr)).toEqual({ kind: 'unavailable', reason: 'DuckDB is not installed', fix: 'npm install @duckdb/node-api' });
  });

  it('answers statements with values, and leaves nothing behind', async () => {
    const opening = await openTableEngine({ temporaryFolder: folder, threads: 1, memoryBytes: 256 * 1024 ** 2 });
    if (opening.kind !== 'open') throw new Error(opening.reason);
    const { engine } = opening;
    expect(await engine.query('SELECT $1 AS a, upper($2) AS b, 1::BIGINT AS c', [1, 'x'])).toEqual([{ a: 1, b: 'X', c: 1n }]);
    expect(readdirSync(folder).filter((name) => name.startsWith('trainlock-tables-'))).toHaveLength(1);
    await engine.close();
    expect(readdirSync(folder).filter((name) => name.startsWith('trainlock-tables-'))).toHaveLength(0);
  });

  it('spills to disk instead of taking more memory than it may', async () => {
    const opening = await openTableEngine({ temporaryFolder: folder, threads: 2, memoryBytes: 128 * 1024 ** 2 });
    if (opening.kind !== 'open') throw new Error(opening.reason);
    await opening.engine.query('CREATE TABLE big AS SELECT md5(CAST(i AS VARCHAR)) AS h FROM range(8000000) r(i) ORDER BY h');
    expect(await opening.engine.query('SELECT count(*) AS n FROM big')).toEqual([{ n: 8_000_000n }]);
    await opening.engine.close();
  });
});
