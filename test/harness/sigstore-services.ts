import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goTool } from '../foreign/go-tool.ts';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.ts';
import { freePort, listening } from './s3-server.ts';
import { makeCertificate } from './time-authority.ts';
import { timestampServerTurn } from './turn.ts';

/** Programs of Sigstore, built from their Go modules. */
export type SigstorePrograms = { readonly fulcio: string; readonly timestampServer: string; readonly rekor: string; readonly cosign: string };

/** The programs, or undefined, said in a line each, where one of them is not at hand. */
export const sigstorePrograms = (): SigstorePrograms | undefined => {
  const [fulcio, timestampServer, rekor, cosign] = [goTool('fulcio'), goTool('timestamp-server'), goTool('rekor-server-posix'), goTool('cosign')];
  return fulcio === undefined || timestampServer === undefined || rekor === undefined || cosign === undefined ? undefined : { fulcio, timestampServer, rekor, cosign };
};

export type SigstoreServices = {
  readonly folder: string;
  readonly issuer: OidcIssuer;
  /** An issuer that the authority does not know. */
  readonly stranger: OidcIssuer;
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
  readonly timestampUrl: string;
  /** Whether certificates carry the promise of a log. */
  readonly hasCertificateLog: boolean;
  /** The trusted root of these services, made by cosign. */
  readonly trustedRoot: string;
  readonly stop: () => Promise<void>;
};

/** TesseraCT, a log of certificates; undefined where it is not at hand. */
export const certificateLogProgram = (): string | undefined => {
  const path = process.env['TRAINLOCK_TESSERACT'] ?? resolve('.cache/go-tools/tesseract');
  if (existsSync(path)) return path;
  console.warn(`tesseract is not at hand (TRAINLOCK_TESSERACT, built from github.com/transparency-dev/tesseract/cmd/tesseract/posix@v0.1.1): its tests are skipped`);
  return undefined;
};

/** Where things are while the services run. */
type Stage = {
  readonly folder: string;
  readonly programs: SigstorePrograms;
  /** Starts a server and waits until its port answers. */
  readonly start: (name: string, program: string, port: number, args: readonly string[]) => Promise<void>;
};

/** Flags with their values, as Go programs take them. */
const flags = (values: Readonly<Record<string, string | number>>): readonly string[] => Object.entries(values).map(([name, value]) => `--${name}=${value}`);

/**
 * Fulcio with a certificate authority of its own and an OIDC issuer, the timestamp authority with a key in memory, and Rekor tiles over a
 * folder: each the real server, on this machine only. Without a log of certificates Fulcio issues without a promise of one.
 */
export const startSigstore = async (programs: SigstorePrograms, certificateLog?: string): Promise<SigstoreServices> => {
  const endTurn = await timestampServerTurn();
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-sigstore-'));
  const children: ChildProcess[] = [];
  const [issuer, stranger] = [await startOidcIssuer(), await startOidcIssuer()];
  const logOf = (name: string): string => (existsSync(join(folder, `${name}.log`)) ? readFileSync(join(folder, `${name}.log`), 'utf8') : '');
  const stop = async (): Promise<void> => {
    const ended = children.map((child) => new Promise<void>((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done())));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...ended, issuer.stop(), stranger.stop(), endTurn()]);
    rmSync(folder, { recursive: true, force: true });
  };
  const start: Stage['start'] = async (name, program, port, args) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log], env: { PATH: process.env['PATH'], HOME: folder } });
    closeSync(log);
    children.push(child);
    await listening(port, child);
  };
  try {
    const stage: Stage = { folder, programs, start };
    const authority = writeAuthority(folder);
    const promises = certificateLog === undefined ? undefined : await startCertificateLog(stage, certificateLog, authority.path);
    const urls = {
      fulcioUrl: await startFulcio(stage, { issuer: issuer.url, authority, promises }),
      rekorUrl: await startRekor(stage),
      timestampUrl: await startTimeServer(stage),
    };
    return { folder, issuer, stranger, ...urls, trustedRoot: await makeTrustedRoot(stage, urls, promises), hasCertificateLog: promises !== undefined, stop };
  } catch (error) {
    const logs = ['fulcio', 'rekor', 'time', 'certificates'].map((name) => logOf(name).slice(-2000));
    await stop();
    throw new Error([String(error), ...logs].join('\n'), { cause: error });
  }
};

type CertificateLog = { readonly url: string; readonly publicKeyPath: string };
type FulcioSetup = { readonly issuer: string; readonly authority: ReturnType<typeof writeAuthority>; readonly promises: CertificateLog | undefined };

/** Name of the log of certificates; requests are made to it by this name. */
const CERTIFICATE_LOG = 'certificates.test';

const startCertificateLog = async ({ folder, start }: Stage, program: string, roots: string): Promise<CertificateLog> => {
  const port = await freePort();
  const [key, publicKeyPath] = [join(folder, 'certificates.pem'), join(folder, 'certificates.pub')];
  execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key]);
  writeFileSync(publicKeyPath, execFileSync('openssl', ['pkey', '-in', key, '-pubout']));
  mkdirSync(join(folder, 'certificates'));
  const log = { origin: CERTIFICATE_LOG, storage_dir: join(folder, 'certificates'), private_key: key, roots_pem_file: roots, http_endpoint: `127.0.0.1:${port}` };
  await start('certificates', program, port, flags({ ...log, batch_max_age: '20ms', checkpoint_interval: '200ms', enable_publication_awaiter: 'false' }));
  return { url: `http://127.0.0.1:${port}`, publicKeyPath };
};

const startFulcio = async ({ folder, programs, start }: Stage, { issuer, authority: { path, keyPath }, promises }: FulcioSetup): Promise<string> => {
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const config = join(folder, 'fulcio.json');
  writeFileSync(config, JSON.stringify({ OIDCIssuers: { [issuer]: { IssuerURL: issuer, ClientID: 'sigstore', Type: 'github-workflow' } } }));
  const places = { host: '127.0.0.1', port, 'grpc-host': '127.0.0.1', 'grpc-port': grpc, 'metrics-port': metrics, 'legacy-unix-domain-socket': join(folder, 'fulcio.socket') };
  const authority = { ca: 'fileca', 'fileca-cert': path, 'fileca-key': keyPath, 'fileca-key-passwd': 'test', 'fileca-watch': 'false' };
  const promised =
    promises === undefined ? { 'ct-log-url': '' } : { 'ct-log-url': promises.url, 'ct-log-origin': CERTIFICATE_LOG, 'ct-log-public-key-path': promises.publicKeyPath };
  await start('fulcio', programs.fulcio, port, ['serve', ...flags({ ...places, ...authority, ...promised, 'config-path': config })]);
  return `http://127.0.0.1:${port}`;
};

const startRekor = async ({ folder, programs, start }: Stage): Promise<string> => {
  const [port, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
  const key = join(folder, 'rekor.pem');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519', '-out', key]);
  writeFileSync(join(folder, 'rekor.pub'), execFileSync('openssl', ['pkey', '-in', key, '-pubout']));
  mkdirSync(join(folder, 'log'));
  const places = { 'http-address': '127.0.0.1', 'http-port': port, 'grpc-address': '127.0.0.1', 'grpc-port': grpc, 'http-metrics-port': metrics };
  const log = { hostname: LOG_ORIGIN, 'storage-dir': join(folder, 'log'), 'signer-filepath': key, 'batch-max-age': '20ms', 'checkpoint-interval': '200ms' };
  await start('rekor', programs.rekor, port, ['serve', ...flags({ ...places, ...log })]);
  return `http://127.0.0.1:${port}`;
};

/** Name of the log in its checkpoints. */
const LOG_ORIGIN = 'rekor.test';

const startTimeServer = async ({ programs, start }: Stage): Promise<string> => {
  const port = await freePort();
  await start('time', programs.timestampServer, port, ['serve', ...flags({ host: '127.0.0.1', port, 'disable-ntp-monitoring': 'true', 'timestamp-signer': 'memory' })]);
  return `http://127.0.0.1:${port}/api/v1/timestamp`;
};

type Urls = Pick<SigstoreServices, 'fulcioUrl' | 'rekorUrl' | 'timestampUrl'>;

/** The trusted root of these services, written by cosign. */
const makeTrustedRoot = async ({ folder, programs }: Stage, { fulcioUrl, timestampUrl }: Urls, promises: CertificateLog | undefined): Promise<string> => {
  const [path, chain] = [join(folder, 'trusted_root.json'), join(folder, 'time.pem')];
  writeFileSync(chain, await (await fetch(`${timestampUrl}/certchain`)).text());
  const start = `start-time=${new Date(Date.now() - 86_400_000).toISOString().replace(/\.[0-9]+Z$/, 'Z')}`;
  const described = {
    fulcio: `url=${fulcioUrl},certificate-chain=${join(folder, 'fulcio-chain.pem')},${start}`,
    rekor: `url=https://${LOG_ORIGIN},public-key=${join(folder, 'rekor.pub')},${start},origin=${LOG_ORIGIN}`,
    tsa: `url=${timestampUrl},certificate-chain=${chain},${start}`,
    ...(promises === undefined ? {} : { ctfe: `url=https://${CERTIFICATE_LOG},public-key=${promises.publicKeyPath},${start}` }),
  };
  execFileSync(programs.cosign, ['trusted-root', 'create', ...flags({ ...described, out: path })], {
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return path;
};

/** An intermediate that issues to signers, under a root with P-384; its key is encrypted, as Fulcio wants it. */
const writeAuthority = (folder: string): { readonly path: string; readonly keyPath: string } => {
  const root = makeCertificate(folder, 'sigstore root', undefined, { key: 'p384' });
  const issuing = makeCertificate(folder, 'sigstore issuing', root, {
    key: 'p384',
    extensions: [
      'basicConstraints = critical, CA:TRUE, pathlen:0',
      'keyUsage = critical, keyCertSign, cRLSign',
      'extendedKeyUsage = codeSigning',
      'subjectKeyIdentifier = hash',
      'authorityKeyIdentifier = keyid:always',
    ],
  });
  const [path, keyPath] = [join(folder, 'fulcio-chain.pem'), join(folder, 'fulcio-key.pem')];
  writeFileSync(path, readFileSync(issuing.pemPath, 'utf8') + readFileSync(root.pemPath, 'utf8'));
  execFileSync('openssl', ['pkcs8', '-topk8', '-in', issuing.keyPath, '-out', keyPath, '-passout', 'pass:test']);
  return { path, keyPath };
};
