import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, readCertificatePem } from '#seal';

/** A certificate with its key, made by openssl. */
export type TestCertificate = { readonly name: string; readonly folder: string; readonly pemPath: string; readonly keyPath: string; readonly certificate: Certificate };

export type TestKeyKind = 'p256' | 'p384' | 'p521' | 'rsa' | 'ed25519';

export type CertificateOptions = {
  readonly key?: TestKeyKind;
  /** Lines of openssl's configuration. */
  readonly extensions?: readonly string[];
  /** As 20260101000000Z. */
  readonly from?: string;
  readonly until?: string;
  /** Digest of the signature of the certificate. */
  readonly digest?: string;
  /** An existing key instead of a new one. */
  readonly keyPath?: string;
};

const openssl = (args: readonly string[], input?: Uint8Array): Buffer => execFileSync('openssl', [...args], { input: input ?? '', stdio: ['pipe', 'pipe', 'pipe'] });

/** A temporary folder for certificates, and how to remove it. */
export const certificateFolder = (): { readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'trainlock-certificates-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const KEYS: Readonly<Record<TestKeyKind, readonly string[]>> = {
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:named_curve'],
  p384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-pkeyopt', 'ec_param_enc:named_curve'],
  p521: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521', '-pkeyopt', 'ec_param_enc:named_curve'],
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ed25519: ['-algorithm', 'ED25519'],
};

export const ROOT_EXTENSIONS = ['basicConstraints = critical, CA:TRUE', 'keyUsage = critical, keyCertSign, cRLSign', 'subjectKeyIdentifier = hash'];
export const SIGNER_EXTENSIONS = [
  'basicConstraints = critical, CA:FALSE',
  'keyUsage = critical, digitalSignature',
  'extendedKeyUsage = critical, timeStamping',
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid:always',
];

/** The same without key ids, which openssl puts in unless it is told not to. */
export const withoutKeyIds = (extensions: readonly string[]): readonly string[] => [
  ...extensions.filter((line) => !line.includes('KeyIdentifier')),
  'subjectKeyIdentifier = none',
  'authorityKeyIdentifier = none',
];

/** Names of one test may repeat: each certificate has its own files. */
let made = 0;

/** A certificate that a parent signs, or that signs itself. */
export const makeCertificate = (folder: string, name: string, parent: TestCertificate | undefined, options: CertificateOptions = {}): TestCertificate => {
  const { key = 'p256', from = '20240101000000Z', until = '20440101000000Z', extensions = parent === undefined ? ROOT_EXTENSIONS : SIGNER_EXTENSIONS } = options;
  const place = join(folder, String((made += 1)));
  mkdirSync(place);
  const keyPath = options.keyPath ?? join(place, 'key.pem');
  if (options.keyPath === undefined) openssl(['genpkey', ...KEYS[key], '-out', keyPath]);
  const isEdwards = (parent?.keyPath ?? keyPath) === keyPath ? key === 'ed25519' : parent?.certificate.key.algorithm === 'ed25519';
  writeFileSync(join(place, 'index.txt'), '');
  const settings = [
    `[ca]\ndefault_ca = own\n[own]\nnew_certs_dir = ${place}\ndatabase = ${join(place, 'index.txt')}\nrand_serial = yes\nunique_subject = no`,
    `default_md = ${isEdwards ? 'default' : (options.digest ?? 'sha256')}\npolicy = any\n[any]\norganizationName = optional\ncommonName = supplied\n[extensions]`,
    ...extensions,
    '[req]\ndistinguished_name = dn\n[dn]',
  ];
  writeFileSync(join(place, 'ca.cnf'), settings.join('\n'));
  const config = join(place, 'ca.cnf');
  const pemPath = join(place, 'certificate.pem');
  openssl(['req', '-new', '-config', config, '-key', keyPath, '-subj', `/O=trainlock test/CN=${name}`, '-out', join(place, 'request.pem')]);
  const issuer = parent === undefined ? ['-selfsign', '-keyfile', keyPath] : ['-cert', parent.pemPath, '-keyfile', parent.keyPath];
  const dates = ['-startdate', from, '-enddate', until];
  openssl(['ca', '-batch', '-notext', '-config', config, ...issuer, ...dates, '-extensions', 'extensions', '-in', join(place, 'request.pem'), '-out', pemPath]);
  const read = readCertificatePem(readFileSync(pemPath, 'utf8'));
  if (read.kind === 'rejected') throw new Error(read.problems[0]?.message);
  return { name, folder: place, pemPath, keyPath, certificate: read.value };
};

export type SignerOptions = {
  /** Put into the answer behind the signer's certificate. */
  readonly chain?: readonly TestCertificate[];
  readonly bindingDigest?: string;
  readonly digest?: string;
  /** Digests that may be dated. */
  readonly accepted?: string;
};

/** Configuration of `openssl ts` for a signer. */
const timeConfig = (signer: TestCertificate, { chain = [], bindingDigest = 'sha256', digest = 'sha256', accepted = 'sha256, sha384, sha512' }: SignerOptions): string => {
  const folder = mkdtempSync(join(signer.folder, 'config-'));
  const path = join(folder, 'ts.cnf');
  const chainPath = join(folder, 'chain.pem');
  writeFileSync(chainPath, chain.map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
  const settings = [
    `[tsa]\ndefault_tsa = own\n[own]\nserial = ${join(signer.folder, 'serial')}\nsigner_cert = ${signer.pemPath}\nsigner_key = ${signer.keyPath}`,
    chain.length === 0 ? '' : `certs = ${chainPath}`,
    `signer_digest = ${digest}\ndefault_policy = 1.2.3.4.1\ndigests = ${accepted}\naccuracy = secs:1, millisecs:500, microsecs:100`,
    `clock_precision_digits = 3\nordering = yes\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = ${bindingDigest}`,
  ];
  writeFileSync(path, settings.join('\n'));
  return path;
};

/** The answer of `openssl ts` to a request. */
export const answerRequest = async (signer: TestCertificate, request: Uint8Array, options: SignerOptions = {}): Promise<Buffer> => {
  const folder = mkdtempSync(join(signer.folder, 'request-'));
  writeFileSync(join(folder, 'request.tsq'), request);
  const answer = join(folder, 'answer.tsr');
  await new Promise<void>((resolve, reject) =>
    execFile('openssl', ['ts', '-reply', '-config', timeConfig(signer, options), '-queryfile', join(folder, 'request.tsq'), '-out', answer], (error) =>
      error === null ? resolve() : reject(error),
    ),
  );
  return readFileSync(answer);
};

/** What `openssl ts -verify` says of an answer over data: "Verification: OK", or its error. */
export const opensslVerifies = (data: Uint8Array, answer: Uint8Array, root: TestCertificate, untrusted: readonly TestCertificate[] = []): string => {
  const folder = mkdtempSync(join(root.folder, 'verify-'));
  writeFileSync(join(folder, 'data'), data);
  writeFileSync(join(folder, 'answer.tsr'), answer);
  writeFileSync(join(folder, 'untrusted.pem'), untrusted.map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
  const more = untrusted.length === 0 ? [] : ['-untrusted', join(folder, 'untrusted.pem')];
  try {
    return execFileSync('openssl', ['ts', '-verify', '-data', join(folder, 'data'), '-in', join(folder, 'answer.tsr'), '-CAfile', root.pemPath, ...more], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
};

export type Forgery = {
  readonly signature: Uint8Array;
  /** As 20260101000000Z. */
  readonly time?: string;
  /** Elements of DER behind the time. */
  readonly more?: Uint8Array;
  /** Certificates put into the token; without them the signer's. */
  readonly certificates?: readonly TestCertificate[];
  /** Replaces the TSTInfo altogether. */
  readonly content?: Uint8Array;
  readonly contentType?: string;
  readonly flags?: readonly string[];
};

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(content.length < 0x80 ? [tag, content.length] : [tag, 0x82, content.length >> 8, content.length & 0xff]), content]);
};

/** DER of a TSTInfo over a signature. */
export const timeInfo = ({ signature, time = '20260101000000Z', more }: Forgery): Buffer => {
  const sha256 = Buffer.from('300d06096086480165030402010500', 'hex');
  return der(
    0x30,
    Buffer.from('02010106042a030401', 'hex'),
    der(0x30, sha256, der(0x04, createHash('sha256').update(signature).digest())),
    Buffer.from('020107', 'hex'),
    der(0x18, Buffer.from(time)),
    more ?? Buffer.alloc(0),
  );
};

/**
 * A token that no honest authority makes, signed by `openssl cms`: any time, any certificate, any content. openssl itself refuses to
 * date things with a certificate that is not for it.
 */
export const forgedToken = (signer: TestCertificate, forgery: Forgery): Buffer => {
  const content = join(mkdtempSync(join(signer.folder, 'forged-')), 'content');
  writeFileSync(content, forgery.content ?? timeInfo(forgery));
  const { contentType = '1.2.840.113549.1.9.16.1.4', flags = ['-cades'], certificates } = forgery;
  const chain = `${content}.pem`;
  writeFileSync(chain, (certificates ?? []).map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
  const added = certificates === undefined ? [] : ['-nocerts', ...(certificates.length === 0 ? [] : ['-certfile', chain])];
  const what = ['cms', '-sign', '-binary', '-nodetach', '-nosmimecap', '-md', 'sha256', '-econtent_type', contentType, ...flags];
  return openssl([...what, '-signer', signer.pemPath, '-inkey', signer.keyPath, ...added, '-in', content, '-outform', 'DER']);
};

export type TimeServer = { readonly url: string; readonly stop: () => Promise<void> };

/** What a server answers to a request; undefined is no answer at all. */
export type TimeAnswer = { readonly status?: number; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>>; readonly body: Uint8Array } | undefined;

/** A server on this machine that answers requests for a time. */
export const startTimeServer = async (answer: (request: Buffer) => Promise<TimeAnswer>): Promise<TimeServer> => {
  const server = createServer((message, response) => {
    void (async () => {
      const said = await answer(await bodyOf(message)).catch(() => ({ status: 500, body: Buffer.alloc(0) }) as NonNullable<TimeAnswer>);
      if (said === undefined) return;
      response.writeHead(said.status ?? 200, { 'content-type': said.contentType ?? 'application/timestamp-reply', ...said.headers });
      response.end(said.body);
    })();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};
