import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRequest, certificateFolder, makeCertificate, startTimeServer, type TestCertificate, type TimeServer } from '../harness/time-authority.ts';
import { makeProject, type TestProject } from '../harness/project.ts';

const TRAIN = { 'train.py': 'open("model.bin", "w").write("weights")\nprint("done")\n' };

const started = async (
  project: TestProject,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> => {
  const child = project.start(args, { env: { ...project.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, stdout, stderr };
};

const run = (project: TestProject, env: Readonly<Record<string, string>> = {}) => started(project, ['run', '--', 'python', 'train.py'], env);

describe('bad luck with keys', () => {
  const encrypted = (project: TestProject): void => {
    const made = project.trainlock(['keys', 'new', 'team', '--encrypt'], { env: { ...project.env, TRAINLOCK_PASSPHRASE: 'right' } });
    expect(made.status, made.stderr).toBe(0);
  };

  it.each<[string, (project: TestProject) => Readonly<Record<string, string>>, RegExp]>([
    ['no key of that name', () => ({ TRAINLOCK_KEY: 'nobody' }), /there is no key with the name nobody/],
    ['a wrong passphrase', (project) => (encrypted(project), { TRAINLOCK_KEY: 'team', TRAINLOCK_PASSPHRASE: 'wrong' }), /passphrase/],
    ['no passphrase, and nobody to ask', (project) => (encrypted(project), { TRAINLOCK_KEY: 'team' }), /passphrase/],
    ['no home and no other place for keys', () => ({ XDG_CONFIG_HOME: '/proc/1/nothing' }), /cannot|could not|keys/i],
    ['a file in place of the folder of keys', (project) => (writeFileSync(join(project.env['HOME']!, '.config'), ''), {}), /cannot|keys|folder/i],
    ['a key of zero bytes', (project) => (writeKey(project, ''), {}), /default/],
    ['a key that is a folder', (project) => (mkdirSync(join(keysOf(project), 'default.key'), { recursive: true }), {}), /default/],
    ['a token that is not there', () => ({ TRAINLOCK_KEY: 'pkcs11:token=x;object=y?module-path=/nowhere/lib.so' }), /pkcs11|module|library|token/i],
    ['a server that is not there', () => ({ TRAINLOCK_KEY: 'vault://x', VAULT_ADDR: 'http://127.0.0.1:9', VAULT_TOKEN: 't' }), /vault/i],
  ])('%s: the program runs as ever, the record is kept without a signature, and sign completes it', async (_, spoil, because) => {
    const project = makeProject(TRAIN);
    const env = spoil(project);
    const answer = await run(project, env);
    expect(answer).toMatchObject({ status: 0, stdout: 'done\n' });
    expect(answer.stderr).toMatch(/^ {2}not signed +/m);
    expect(answer.stderr).toMatch(because);
    const [folder] = project.runs();
    expect(existsSync(join(folder!, 'statement.json'))).toBe(true);
    expect(existsSync(join(folder!, 'statement.sigstore.json'))).toBe(false);
    expect(project.trainlock(['verify', 'last']).status).toBe(3);
    expect(project.trainlock(['verify', 'last', '--intact']).status).toBe(0);
    rmSync(join(project.env['HOME']!, '.config'), { recursive: true, force: true });
    expect(project.trainlock(['sign'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
  });

  const keysOf = (project: TestProject): string => join(project.env['HOME']!, '.config/trainlock/keys');
  const writeKey = (project: TestProject, text: string): void => {
    mkdirSync(keysOf(project), { recursive: true });
    writeFileSync(join(keysOf(project), 'default.key'), text, { mode: 0o600 });
    writeFileSync(join(keysOf(project), 'default.json'), '{}');
  };

  it('a new home each time, as in containers: each record has the key that was made then, and says so', async () => {
    const project = makeProject(TRAIN);
    for (const name of ['a', 'b']) {
      mkdirSync(join(project.folder, '..', name));
      const answer = await run(project, { HOME: join(project.folder, '..', name) });
      expect(answer.stderr).toMatch(/^ {2}signed +by the key [0-9a-f]{12}… of this user, which was made now: trainlock keys list$/m);
    }
    expect(project.trainlock(['verify', 'last']).status).toBe(3);
    expect(project.trainlock(['verify', 'last', '--key', join(project.runs().at(-1)!, 'signer.pub')]).status).toBe(0);
  });
});

describe('bad luck with the log', () => {
  it.each<[string, (project: TestProject) => Readonly<Record<string, string>>]>([
    ['a folder that cannot be made', () => ({ XDG_STATE_HOME: '/proc/1/nothing' })],
    ['a file in its place', (project) => (writeFileSync(join(project.env['HOME']!, 'state'), ''), { XDG_STATE_HOME: join(project.env['HOME']!, 'state') })],
    [
      'a link to nowhere',
      (project) => {
        mkdirSync(join(project.env['HOME']!, 'state/trainlock'), { recursive: true });
        symlinkSync('/nowhere/at/all', join(project.env['HOME']!, 'state/trainlock/logs'));
        return { XDG_STATE_HOME: join(project.env['HOME']!, 'state') };
      },
    ],
  ])('%s: the record is signed, its leaf waits, and log enter takes it in', async (_, spoil) => {
    const project = makeProject(TRAIN);
    const answer = await run(project, spoil(project));
    expect(answer).toMatchObject({ status: 0, stdout: 'done\n' });
    expect(answer.stderr).toMatch(/^ {2}signed +by the key/m);
    expect(answer.stderr).toMatch(/^ {2}not logged +/m);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
    expect(project.trainlock(['verify', 'last', '--log'])).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/^log +unknown {2}its leaf still waits for the log: trainlock log enter$/m) as string,
    });
    expect(project.trainlock(['log', 'enter'])).toMatchObject({ status: 0 });
    expect(project.trainlock(['verify', 'last', '--log']).status).toBe(0);
  });

  it('TRAINLOCK_LOG=off leaves no leaf and no log', async () => {
    const project = makeProject(TRAIN);
    const answer = await run(project, { TRAINLOCK_LOG: 'off' });
    expect(answer.stderr).not.toMatch(/logged/);
    expect(existsSync(join(project.runs()[0]!, 'proofs'))).toBe(false);
    expect(existsSync(join(project.env['HOME']!, '.local/state/trainlock/logs'))).toBe(false);
  });
});

describe('a signed record whose statement was lost', () => {
  it('is brought back from its signature, byte for byte, and is not recorded anew', () => {
    const project = makeProject({ 'train.py': 'open("model.bin", "w").write("x")\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const path = `${project.runs()[0]!}/statement.json`;
    const before = readFileSync(path);
    rmSync(path);
    project.remove('model.bin');
    project.trainlock(['list']);
    project.trainlock(['finish', 'last']);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  const signed = (): { readonly project: TestProject; readonly folder: string; readonly bundle: string; readonly statement: string } => {
    const project = makeProject({ 'train.py': 'open("model.bin", "w").write("x")\n' });
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const folder = project.runs()[0]!;
    const statement = `${folder}/statement.json`;
    return { project, folder, bundle: `${folder}/statement.sigstore.json`, statement };
  };
  /** The bundle over other bytes: nothing about the run is taken from a signature that was not checked, and nothing is made up in its place. */
  const over = (bundle: string, change: (statement: string) => string): void => {
    const value = JSON.parse(readFileSync(bundle, 'utf8')) as { readonly dsseEnvelope: { payload: string } };
    value.dsseEnvelope.payload = Buffer.from(change(Buffer.from(value.dsseEnvelope.payload, 'base64').toString())).toString('base64');
    writeFileSync(bundle, JSON.stringify(value));
  };
  const later = (text: string): string => text.replace('training-run/v1', 'training-run/v2').replace('"schemaVersion":"1.0"', '"schemaVersion":"2.0"');

  it.each<[string, (bundle: string) => void, number, RegExp]>([
    ['whose bundle is cut off', (bundle) => writeFileSync(bundle, readFileSync(bundle).subarray(0, 500)), 1, /TL0304/],
    ['whose bundle is empty', (bundle) => writeFileSync(bundle, ''), 1, /TL0304/],
    ['whose bundle signs something else', (bundle) => over(bundle, () => '{}'), 1, /not the record of a run/],
    ['whose bundle is of another run', (bundle) => over(bundle, (text) => text.replace(/"id":"[0-9a-f]{8}-/, '"id":"00000000-')), 1, /the record of another run/],
    ['whose bundle is of another run, and later', (bundle) => over(bundle, (text) => later(text.replace(/"id":"[0-9a-f]{8}-/, '"id":"00000000-'))), 3, /TL0202/],
    [
      'whose signature is gone, while others lie beside it',
      (bundle) => {
        mkdirSync(join(bundle, '../seals'), { recursive: true });
        writeFileSync(join(bundle, '../seals/slsa-provenance.sigstore.json'), readFileSync(bundle));
        over(join(bundle, '../seals/slsa-provenance.sigstore.json'), () => '{}');
        rmSync(bundle);
      },
      1,
      /TL0304/,
    ],
  ])('%s, gets no second record, neither when it is asked for nor by itself', (_, spoil, status, told) => {
    const { project, bundle, statement } = signed();
    rmSync(statement);
    spoil(bundle);
    const listed = project.trainlock(['list']);
    expect(listed).toMatchObject({ status: 0, stdout: expect.stringMatching(/ interrupted /) as string });
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status, stderr: expect.stringMatching(told) as string });
    expect(existsSync(statement)).toBe(false);
  });

  it.each<[string, (text: string) => string]>([
    ['of a later schema', later],
    ['with a critical field that is not known', (text) => text.replace('"critical":[]', '"critical":["/future"]')],
  ])('%s, is brought back as it is and judged by nobody', (_, change) => {
    const { project, bundle, statement } = signed();
    const before = change(readFileSync(statement, 'utf8'));
    rmSync(statement);
    over(bundle, change);
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 3, stderr: expect.stringMatching(/TL0202/) as string });
    expect(readFileSync(statement, 'utf8')).toBe(before);
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 3, stderr: expect.stringMatching(/TL0202/) as string });
  });

  it('is brought back from a further signature, if the first is gone too', () => {
    const { project, folder, bundle, statement } = signed();
    const before = readFileSync(statement);
    mkdirSync(`${folder}/seals`, { recursive: true });
    writeFileSync(`${folder}/seals/signed-0.sigstore.json`, readFileSync(bundle));
    rmSync(statement);
    rmSync(bundle);
    expect(project.trainlock(['finish', 'last'])).toMatchObject({ status: 0 });
    expect(readFileSync(statement).equals(before)).toBe(true);
  });
});

describe('a time authority', () => {
  const { folder, remove } = certificateFolder();
  let root: TestCertificate;
  let signer: TestCertificate;
  let honest: TimeServer;
  let liar: TimeServer;

  beforeAll(async () => {
    root = makeCertificate(folder, 'root', undefined);
    signer = makeCertificate(folder, 'time authority', root);
    const answer = async (request: Uint8Array) => ({ body: await answerRequest(signer, request) });
    honest = await startTimeServer(answer);
    let earlier: Awaited<ReturnType<typeof answer>> | undefined;
    // Gives everybody the token that it gave to the first.
    liar = await startTimeServer(async (request) => (earlier ??= await answer(request)));
  });
  afterAll(async () => {
    await Promise.all([honest.stop(), liar.stop()]);
    remove();
  });

  const dated = (url: string): TestProject => makeProject({ ...TRAIN, 'trainlock.yaml': `signing:\n  timeAuthorities:\n    - ${url}\n` });

  it('dates every record, and openssl and verify agree on it', async () => {
    const project = dated(honest.url);
    expect(await run(project)).toMatchObject({ status: 0, stdout: 'done\n' });
    writeFileSync(join(project.folder, 'authority.pem'), [signer, root].map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
    const answer = project.trainlock(['verify', 'last', '--time', '--authority', 'authority.pem']);
    expect(answer.stdout).toMatch(/^time +held {2}authority\.pem dates the signature 20/m);
    expect(answer.status).toBe(0);
    expect(project.trainlock(['verify', 'last', '--time'])).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/^time +unknown {2}no time authority is configured$/m) as string,
    });
  });

  it('that lies is found out, and the record is signed without a date', async () => {
    const first = dated(liar.url);
    expect((await run(first)).stderr).not.toMatch(/not dated/);
    const second = dated(liar.url);
    const answer = await run(second);
    expect(answer).toMatchObject({ status: 0, stdout: 'done\n' });
    expect(answer.stderr).toMatch(/^ {2}signed +by the key/m);
    expect(answer.stderr).toMatch(/not dated: http:\/\/127\.0\.0\.1:[0-9]+/);
    expect(second.trainlock(['verify', 'last']).status).toBe(0);
    expect(second.trainlock(['verify', 'last', '--time']).status).toBe(3);
  });

  it('that does not date what sign asks of it is a no, and leaves no second signature', () => {
    const project = makeProject(TRAIN);
    expect(project.trainlock(['run', '--', 'python', 'train.py']).status).toBe(0);
    const answer = project.trainlock(['sign', 'last', '--time', 'http://127.0.0.1:9/']);
    expect(answer).toMatchObject({ status: 1, stdout: expect.stringMatching(/is signed already[^]*not dated: /) as string });
    expect(readdirSync(project.runs()[0]!)).not.toContain('seals');
    expect(project.trainlock(['sign', 'last'])).toMatchObject({ status: 0, stdout: expect.stringContaining('is signed already') as string });
  });

  it('that is down, or never answers, costs seconds and no record', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const project = makeProject({
      ...TRAIN,
      'trainlock.yaml': `signing:\n  timeAuthorities:\n    - http://127.0.0.1:9/\n    - http://127.0.0.1:${(silent.address() as AddressInfo).port}/\n`,
    });
    const answer = await run(project);
    silent.closeAllConnections();
    silent.close();
    expect(answer).toMatchObject({ status: 0, stdout: 'done\n' });
    expect(answer.stderr.match(/not dated: /g)).toHaveLength(2);
    expect(answer.stderr).toMatch(/took longer than 5 s/);
    expect(project.trainlock(['verify', 'last']).status).toBe(0);
    expect(readdirSync(project.runs()[0]!)).toContain('statement.sigstore.json');
  });
});
