import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { askAuthority, nodeVerifyWith } from '#keys';
import { type Certificate, checkTimestamp, readCertificatePem } from '#seal';
import { freePort, listening } from '../harness/s3-server.ts';
import { certificateFolder, makeCertificate, opensslVerifies, type TestCertificate } from '../harness/time-authority.ts';
import { timestampServerTurn } from '../harness/turn.ts';
import { goTool } from './go-tool.ts';

const program = goTool('timestamp-server');

const ports = { crypto: nodeCrypto, verifyWith: nodeVerifyWith };
const SIGNATURE = randomBytes(71);

/** Runs the server for as long as something uses it. One at a time: its metrics always have the same port. */
const withServer = async (args: readonly string[], use: (url: string) => Promise<void>): Promise<void> => {
  const endTurn = await timestampServerTurn();
  const port = await freePort();
  const child = spawn(program!, ['serve', '--host', '127.0.0.1', '--port', String(port), '--disable-ntp-monitoring', ...args], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.on('exit', () => done()));
  try {
    await listening(port, child);
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGKILL');
    await ended;
    await endTurn();
  }
};

const IN_MEMORY = ['--timestamp-signer', 'memory'];

const MIDDLE_EXTENSIONS = [
  'basicConstraints = critical, CA:TRUE, pathlen:0',
  'keyUsage = critical, keyCertSign',
  'extendedKeyUsage = timeStamping',
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid:always',
];

/** The certificates of the authority, as it publishes them: the signer's first. */
const publishedChain = async (url: string): Promise<readonly Certificate[]> => {
  const text = await (await fetch(`${url}/api/v1/timestamp/certchain`)).text();
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((pem) => {
    const read = readCertificatePem(pem);
    if (read.kind === 'rejected') throw new Error(read.problems[0]?.message);
    return read.value;
  });
};

describe.skipIf(program === undefined)('the time authority of Sigstore', () => {
  const { folder, remove } = certificateFolder();
  afterAll(remove);

  it('dates a signature, and its published chain is enough to check that', () =>
    withServer(IN_MEMORY, async (url) => {
      const dating = await askAuthority(SIGNATURE, { url: `${url}/api/v1/timestamp` });
      if (dating.kind !== 'dated') throw new Error(dating.because);
      const certificates = await publishedChain(url);
      expect(certificates.length).toBeGreaterThan(1);
      expect(checkTimestamp(dating.response, { signature: SIGNATURE }, [{ name: 'sigstore', certificates }], ports)).toMatchObject({ kind: 'held', time: dating.time });
      expect(checkTimestamp(dating.response, { signature: SIGNATURE.subarray(1) }, [{ name: 'sigstore', certificates }], ports)).toMatchObject({ refusal: 'other-imprint' });
      expect(await askAuthority(SIGNATURE, { url: `${url}/api/v1/nothing` })).toMatchObject({ kind: 'not-dated', because: expect.stringContaining('404') });
    }));

  it.each([
    ['p256', 'sha256', false],
    ['p384', 'sha384', true],
    ['rsa', 'sha256', false],
  ] as const)('with a key of %s and %s does so too, and openssl agrees (its answer holds the chain: %s)', async (key, digest, withChain) => {
    const root = makeCertificate(folder, 'root', undefined, { key: 'p384' });
    const middle = makeCertificate(folder, 'middle', root, { extensions: MIDDLE_EXTENSIONS });
    const signer = makeCertificate(folder, `signer with ${key}`, middle, { key });
    const signing = ['--timestamp-signer', 'file', '--file-signer-key-path', signer.keyPath, '--timestamp-signer-hash', digest];
    const chain = ['--certificate-chain-path', chainFile(folder, [signer, middle, root]), ...(withChain ? ['--include-chain-in-response'] : [])];
    await withServer([...signing, ...chain], async (url) => {
      const dating = await askAuthority(SIGNATURE, { url: `${url}/api/v1/timestamp` });
      if (dating.kind !== 'dated') throw new Error(dating.because);
      expect(opensslVerifies(SIGNATURE, dating.response, root, [middle])).toContain('Verification: OK');
      const certificates = [signer, middle, root].map(({ certificate }) => certificate);
      expect(checkTimestamp(dating.response, { signature: SIGNATURE }, [{ name: 'own', certificates }], ports)).toMatchObject({ kind: 'held', authority: 'own' });
      const rootOnly = checkTimestamp(dating.response, { signature: SIGNATURE }, [{ name: 'own', certificates: [root.certificate] }], ports);
      expect(rootOnly.kind === 'refused' ? rootOnly.refusal : rootOnly.kind).toBe(withChain ? 'held' : 'unknown-authority');
    });
  });

  it('that answers with 201 instead of 200 is understood', () =>
    withServer([...IN_MEMORY, '--use-http-201'], async (url) => {
      expect(await askAuthority(SIGNATURE, { url: `${url}/api/v1/timestamp` })).toMatchObject({ kind: 'dated' });
    }));
});

const chainFile = (folder: string, chain: readonly TestCertificate[]): string => {
  mkdirSync(join(folder, 'chains'), { recursive: true });
  const path = join(folder, 'chains', `${chain[0]!.name}.pem`);
  writeFileSync(path, chain.map(({ pemPath }) => readFileSync(pemPath, 'utf8')).join(''));
  return path;
};
