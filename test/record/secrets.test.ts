import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeProject } from '../harness/project.ts';

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));

const secret = (): string => randomBytes(15).toString('base64url');
const many = (count: number, make: (value: string, index: number) => string): { readonly text: readonly string[]; readonly values: readonly string[] } => {
  const values = Array.from({ length: count }, secret);
  return { values, text: values.map(make) };
};

describe('secrets', () => {
  it('E02 planted in 200 places are in no file of the store', () => {
    const names = ['API_KEY', 'DB_PASSWORD', 'AUTH_TOKEN', 'CLIENT_SECRET', 'PRIVATE_KEY', 'ACCESS_TOKEN', 'MYSQL_PWD', 'SERVICE_APIKEY', 'SESSION_TOKEN', 'AWS_SECRET_ACCESS_KEY'];
    const variables = many(40, (value, index) => `${['', 'MY_', 'TEAM_', 'PROD_'][index % 4]}${names[index % names.length]}${index}=${value}`);
    const args = many(
      30,
      (value, index) => ([`--api-key=${value}`, `--password=${value}`, `--token=${value}`, `--client-secret=${value}`, `API_TOKEN=${value}`] as const)[index % 5]!,
    );
    const urls = many(
      20,
      (value, index) => [`postgres://ann:${value}@db.example.com/x`, `https://example.com/d?access_token=${value}`, `https://user:${value}@example.com/data.csv`][index % 3]!,
    );
    const dotenv = many(20, (value, index) => `${names[index % names.length]}_${index}=${value}`);
    const source = many(20, (value, index) => `${names[index % names.length]!.toLowerCase()}_${index} = "${value}"`);
    const patch = many(20, (value, index) => `password_${index} = "${value}"`);
    const printed = many(30, (value, index) => [`Authorization: Bearer ${value}`, `password: ${value}`, `api_key=${value}`][index % 3]!);
    const configuration = many(20, (value, index) => `  ${names[index % names.length]!.toLowerCase()}_${index}: ${value}`);
    const all = [...variables.values, ...args.values, ...urls.values, ...dotenv.values, ...source.values, ...patch.values, ...printed.values, ...configuration.values];
    expect(all).toHaveLength(200);

    const project = makeProject({
      'train.py': `import json, pathlib, sys\npathlib.Path("config.yaml").read_text()\npathlib.Path(".env").read_text()\nimport settings\nfor line in json.load(open("messages.json")): print(line)\nfor line in json.load(open("messages.json")): print(line, file=sys.stderr)\nopen("model.txt", "w").write("ok")\n`,
      'tracked.py': 'x = 1\n',
      'settings.py': `${source.text.join('\n')}\n`,
      'config.yaml': `service:\n${configuration.text.join('\n')}\n`,
      '.env': `${dotenv.text.join('\n')}\n`,
      'messages.json': JSON.stringify(printed.text),
    });
    const git = (...words: readonly string[]) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...words], { cwd: project.folder, env: project.env });
    git('init', '-q');
    git('add', 'train.py', 'tracked.py');
    git('commit', '-qm', 'x');
    project.write({ 'tracked.py': `x = 1\n${patch.text.join('\n')}\n` });
    const env = { ...project.env, ...Object.fromEntries(variables.text.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
    expect(project.trainlock(['run', '--why', `because ${urls.text[0]}`, '--', 'python', 'train.py', ...args.text, ...urls.text], { env })).toMatchObject({ status: 0 });
    expect(project.trainlock(['show', 'last'], { env }).status).toBe(0);

    const leaks = filesBelow(join(project.folder, '.trainlock')).flatMap((file) => {
      const text = readFileSync(file, 'latin1');
      return all.filter((value) => text.includes(value)).map((value) => `${file}: ${value}`);
    });
    expect(leaks).toEqual([]);
    expect(project.manifest().capture.maskings).toBeGreaterThan(50);
    expect(project.manifest().outputs.map((output) => output.path)).toEqual(['${project}/model.txt']);
  });

  it('of many lines, printed across the blocks in which output is read, are not kept', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const project = makeProject({
      'key.pem': privateKey,
      'train.py': 'import sys\nkey = open("key.pem").read()\nfor before in (800, 400): sys.stdout.write("x" * 63 + "\\n" * (2**20 - before - 63) + key)\n',
    });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const lines = privateKey.split('\n').filter((line) => line.length > 40);
    for (const file of filesBelow(join(project.folder, '.trainlock'))) {
      const text = readFileSync(file, 'latin1');
      expect(
        lines.filter((line) => text.includes(line)),
        file,
      ).toEqual([]);
    }
    expect(project.manifest().logs.output?.[0]).toMatchObject({ stream: 'stdout', maskings: 2 });
  });

  it('of the entropy root lie apart and only for their owner', () => {
    const project = makeProject({ 'train.py': 'import random\nprint(random.random())\n' });
    project.trainlock(['run', '--', 'python', 'train.py']);
    const [root] = filesBelow(join(project.folder, '.trainlock/roots'));
    expect(statSync(root!).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(root!);
    for (const file of filesBelow(project.runs()[0]!)) {
      const content = readFileSync(file);
      expect(content.includes(bytes) || content.includes(bytes.toString('hex')) || content.includes(bytes.toString('base64')), file).toBe(false);
    }
  });
});
