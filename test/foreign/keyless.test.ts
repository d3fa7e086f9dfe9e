/**
 * Signing with the identity of a job, end to end: the command line as a separate process against Fulcio 1.8.8 (with a certificate
 * authority of the test and a small OIDC issuer), the timestamp authority 2.1.2 (key in memory), Rekor tiles 2.3.0 (a folder) and, in the
 * second group, the log of certificates TesseraCT 0.1.1: each the real server built from its Go module. The trusted root is made by
 * cosign 3.1.3, which also verifies what was signed.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTrustPin } from '#trust';
import { makeTestKey, trustDocument, trustFile } from '../fixtures/trust-files.ts';
import { workflowClaims, workflowIdentity } from '../harness/oidc-issuer.ts';
import { type Answer, makeProject, start, type TestProject } from '../harness/project.ts';
import { certificateLogProgram, sigstorePrograms, type SigstoreServices, startSigstore } from '../harness/sigstore-services.ts';

const programs = sigstorePrograms();

const TRAIN = "open('model.bin', 'wb').write(b'weights')\n";

type CosignAnswer = { readonly accepted: boolean; readonly said: string };

/** Those of the tests that run: they are started and ended by each group. */
let services: SigstoreServices;

/** A project with one run that nobody has signed. */
const recorded = async (): Promise<TestProject> => {
  const project = makeProject({ 'train.py': TRAIN });
  const answer = await start(project, ['run', '--', 'python', 'train.py'], { ...project.env, TRAINLOCK_SIGN: 'off' });
  expect(answer.status).toBe(0);
  return project;
};

const FLAGS = (): readonly string[] => [
  '--keyless',
  '--fulcio-url',
  services.fulcioUrl,
  '--rekor-url',
  services.rekorUrl,
  '--timestamp-url',
  services.timestampUrl,
  '--trusted-root',
  services.trustedRoot,
];

const sign = (project: TestProject, env: Readonly<Record<string, string>>, ...more: readonly string[]): Promise<Answer> =>
  start(project, ['sign', 'last', ...FLAGS(), ...more], { ...project.env, ...env });

const signAs = async (project: TestProject, repository: string): Promise<void> => {
  const answer = await sign(project, { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims(repository)) });
  expect(answer).toMatchObject({ status: 0, stderr: '' });
};

const verify = (project: TestProject, ...more: readonly string[]): Promise<Answer> => start(project, ['verify', 'last', ...more], project.env);

const asked = (repository: string): readonly string[] => [
  '--trusted-root',
  services.trustedRoot,
  '--identity',
  workflowIdentity(repository),
  '--identity-issuer',
  services.issuer.url,
];

const bundlePath = (project: TestProject): string => join(project.runs().at(-1)!, 'statement.sigstore.json');

const bundles = (project: TestProject): readonly string[] =>
  readdirSync(project.runs().at(-1)!, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.sigstore.json'));

const cosign = (project: TestProject, repository: string, artifact = 'model.bin'): Promise<CosignAnswer> =>
  new Promise((answered) => {
    const whose = ['--certificate-identity', workflowIdentity(repository), '--certificate-oidc-issuer', services.issuer.url];
    const how = [
      '--bundle',
      bundlePath(project),
      '--trusted-root',
      services.trustedRoot,
      '--use-signed-timestamps',
      ...(services.hasCertificateLog ? [] : ['--insecure-ignore-sct']),
    ];
    const args = ['verify-blob-attestation', ...how, ...whose, '--type', 'https://trainlock.dev/training-run/v1', artifact];
    execFile(programs!.cosign, args, { cwd: project.folder, env: { PATH: project.env['PATH'], HOME: project.env['HOME'] } }, (error, stdout, stderr) =>
      answered({ accepted: error === null, said: stdout + stderr }),
    );
  });

/** The bundle with one letter of a base64 text changed, `at` letters behind a member's beginning. */
const letter =
  (member: string, at: number) =>
  (bundle: string): string =>
    bundle.replace(new RegExp(`("${member}":"[^"]{${at}})(.)`), (_, head: string, old: string) => `${head}${old === 'A' ? 'B' : 'A'}`);

describe.skipIf(programs === undefined)('the identity of a job', () => {
  beforeAll(async () => {
    services = await startSigstore(programs!);
  });
  afterAll(() => services?.stop());

  it('signs a record, and trainlock and cosign agree whose it is', async () => {
    const project = await recorded();
    const answer = await sign(project, { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model')) });
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect(answer.stdout).toContain(`as ${workflowIdentity('lab/model')} (vouched for by ${services.issuer.url})`);
    const verified = await verify(project, ...asked('lab/model'), '--time');
    expect(verified).toMatchObject({ status: 0 });
    expect(verified.stdout).toContain(`by ${workflowIdentity('lab/model')} over these bytes, with a certificate that counted when it signed`);
    expect(await cosign(project, 'lab/model')).toMatchObject({ accepted: true });
    project.write({ 'other.bin': 'other weights' });
    expect(await cosign(project, 'lab/model', 'other.bin')).toMatchObject({ accepted: false, said: expect.stringContaining('do not match digests in statement') });
    const { verificationMaterial: material } = JSON.parse(readFileSync(bundlePath(project), 'utf8')) as {
      readonly verificationMaterial: Readonly<Record<string, readonly unknown[]>>;
    };
    expect([material['tlogEntries']?.length, (material['timestampVerificationData'] as unknown as { rfc3161Timestamps: unknown[] }).rfc3161Timestamps.length]).toEqual([1, 1]);
  });

  it('asks the runner of GitHub Actions for a token, and for the audience sigstore only', async () => {
    const project = await recorded();
    const { url, secret, asked: audiences } = services.issuer.runner;
    expect(await sign(project, { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret })).toMatchObject({ status: 0 });
    expect(audiences).toEqual(['sigstore']);
    expect(await verify(project, ...asked('lab/model'))).toMatchObject({ status: 0 });
  });

  it('is not known without a trusted root, and does not count without a word of anybody', async () => {
    const project = await recorded();
    await signAs(project, 'lab/model');
    const unknown = await verify(project);
    expect(unknown).toMatchObject({ status: 3 });
    expect(unknown.stdout).toContain('no trust root for certificates is at hand');
    const uncounted = await verify(project, '--trusted-root', services.trustedRoot);
    expect(uncounted).toMatchObject({ status: 3 });
    expect(uncounted.stdout).toContain(`nothing here says that the identity ${workflowIdentity('lab/model')} (vouched for by ${services.issuer.url}) counts`);
  });

  describe('that is not the right one', () => {
    const attempts: readonly (readonly [string, () => { readonly env: Readonly<Record<string, string>>; readonly flags?: readonly string[] }, string])[] = [
      [
        'E03 a token for another audience',
        () => ({ env: { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model', { aud: 'registry.example' })) } }),
        'the identity token is for registry.example, not for sigstore',
      ],
      [
        'E03 a token that has expired',
        () => ({ env: { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model', { exp: 1_700_000_000 })) } }),
        'the identity token has expired at 2023-11-14T22:13:20Z',
      ],
      [
        'E03 a token of an issuer that was not meant',
        () => ({ env: { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model')) }, flags: ['--identity-issuer', 'https://token.example'] }),
        'not by https://token.example',
      ],
      [
        'E03 a token of an issuer that the authority does not know',
        () => ({ env: { SIGSTORE_ID_TOKEN: services.stranger.token(workflowClaims('lab/model')) } }),
        'the certificate authority refuses (HTTP status 400): There was an error processing the identity token',
      ],
      [
        'E03 a token that somebody else has signed',
        () => ({ env: { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model'), { forged: true }) } }),
        'the certificate authority refuses (HTTP status 400): There was an error processing the identity token',
      ],
      ['E03 a token that is none', () => ({ env: { SIGSTORE_ID_TOKEN: 'secret-that-is-no-token' } }), 'the identity token is not a JWT'],
      ['E03 no token at all', () => ({ env: {} }), 'there is no identity to sign with'],
    ];

    it.each(attempts)('%s signs nothing', async (_, attempt, sentence) => {
      const project = await recorded();
      const { env, flags = [] } = attempt();
      const answer = await sign(project, env, ...flags);
      expect(answer).toMatchObject({ status: 2 });
      expect(answer.stderr).toContain(sentence);
      expect(bundles(project)).toEqual([]);
      const { SIGSTORE_ID_TOKEN: secret = 'nothing' } = env;
      expect(answer.stdout + answer.stderr).not.toContain(secret);
    });

    it('E03 a fork gets a certificate of its own, and neither trainlock nor cosign takes it for the repository', async () => {
      const project = await recorded();
      await signAs(project, 'stranger/model');
      const answer = await verify(project, ...asked('lab/model'));
      expect(answer).toMatchObject({ status: 1 });
      expect(answer.stdout).toContain(`the identity ${workflowIdentity('stranger/model')} (vouched for by ${services.issuer.url}) is not the one that you named`);
      expect(await cosign(project, 'lab/model')).toMatchObject({ accepted: false, said: expect.stringContaining('no matching CertificateIdentity found') });
      expect(await cosign(project, 'stranger/model')).toMatchObject({ accepted: true });
    });

    const NOT_NAMES = { 'B09 a pattern': 'https://github.com/lab/.*', 'B09 a part of the name': 'https://github.com/lab/model', 'B09 an empty name': '' };

    it('B09 is compared letter for letter: a pattern, a part or an empty name fit nobody', async () => {
      const project = await recorded();
      await signAs(project, 'lab/model');
      for (const [name, identity] of Object.entries(NOT_NAMES)) {
        const answer = await verify(project, '--trusted-root', services.trustedRoot, '--identity', identity, '--identity-issuer', services.issuer.url);
        expect(answer, name).toMatchObject({ status: 1 });
        expect(answer.stdout, name).toContain('is not the one that you named');
      }
    });
  });

  it('counts where the trust file lists it, and a fork does not', async () => {
    const root = makeTestKey();
    const [listed, fork] = [await recorded(), await recorded()];
    await signAs(listed, 'lab/model');
    await signAs(fork, 'stranger/model');
    const signers = [
      {
        name: 'the training workflow',
        kind: 'service' as const,
        identities: [{ issuer: services.issuer.url, subject: workflowIdentity('lab/model') }],
        roles: ['signer' as const],
        statementTypes: ['https://trainlock.dev/training-run/v1'],
      },
    ];
    for (const project of [listed, fork]) {
      mkdirSync(join(project.folder, '.trainlock'), { recursive: true });
      writeFileSync(join(project.folder, '.trainlock/trust.json'), trustFile(trustDocument([root], { signers }), [root]));
      mkdirSync(join(project.env['HOME']!, '.config/trainlock'), { recursive: true });
      writeFileSync(
        join(project.env['HOME']!, '.config/trainlock/trust-pin.json'),
        writeTrustPin({ threshold: 1, roots: [{ keyId: root.keyId, name: 'root', key: root.publicKey }] }),
      );
    }
    const [yes, no] = [await verify(listed, '--trusted-root', services.trustedRoot), await verify(fork, '--trusted-root', services.trustedRoot)];
    expect(yes).toMatchObject({ status: 0 });
    expect(yes.stdout).toContain('of the training workflow may sign');
    expect(no).toMatchObject({ status: 1 });
    expect(no.stdout).toContain(`the identity ${workflowIdentity('stranger/model')} (vouched for by ${services.issuer.url}) is not in version 1 of the trust file`);
  });

  it('is proven by neither trainlock nor cosign once something was changed', async () => {
    const project = await recorded();
    await signAs(project, 'lab/model');
    const signed = readFileSync(bundlePath(project), 'utf8');
    const changes: Readonly<Record<string, (bundle: string) => string>> = {
      'a byte of the statement': letter('payload', 40),
      'a byte of the signature': letter('sig', 20),
      'a byte of the certificate': letter('certificate":{"rawBytes', 600),
      'a byte of the entry': letter('canonicalizedBody', 200),
      'a byte of the checkpoint': letter('envelope', 24),
      'a byte of the time': letter('signedTimestamp', 300),
      'the time, taken away': (bundle) => bundle.replace(/,"timestampVerificationData":\{.*?\]\}/, ''),
      'the entry, taken away': (bundle) => bundle.replace(/"tlogEntries":\[.*?\](?=,"timestampVerificationData")/, '"tlogEntries":[]'),
    };
    for (const [name, change] of Object.entries(changes)) {
      expect(change(signed), name).not.toBe(signed);
      writeFileSync(bundlePath(project), change(signed), { mode: 0o600 });
      expect([1, 3], name).toContain((await verify(project, ...asked('lab/model'))).status);
      expect(await cosign(project, 'lab/model'), name).toMatchObject({ accepted: false });
    }
    writeFileSync(bundlePath(project), signed, { mode: 0o600 });
    expect(await verify(project, ...asked('lab/model'))).toMatchObject({ status: 0 });
    expect(await cosign(project, 'lab/model')).toMatchObject({ accepted: true });
  });

  it('is refused here where the bundle and its checkpoint state different logs; cosign reads the checkpoint alone', async () => {
    const project = await recorded();
    await signAs(project, 'lab/model');
    const signed = readFileSync(bundlePath(project), 'utf8');
    const changes: readonly (readonly [string, string])[] = [
      ['the proof is about a log of another size than its checkpoint', signed.replace(/"treeSize":"([0-9]+)"/, (_, size: string) => `"treeSize":"${Number(size) + 1}"`)],
      ['the proof leads to another root than that of its checkpoint', letter('rootHash', 20)(signed)],
    ];
    for (const [because, changed] of changes) {
      writeFileSync(bundlePath(project), changed, { mode: 0o600 });
      const answer = await verify(project, ...asked('lab/model'));
      expect(answer).toMatchObject({ status: 1 });
      expect(answer.stdout).toContain(because);
      expect(await cosign(project, 'lab/model')).toMatchObject({ accepted: true });
    }
  });

  it('is not used where what the services answer does not hold against the trusted root', async () => {
    const project = await recorded();
    const other = join(project.folder, 'other_root.json');
    const root = JSON.parse(readFileSync(services.trustedRoot, 'utf8')) as { timestampAuthorities: unknown[]; certificateAuthorities: unknown[] };
    writeFileSync(other, JSON.stringify({ ...root, certificateAuthorities: [] }));
    const answer = await sign(project, { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model')) }, '--trusted-root', other);
    expect(answer).toMatchObject({ status: 2 });
    expect(answer.stderr).toContain('what the services answer does not hold against the trusted root');
    expect(bundles(project)).toEqual([]);
  });

  it('signs nothing where the root demands the promise of a log of certificates, and the authority brings none', async () => {
    const project = await recorded();
    const root = JSON.parse(readFileSync(services.trustedRoot, 'utf8')) as { readonly tlogs: readonly { readonly publicKey: object }[] };
    const ctlogs = [{ ...root.tlogs[0], baseUrl: 'https://certificates.test' }];
    writeFileSync(join(project.folder, 'demanding_root.json'), JSON.stringify({ ...root, ctlogs }));
    const answer = await sign(project, { SIGSTORE_ID_TOKEN: services.issuer.token(workflowClaims('lab/model')) }, '--trusted-root', 'demanding_root.json');
    expect(answer).toMatchObject({ status: 2 });
    expect(answer.stderr).toContain('certificate-log: the bundle shows no log of certificates that counts here');
    expect(bundles(project)).toEqual([]);
  });
});

const certificateLog = certificateLogProgram();

describe.skipIf(programs === undefined || certificateLog === undefined)('the identity of a job, whose certificates go into a log', () => {
  beforeAll(async () => {
    services = await startSigstore(programs!, certificateLog);
  });
  afterAll(() => services?.stop());

  type Root = { readonly ctlogs: { publicKey: { rawBytes: string } }[] };

  /** A file with the trusted root, changed. */
  const otherRoot = (project: TestProject, change: (root: Root) => void): string => {
    const root = JSON.parse(readFileSync(services.trustedRoot, 'utf8')) as Root;
    change(root);
    const path = join(project.folder, 'other_root.json');
    writeFileSync(path, JSON.stringify(root));
    return path;
  };

  it('signs a record, and trainlock and cosign demand and find the promise of the log', async () => {
    const project = await recorded();
    await signAs(project, 'lab/model');
    expect(await verify(project, ...asked('lab/model'))).toMatchObject({ status: 0 });
    expect(await cosign(project, 'lab/model')).toMatchObject({ accepted: true });
    const root = otherRoot(project, ({ ctlogs }) => {
      ctlogs[0]!.publicKey.rawBytes = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    });
    const answer = await verify(project, ...asked('lab/model'), '--trusted-root', root);
    expect(answer).toMatchObject({ status: 1 });
    expect(answer.stdout).toContain('the promise of the log of certificates https://certificates.test does not hold');
  });
});
