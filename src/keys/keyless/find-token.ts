import { fromUtf8, readJson, TrainlockError, valueAt } from '#base';
import { askBytes } from '#remote';
import { type IdentityToken, readIdentityToken } from './identity-token.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who certifies identities for Sigstore is the audience of every token for it. Source: sigstore/fulcio docs/oidc.md. */
export const SIGSTORE_AUDIENCE = 'sigstore';

const TIMEOUT_MS = 10_000;

/**
 * The OIDC token of this job: SIGSTORE_ID_TOKEN, or asked from the runner of GitHub Actions, which offers that to a workflow with the
 * permission id-token. Nothing is asked of a person, and no browser is opened. Throws TL1104 where there is none, or none that can be read.
 */
export const findToken = async (env: Environment): Promise<IdentityToken> => {
  const given = env['SIGSTORE_ID_TOKEN']?.trim();
  const text = given === undefined || given === '' ? await tokenOfRunner(env) : given;
  const reading = readIdentityToken(text);
  if (reading.kind === 'accepted') return reading.value;
  throw new TrainlockError('TL1104', reading.problems[0]!.message, { fix: 'give a token in SIGSTORE_ID_TOKEN' });
};

/** Source: GitHub Actions, "OpenID Connect reference": the two variables, and the parameter audience. */
const tokenOfRunner = async (env: Environment): Promise<string> => {
  const [address, secret] = [env['ACTIONS_ID_TOKEN_REQUEST_URL'], env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']];
  if (address === undefined || address === '' || secret === undefined || secret === '' || !URL.canParse(address)) {
    throw new TrainlockError('TL1104', 'there is no identity to sign with: no token is given, and this is no job that can ask for one', {
      fix: 'set SIGSTORE_ID_TOKEN, or give the workflow of GitHub Actions the permission id-token: write',
    });
  }
  const url = new URL(address);
  url.searchParams.set('audience', SIGSTORE_AUDIENCE);
  const { status, bytes } = await askBytes(url.href, {
    credentials: { authorization: `Bearer ${secret}` },
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    idleTimeoutMs: TIMEOUT_MS,
    maxBytes: 64 * 1024,
  });
  const json = status === 200 && fromUtf8(bytes) !== undefined ? readJson(bytes) : undefined;
  const value = json?.kind === 'accepted' ? valueAt(json.value, '/value') : undefined;
  if (typeof value === 'string') return value;
  throw new TrainlockError('TL1104', `the runner gives no identity token: it answers with HTTP status ${status}`, { fix: 'give the workflow the permission id-token: write' });
};
