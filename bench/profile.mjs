// The profile of a CSV of 100 MB against DuckDB's own SUMMARIZE, and the content digest. Usage: node bench/profile.mjs [rounds]; needs npm run build.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { interleave, row, timed } from './interleaved.mjs';

const rounds = Number(process.argv[2] ?? 7);
const folder = mkdtempSync(join(tmpdir(), 'trainlock-bench-'));
const csv = join(folder, 'table.csv');
const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
// One thread and a hash of the row number in the place of random(): the same file on every machine.
await connection.run(`COPY (
  SELECT i AS id, h % 90 + 10 AS age, (h % 9973) * 3.25 AS income, CASE WHEN h % 50 = 0 THEN NULL ELSE (h % 100003) / 100003.0 - 0.5 END AS score,
    ['red', 'green', 'blue', 'yellow'][1 + CAST(h % 4 AS INTEGER)] AS colour, md5(CAST(i AS VARCHAR)) AS token, DATE '2020-01-01' + CAST(h % 1000 AS INTEGER) AS day,
    TIMESTAMP '2020-01-01' + to_seconds(CAST(h % 100000000 AS BIGINT)) AS seen, 'some words about number ' || (h % 100000) AS note, h % 3 = 0 AS label
  FROM (SELECT i, CAST('0x' || left(md5(CAST(i AS VARCHAR)), 8) AS UBIGINT) AS h FROM range(1, 720001) t(i))) TO '${csv}' (HEADER)`);
connection.closeSync();
instance.closeSync();

const content = pathToFileURL(resolve('dist/content/index.js')).href;
const open = `import { openTableEngine, profileTables, tableSourcesOf } from ${JSON.stringify(content)};
const opening = await openTableEngine({ folders: [${JSON.stringify(folder)}] });
if (opening.kind !== 'open') throw new Error(opening.reason);
const [source] = tableSourcesOf(${JSON.stringify(folder)}, ['table.csv']);
const must = (table) => { if (table.problem !== undefined) throw new Error(table.problem); };
`;
const programs = {
  summarize: `import { DuckDBInstance } from ${JSON.stringify(import.meta.resolve('@duckdb/node-api'))};
const connection = await (await DuckDBInstance.create()).connect();
await connection.runAndReadAll(${JSON.stringify(`SUMMARIZE SELECT * FROM read_csv('${csv}')`)});`,
  profile: `${open}must((await profileTables(opening.engine, [source], { label: 'label' }))[0]);\nawait opening.engine.close();`,
  both: `${open}must((await profileTables(opening.engine, [source], { label: 'label', digests: true }))[0]);\nawait opening.engine.close();`,
};
for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, `${name}.mjs`), text);
const run = (name) => () => timed([process.execPath, join(folder, `${name}.mjs`)]);

const figures = interleave({ 'SUMMARIZE of DuckDB': run('summarize'), 'profile of the table': run('profile'), 'profile and content digest': run('both') }, rounds);
console.log(`${rounds} rounds in turn, medians, whole processes; the table has ${statSync(csv).size} bytes`);
for (const [name, one] of Object.entries(figures)) console.log(row(name, one, figures['SUMMARIZE of DuckDB']));
rmSync(folder, { recursive: true, force: true });
