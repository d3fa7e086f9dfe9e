import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type OidcIssuer = {
  readonly url: string;
  /** A token with these claims, signed by the issuer unless another key is wanted. */
  readonly token: (claims: Readonly<Record<string, unknown>>, options?: { readonly forged?: boolean }) => string;
  /** Address and secret at which a runner of GitHub Actions gives tokens for an audience. */
  readonly runner: { readonly url: string; readonly secret: string; readonly asked: readonly string[] };
  readonly stop: () => Promise<void>;
};

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims of a job of GitHub Actions. Source: GitHub Actions, "OpenID Connect reference". */
export const workflowClaims = (repository: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => {
  const [owner] = repository.split('/');
  const workflow = `${repository}/.github/workflows/train.yml@refs/heads/main`;
  return {
    sub: `repo:${repository}:ref:refs/heads/main`,
    aud: 'sigstore',
    event_name: 'push',
    sha: 'a'.repeat(40),
    ref: 'refs/heads/main',
    repository,
    repository_id: '1',
    repository_owner: owner,
    repository_owner_id: '2',
    repository_visibility: 'private',
    workflow: 'train',
    workflow_ref: workflow,
    workflow_sha: 'a'.repeat(40),
    job_workflow_ref: workflow,
    job_workflow_sha: 'a'.repeat(40),
    runner_environment: 'self-hosted',
    run_id: '7',
    run_attempt: '1',
    ...more,
  };
};

/** The name that a certificate has for a job of this repository. */
export const workflowIdentity = (repository: string): string => `https://github.com/${repository}/.github/workflows/train.yml@refs/heads/main`;

/** An issuer of OIDC tokens on this machine: discovery, keys, and tokens of the test's choice. */
export const startOidcIssuer = async (): Promise<OidcIssuer> => {
  const [own, other] = [generateKeyPairSync('rsa', { modulusLength: 2048 }), generateKeyPairSync('rsa', { modulusLength: 2048 })];
  const asked: string[] = [];
  let url = '';
  const token: OidcIssuer['token'] = (claims, { forged = false } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const signed = `${base64url({ alg: 'RS256', kid: 'test', typ: 'JWT' })}.${base64url({ iss: url, iat: now, nbf: now - 5, exp: now + 300, ...claims })}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), (forged ? other : own).privateKey).toString('base64url')}`;
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://issuer');
    const answer = (status: number, value: object): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (pathname === '/.well-known/openid-configuration') {
      return answer(200, {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/none`,
        token_endpoint: `${url}/none`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    if (pathname === '/keys') return answer(200, { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] });
    if (pathname !== '/runner' || request.headers.authorization !== 'Bearer runner-secret') return answer(401, {});
    asked.push(searchParams.get('audience') ?? '');
    answer(200, { value: token(workflowClaims('lab/model', { aud: searchParams.get('audience') })) });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token,
    runner: { url: `${url}/runner?api-version=2.0`, secret: 'runner-secret', asked },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
