import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { makeProject } from '../harness/project.ts';

/** A program of somebody else, with the built library. */
const PROGRAM = `
import { compare, readManifest, record, replay, sign, TrainlockError, validate, verify } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const workingDirectory = process.argv[2];
const place = { workingDirectory, env: process.env };
const runs = [];
for (const purpose of ['first', 'second']) runs.push(await record({ ...place, command: ['python', 'train.py'], purpose, tags: { team: 'vision' }, output: 'discard' }));
const bytes = runs.map(({ run }) => readFileSync(join(run.folder, 'manifest.json')));
const readings = bytes.map((one) => readManifest(one));
const comparison = compare(readings.map((reading) => reading.value));
const verdict = await verify({ ...place, reference: 'last' });
const withData = await verify({ ...place, reference: 'last', question: { data: true } });
const signed = await sign(place);
const replayed = await replay({ ...place, reference: 'last~1' });
const refused = await verify({ ...place, reference: 'nobody' }).catch((error) => error);
console.log(JSON.stringify({
  exits: runs.map(({ exit }) => exit.code),
  purposes: readings.map((reading) => reading.value.run.purpose),
  digests: runs.map(({ record }) => record.sha256.length),
  valid: validate(bytes[0]).kind,
  invalid: validate(Buffer.from('{')).kind,
  verdict: verdict.kind,
  seals: runs.map(({ seal }) => [seal.kind, seal.logged.kind]),
  signedNow: signed.runs.length,
  withData: withData.kind,
  comparison: comparison.verdict,
  seed: comparison.causes.some((cause) => cause.class === 'seed'),
  outcome: replayed.outcome.kind,
  refused: [refused instanceof TrainlockError, refused.code],
}));
`;

it('what the command line does, another program can do', () => {
  const project = makeProject({ 'train.py': 'import random\nopen("a.txt", "w").write(str(random.random()))\n', '../program.mjs': PROGRAM });
  const answer = spawnSync(process.execPath, ['../program.mjs', project.folder], { cwd: project.folder, env: project.env, encoding: 'utf8' });
  expect(answer.stderr).toBe('');
  expect(JSON.parse(answer.stdout)).toEqual({
    exits: [0, 0],
    purposes: ['first', 'second'],
    digests: [64, 64],
    valid: 'valid',
    invalid: 'invalid',
    verdict: 'proven',
    seals: [
      ['signed', 'entered'],
      ['signed', 'entered'],
    ],
    signedNow: 0,
    withData: 'undecided', // there is no data: an empty set never passes
    comparison: 'different',
    seed: true,
    outcome: 'identical',
    refused: [true, 'TL0301'],
  });
});

/** The same for data. */
const DATA_PROGRAM = `
import { compareData, readSnapshot, snapshot, TrainlockError, verifyData } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const place = { workingDirectory: process.argv[2], env: process.env };
const first = await snapshot({ ...place, path: 'data', name: 'first', profile: true, keep: true, ignore: ['*.tmp'] });
const again = await snapshot({ ...place, path: 'data', ignore: ['*.tmp'] });
const before = await verifyData({ ...place, data: 'first' });
writeFileSync(join(place.workingDirectory, 'data/train.csv'), 'id,age,note\\n1,20,x\\n2,99,y\\n');
const difference = await compareData({ ...place, before: 'first', after: 'data/', values: true });
const files = await compareData({ ...place, before: 'first', after: 'last', filesOnly: true });
const verified = [before, await verifyData({ ...place, data: 'first' }), await verifyData({ ...place, data: 'first', only: ['train.csv'] })].map(({ kind }) => kind);
const codes = [];
for (const attempt of [() => snapshot({ ...place, path: 'data', name: 'last' }), () => snapshot({ ...place, path: 'data', ignore: ['['] }), () => snapshot({ ...place, path: 'nowhere' }), () => compareData({ ...place, before: 'nobody', after: 'last' })])
  codes.push(await attempt().then(() => 'none', (error) => (error instanceof TrainlockError ? error.code : String(error))));
const reading = readSnapshot(readFileSync(first.path));
console.log(JSON.stringify({
  files: first.snapshot.list.fileCount,
  columns: first.snapshot.tables[0].columns.map(({ name, detail }) => [name, detail ?? 'full']),
  kept: first.kept.kept,
  sameList: again.snapshot.list.sha256 === first.snapshot.list.sha256,
  read: reading.kind === 'accepted' && reading.value.name,
  rejected: readSnapshot(Buffer.from('{"schemaVersion":"0.1"}')).kind,
  verdict: difference.verdict,
  rows: difference.tables[0].rows,
  same: files.verdict,
  verified,
  codes,
}));
`;

it('data is recorded and compared as on the command line, with what is declared', () => {
  const project = makeProject({
    'trainlock.yaml': 'version: 0\ndata:\n  all:\n    path: data\n    key: [id]\n    columns:\n      note: off\n',
    'data/train.csv': 'id,age,note\n1,20,x\n2,30,y\n',
    'data/left.tmp': '',
    '../data-program.mjs': DATA_PROGRAM,
  });
  const answer = spawnSync(process.execPath, ['../data-program.mjs', project.folder], { cwd: project.folder, env: project.env, encoding: 'utf8' });
  expect(answer.stderr).toBe('');
  expect(JSON.parse(answer.stdout)).toMatchObject({
    files: 1,
    columns: [
      ['id', 'full'],
      ['age', 'full'],
      ['note', 'off'],
    ],
    kept: 1,
    sameList: true,
    read: 'first',
    rejected: 'rejected',
    verdict: 'different',
    rows: { by: { kind: 'key', columns: ['id'] }, changed: 1, same: 1, examples: [{ kind: 'changed', after: 2, cells: [{ column: 'age', before: '30', after: '99' }] }] },
    same: 'same',
    verified: ['same', 'different', 'different'],
    codes: ['TL0001', 'TL0001', 'TL0002', 'TL0811'],
  });
});
