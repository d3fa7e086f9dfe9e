import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { makeProject } from '../harness/project.ts';

/** A program of somebody else, with the built library. */
const PROGRAM = `
import { compare, readManifest, record, replay, TrainlockError, validate, verify } from ${JSON.stringify(pathToFileURL(resolve('dist/index.js')).href)};
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
const replayed = await replay({ ...place, reference: 'last~1' });
const refused = await verify({ ...place, reference: 'nobody' }).catch((error) => error);
console.log(JSON.stringify({
  exits: runs.map(({ exit }) => exit.code),
  purposes: readings.map((reading) => reading.value.run.purpose),
  digests: runs.map(({ record }) => record.sha256.length),
  valid: validate(bytes[0]).kind,
  invalid: validate(Buffer.from('{')).kind,
  verdict: verdict.kind,
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
    withData: 'undecided', // there is no data: an empty set never passes
    comparison: 'different',
    seed: true,
    outcome: 'identical',
    refused: [true, 'TL0301'],
  });
});
