import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { canonicalJson, type JsonValue } from '#base';
import type { TestCertificate } from './time-authority.ts';

/** A service that answers JSON with JSON; what a real one never says is up to the test. */
export type JsonService = { readonly url: string; readonly stop: () => Promise<void> };

export type JsonAnswer = { readonly status?: number; readonly body: string };

export const startJsonService = async (answer: (route: string, request: JsonValue) => JsonAnswer): Promise<JsonService> => {
  const server = createServer((message, response) => {
    void (async () => {
      const said = answer(message.url ?? '', JSON.parse(await textOf(message)) as JsonValue);
      response.writeHead(said.status ?? 200, { 'content-type': 'application/json' }).end(said.body);
    })();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};

const textOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

export const IDENTITY = { issuer: 'https://issuer.example', subject: 'https://github.com/lab/model/.github/workflows/train.yml@refs/heads/main' } as const;

/** Lines of openssl's configuration for a certificate of a signer, as Fulcio issues them. */
export const SIGNER_LINES: readonly string[] = [
  'keyUsage = critical, digitalSignature',
  'extendedKeyUsage = codeSigning',
  `subjectAltName = critical, URI:${IDENTITY.subject}`,
  `1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:${IDENTITY.issuer}`,
];

/** PEM of a certificate that an authority issues for a public key, with an empty subject and valid from now on for a day. */
export const certify = (authority: TestCertificate, publicKeyPem: string, lines: readonly string[] = SIGNER_LINES): string => {
  const folder = mkdtempSync(join(authority.folder, 'signer-'));
  const [key, extensions] = [join(folder, 'key.pem'), join(folder, 'extensions.cnf')];
  writeFileSync(key, publicKeyPem);
  writeFileSync(extensions, lines.join('\n'));
  const issuer = ['-CA', authority.pemPath, '-CAkey', authority.keyPath, '-CAserial', join(folder, 'serial'), '-CAcreateserial'];
  return execFileSync('openssl', ['x509', '-new', '-subj', '/', '-force_pubkey', key, ...issuer, '-days', '1', '-extfile', extensions], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

/** A log with one entry: the keys of it, and what it answers. */
export type OneEntryLog = {
  readonly spki: Buffer;
  readonly keyId: Buffer;
  readonly entry: (request: JsonValue, change?: (body: Record<string, JsonValue>) => void) => Record<string, JsonValue>;
};

const ORIGIN = 'log.example';

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Answers of Rekor v2 for a log that holds nothing but the entry that it was just given. */
export const oneEntryLog = (): OneEntryLog => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = sha256(Buffer.from(`${ORIGIN}\n\u0001`), spki.subarray(-32));
  return {
    spki,
    keyId,
    entry: (request, change = () => undefined) => {
      const { digest, signature } = (request as { hashedRekordRequestV002: { digest: string; signature: JsonValue } }).hashedRekordRequestV002;
      const body = { apiVersion: '0.0.2', kind: 'hashedrekord', spec: { hashedRekordV002: { data: { algorithm: 'SHA2_256', digest }, signature } } };
      change(body.spec.hashedRekordV002);
      return entryOf(Buffer.from(canonicalJson(body)), { keyId, privateKey });
    },
  };
};

const entryOf = (bytes: Buffer, { keyId, privateKey }: { readonly keyId: Buffer; readonly privateKey: KeyObject }): Record<string, JsonValue> => {
  const root = sha256(Buffer.of(0), bytes).toString('base64');
  const note = `${ORIGIN}\n1\n${root}\n`;
  const line = Buffer.concat([keyId.subarray(0, 4), sign(null, Buffer.from(note), privateKey)]).toString('base64');
  return {
    logIndex: '0',
    logId: { keyId: keyId.toString('base64') },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    integratedTime: '0',
    inclusionPromise: null,
    inclusionProof: { logIndex: '0', rootHash: root, treeSize: '1', hashes: [], checkpoint: { envelope: `${note}\n\u2014 ${ORIGIN} ${line}\n` } },
    canonicalizedBody: bytes.toString('base64'),
  };
};

/** JSON of a trusted root with one authority, one log and one time authority. */
export const trustedRootJson = (parts: { readonly authority: readonly TestCertificate[]; readonly time: readonly TestCertificate[]; readonly log?: OneEntryLog }): string => {
  const validFor = { start: '2024-01-01T00:00:00Z' };
  const chain = (certificates: readonly TestCertificate[]): JsonValue => ({
    certificates: certificates.map(({ certificate }) => ({ rawBytes: Buffer.from(certificate.der).toString('base64') })),
  });
  const { log } = parts;
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs:
      log === undefined
        ? []
        : [
            {
              baseUrl: `https://${ORIGIN}`,
              hashAlgorithm: 'SHA2_256',
              publicKey: { rawBytes: log.spki.toString('base64'), keyDetails: 'PKIX_ED25519', validFor },
              logId: { keyId: log.keyId.toString('base64') },
            },
          ],
    certificateAuthorities: [{ uri: 'https://authority.example', certChain: chain(parts.authority), validFor }],
    timestampAuthorities: [{ uri: 'https://time.example', certChain: chain(parts.time), validFor }],
  });
};

/** A public key of nobody, in PEM. */
export const strangeKeyPem = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** PEM of a certificate in a file. */
export const pemIn = ({ pemPath }: TestCertificate): string => readFileSync(pemPath, 'utf8');
